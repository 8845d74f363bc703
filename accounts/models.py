"""Who works here and how the office signs."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q

from khuyencong.text import nfc
from places.models import Locality


class Role(models.TextChoices):
    STAFF = "STAFF", "Chuyên viên"
    MANAGER = "MANAGER", "Lãnh đạo"
    ACCOUNTANT = "ACCOUNTANT", "Kế toán"
    LOCAL = "LOCAL", "Cán bộ địa phương"
    VIEWER = "VIEWER", "Chỉ xem"
    ADMIN = "ADMIN", "Quản trị"


class PersonQuerySet(models.QuerySet):
    def active(self):
        """People who may log in."""
        return self.filter(is_active=True)

    def administrators(self):
        return self.active().filter(role=Role.ADMIN)


class PersonManager(UserManager.from_queryset(PersonQuerySet)):
    # Migrations write no people, and so need not know this class.
    use_in_migrations = False

    def create_superuser(self, username, email=None, password=None, **extra_fields):
        """What ``createsuperuser`` makes is an administrator."""
        extra_fields["role"] = Role.ADMIN
        return self.create_user(username, email, password, **extra_fields)

    def create_user(self, username, email=None, password=None, **extra_fields):
        # Both follow from the role and are no columns here.
        extra_fields.pop("is_staff", None)
        extra_fields.pop("is_superuser", None)
        user = self.model(username=username, email=self.normalize_email(email), **extra_fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person with one role. People are deactivated, not deleted: facts name them."""

    # One name, as Vietnamese names are written; the role takes the place of groups and single permissions.
    first_name = None
    last_name = None
    groups = None
    user_permissions = None
    full_name = models.CharField("họ và tên", max_length=200, blank=True)
    role = models.CharField("vai trò", max_length=10, choices=Role, default=Role.VIEWER)
    localities = models.ManyToManyField(
        Locality,
        verbose_name="địa bàn phụ trách",
        blank=True,
        related_name="officers",
        help_text="Cán bộ địa phương chỉ thấy các địa bàn này và những đơn vị kế tiếp của chúng.",
    )
    must_change_password = models.BooleanField("phải đổi mật khẩu khi đăng nhập", default=False)

    objects = PersonManager()

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="user_role_known",
                violation_error_message="Vai trò không có trong danh sách.",
            )
        ]

    def __str__(self):
        return self.get_full_name()

    def clean(self):
        super().clean()
        self.full_name = nfc(self.full_name)

    def get_full_name(self):
        return self.full_name or self.username

    def get_short_name(self):
        return self.get_full_name()

    @property
    def is_superuser(self):
        """Administrators may do in the admin whatever its pages offer; those of facts offer reading alone."""
        return self.role == Role.ADMIN

    @property
    def is_staff(self):
        """Whether the admin lets this person in."""
        return self.role == Role.ADMIN

    def has_perm(self, perm, obj=None):
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list, obj=None):
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label):
        return self.is_active and self.is_superuser

    def get_user_permissions(self, obj=None):
        return set()

    get_group_permissions = get_all_permissions = get_user_permissions

    def own_localities(self):
        """The places of a local officer: those given, all under them, and whatever became of them."""
        return self.localities.all().reach()


class OfficeSettingsQuerySet(models.QuerySet):
    def in_force(self, day):
        """The settings of ``day``; unsaved defaults, naming no person, where none reach back so far."""
        return self.filter(valid_from__lte=day).order_by("-valid_from").first() or self.model()


class OfficeSettings(models.Model):
    """What stands at the head and the foot of a report from a day on, until the next row."""

    valid_from = models.DateField("áp dụng từ ngày", unique=True)
    parent_agency = models.CharField(
        "cơ quan chủ quản", max_length=500, default="SỞ CÔNG THƯƠNG TỈNH YÊN BÁI", blank=True
    )
    agency = models.CharField("tên cơ quan", max_length=500, default="TRUNG TÂM KHUYẾN CÔNG VÀ XÚC TIẾN THƯƠNG MẠI")
    short_code = models.CharField(
        "viết tắt", max_length=50, default="TTKC", help_text="Trong số văn bản, ví dụ 05/BC-TTKC."
    )
    place_name = models.CharField("địa danh", max_length=200, default="Yên Bái")
    director_title = models.CharField("chức vụ người ký", max_length=200, default="GIÁM ĐỐC")
    director_name = models.CharField("người ký", max_length=200, blank=True)
    accountant_title = models.CharField("chức vụ phụ trách kế toán", max_length=200, default="PHỤ TRÁCH KẾ TOÁN")
    accountant_name = models.CharField("phụ trách kế toán", max_length=200, blank=True)
    department_head_title = models.CharField("chức vụ trưởng phòng", max_length=200, default="TRƯỞNG PHÒNG")
    department_head_name = models.CharField("trưởng phòng", max_length=200, blank=True)
    preparer_title = models.CharField("chức danh người lập", max_length=200, default="NGƯỜI LẬP BIỂU")
    preparer_name = models.CharField("người lập biểu", max_length=200, blank=True)

    objects = OfficeSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = "thông tin cơ quan"
        verbose_name_plural = "thông tin cơ quan"
        ordering = ["-valid_from"]

    def __str__(self):
        return f"{self.agency} (từ {self.valid_from:%d/%m/%Y})" if self.valid_from else self.agency


class Submission(models.Model):
    """A form that was saved: sent a second time, it makes nothing and leads to the same page."""

    token = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="submissions")
    answer = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "lượt gửi biểu mẫu"
        verbose_name_plural = "lượt gửi biểu mẫu"

    def __str__(self):
        return self.token
