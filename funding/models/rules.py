"""Who may decide what kind of change, and how much may be advanced when: law as dated rows, never a constant."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from funding.models.activities import Activity, DatedQuerySet, refuse_overlap
from funding.models.sources import Level


class Authority(models.TextChoices):
    MINISTER = "minister", "Bộ trưởng"
    DEPARTMENT = "department", "Cục"
    PROVINCE = "province", "UBND tỉnh"
    SCT = "sct", "Sở Công Thương"
    CENTRE = "centre", "Trung tâm"
    OTHER = "other", "Khác"


class Change(models.TextChoices):
    """What a decision changes in a đề án once it is approved."""

    MORE_MONEY = "more_money", "Tăng kinh phí"
    LESS_MONEY = "less_money", "Giảm kinh phí"
    ACTIVITY = "activity", "Đổi nội dung hoạt động"
    PLACE = "place", "Đổi địa điểm"
    BENEFICIARY = "beneficiary", "Thay cơ sở thụ hưởng"
    RENAMED = "renamed", "Cơ sở thụ hưởng đổi tên"
    PARTNER = "partner", "Đổi đơn vị phối hợp"
    TIME = "time", "Đổi thời gian trong năm"
    NEXT_YEAR = "next_year", "Chuyển sang năm sau"
    SOURCE = "source", "Đổi nguồn kinh phí"
    ADDED = "added", "Bổ sung đề án"
    STOPPED = "stopped", "Ngừng triển khai"
    OTHER = "other", "Thay đổi khác"


class ChangeRule(models.Model):
    """Which authority may decide a change of a đề án paid by sources of ``level``.

    ``is_group`` True: of group đề án alone; None: whatever the kind, where no row of its own says otherwise.
    """

    change = models.CharField("thay đổi", max_length=20, choices=Change)
    level = models.CharField("áp dụng cho kinh phí", max_length=10, choices=Level, default=Level.NATIONAL)
    is_group = models.BooleanField("chỉ với đề án nhóm", null=True, blank=True)
    authority = models.CharField("cấp quyết định", max_length=12, choices=Authority)
    legal_basis = models.CharField("căn cứ", max_length=500)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    is_verified = models.BooleanField("đã xác minh", default=False)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "thẩm quyền điều chỉnh"
        verbose_name_plural = "thẩm quyền điều chỉnh"
        ordering = ["level", "change", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "level", "is_group", "valid_from"],
                condition=Q(is_group__isnull=False),
                name="change_rule_starts_once_a_day",
                violation_error_message="Thay đổi này đã có một dòng áp dụng từ ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["change", "level", "valid_from"],
                condition=Q(is_group__isnull=True),
                name="change_rule_of_any_kind_starts_once_a_day",
                violation_error_message="Thay đổi này đã có một dòng áp dụng từ ngày đó.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="change_rule_dates_in_order",
                violation_error_message="Ngày hết áp dụng không được trước ngày bắt đầu áp dụng.",
            ),
        ]

    def __str__(self):
        return f"{self.get_change_display()}: {self.get_authority_display()}"

    def clean(self):
        """Of one change, level and kind of đề án, one row at most says what holds on a day."""
        others = ChangeRule.objects.filter(change=self.change, level=self.level, is_group=self.is_group)
        refuse_overlap(f"{self.get_change_display()}, kinh phí {self.get_level_display().lower()},", self, others)


class AdvanceRule(models.Model):
    """How much of a line's support may be advanced before acceptance, and on what condition.

    ``percent`` of the support signed; 0: nothing before acceptance. ``work_percent``: the value of work done, in
    percent of total investment, that must be exceeded; None unless ``needs`` is WORK. ``activity`` None: every
    activity without a row of its own.
    """

    class Needs(models.TextChoices):
        CONTRACT = "contract", "Hợp đồng"
        PLAN = "plan", "Hợp đồng và kế hoạch tổ chức thực hiện"
        WORK = "work", "Hợp đồng và báo cáo khối lượng hoàn thành"
        ACCEPTED = "accepted", "Nghiệm thu đạt"

    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="advance_rules",
        verbose_name="nội dung hoạt động",
    )
    level = models.CharField("áp dụng cho kinh phí", max_length=10, choices=Level, default=Level.NATIONAL)
    percent = models.PositiveSmallIntegerField("tạm ứng lần đầu (%)")
    needs = models.CharField("điều kiện", max_length=10, choices=Needs)
    work_percent = models.PositiveSmallIntegerField("khối lượng phải vượt (%)", null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=500)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    is_verified = models.BooleanField("đã xác minh", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "điều kiện tạm ứng"
        verbose_name_plural = "điều kiện tạm ứng"
        ordering = ["level", "activity", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "level", "valid_from"],
                condition=Q(activity__isnull=False),
                name="advance_rule_starts_once_a_day",
                violation_error_message="Nội dung này đã có một dòng áp dụng từ ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["level", "valid_from"],
                condition=Q(activity__isnull=True),
                name="advance_rule_of_all_others_starts_once_a_day",
                violation_error_message="Đã có một dòng cho các nội dung còn lại, áp dụng từ ngày đó.",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="advance_rule_percent_in_range",
                violation_error_message="Tỷ lệ tạm ứng không quá 100 %%.",
            ),
            models.CheckConstraint(
                condition=Q(needs="work", work_percent__isnull=False, work_percent__gt=0, work_percent__lte=100)
                | (~Q(needs="work") & Q(work_percent=None)),
                name="advance_rule_work_told_where_needed",
                violation_error_message="Khối lượng phải vượt chỉ ghi khi điều kiện là báo cáo khối lượng.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="advance_rule_dates_in_order",
                violation_error_message="Ngày hết áp dụng không được trước ngày bắt đầu áp dụng.",
            ),
        ]

    def __str__(self):
        return f"{self.activity or 'Hoạt động khác'}: {self.percent} %"

    def clean(self):
        """Of one activity and level, one row at most says what holds on a day."""
        others = AdvanceRule.objects.filter(activity=self.activity_id, level=self.level)
        what = self.activity or "Các nội dung còn lại"
        refuse_overlap(f"{what}, kinh phí {self.get_level_display().lower()},", self, others)
