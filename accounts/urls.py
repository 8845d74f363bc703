from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views
from accounts.kinds import OFFICE
from accounts.reference_pages import paths_of

app_name = "accounts"

urlpatterns = [
    path("dang-nhap/", views.LoginView.as_view(), name="login"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
    path("doi-mat-khau/", views.PasswordChangeView.as_view(), name="password_change"),
    path("nguoi-dung/", views.UserList.as_view(), name="user_list"),
    path("nguoi-dung/moi/", views.UserNew.as_view(), name="user_new"),
    path("nguoi-dung/<int:pk>/", views.UserEdit.as_view(), name="user_edit"),
    path("nguoi-dung/<int:pk>/mat-khau/", views.UserPassword.as_view(), name="user_password"),
    path("nguoi-dung/<int:pk>/mo-khoa/", views.user_unlock, name="user_unlock"),
    *paths_of(OFFICE, "co-quan-lap-bao-cao/"),
]
