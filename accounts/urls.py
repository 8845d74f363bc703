from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import LoginView, PasswordChangeView

app_name = "accounts"

urlpatterns = [
    path("dang-nhap/", LoginView.as_view(), name="login"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
    path("doi-mat-khau/", PasswordChangeView.as_view(), name="password_change"),
]
