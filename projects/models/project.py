"""The đề án and its lines: what is to be done, for whom, where, in which plan year."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.permissions import places_of
from funding.models import Activity, Agency
from khuyencong.text import fold, sort_key
from places.models import Locality
from projects.models.party import Beneficiary


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every đề án, or for a local officer those with a line in his own places and their successors."""
        places = places_of(user)
        if places is None:
            return self
        return self.filter(Exists(ProjectLine.objects.filter(project=OuterRef("pk"), locality__in=places)))

    def tasks(self):
        return self.filter(kind=Project.Kind.TASK)

    def search(self, text, *, day, user):
        """Code, name, beneficiaries, their former names, contract numbers, holding every word, without diacritics.

        Beneficiaries and contracts are those of lines that ``user`` may see and that were known by ``day``.
        """
        found = self
        lines = ProjectLine.objects.visible_to(user).known(day).filter(project=OuterRef("pk"))
        for word in fold(text).split():
            signed = lines.filter(
                contract_lines__on__lte=day,
                contract_lines__contract__signed_on__lte=day,
                contract_lines__contract__number_key__contains=word,
            )
            found = found.filter(
                Q(search_key__contains=word)
                | Exists(lines.filter(beneficiary__search_key__contains=word))
                | Exists(lines.filter(beneficiary__former_names__name_key__contains=word))
                | Exists(signed)
            )
        return found


class Project(models.Model):
    """A managed unit of work (đề án). Its stage, totals and lateness are asked as of a day, never stored."""

    class Kind(models.TextChoices):
        SINGLE = "single", "Riêng lẻ"
        GROUP = "group", "Nhóm"
        FLAGSHIP = "flagship", "Điểm"
        TASK = "task", "Hoạt động"

    class NormBy(models.TextChoices):
        """Which day selects the norms (mức hỗ trợ) that the support is held against."""

        APPROVAL = "approval", "Quyết định phê duyệt"
        CONTRACT = "contract", "Ký hợp đồng"
        REGISTRATION = "registration", "Đăng ký"

    code = models.CharField("mã đề án", max_length=100, unique=True)
    name = models.CharField("tên đề án", max_length=1000)
    kind = models.CharField("loại đề án", max_length=10, choices=Kind)
    executing_agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="đơn vị thực hiện",
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="người phụ trách",
    )
    beneficiaries_expected = models.PositiveSmallIntegerField(
        "số cơ sở dự kiến",
        null=True,
        blank=True,
        help_text="Lúc phê duyệt lần đầu; thay đổi về sau ghi ở quyết định điều chỉnh.",
    )
    norm_by = models.CharField(
        "mức hỗ trợ chọn theo ngày",
        max_length=12,
        choices=NormBy,
        default=NormBy.APPROVAL,
        help_text="Chưa văn bản nào nói rõ ngày nào chọn mức áp dụng nên ghi ở từng đề án.",
    )
    norm_by_reason = models.CharField("lý do chọn ngày", max_length=300, blank=True)
    planned_start_on = models.DateField("dự kiến bắt đầu", null=True, blank=True)
    planned_end_on = models.DateField("dự kiến kết thúc", null=True, blank=True)
    note = models.TextField("ghi chú", blank=True)
    search_key = models.TextField(editable=False)
    sort_key = models.CharField(max_length=2000, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["search_key", "sort_key"])

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "đề án"
        verbose_name_plural = "đề án"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_start_on=None)
                | Q(planned_end_on=None)
                | Q(planned_end_on__gte=F("planned_start_on")),
                name="project_dates_in_order",
                violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="project_has_code_and_name",
                violation_error_message="Đề án phải có mã và tên.",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def save(self, *args, **kwargs):
        self.set_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("projects:project_detail", args=[self.pk])

    @property
    def is_task(self):
        return self.kind == self.Kind.TASK

    def set_keys(self):
        self.search_key = fold(f"{self.code} {self.name}")
        self.sort_key = sort_key(self.name)[:2000]


class ProjectLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        places = places_of(user)
        return self if places is None else self.filter(locality__in=places)

    def known(self, day):
        """Lines that had joined by the day, and the first ones of a đề án, known since its registration."""
        return self.filter(Q(joined_on__lte=day) | Q(replaces=None))

    def joined(self, day):
        """Lines that had joined by the day and had not left."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)


class ProjectLine(models.Model):
    """The unit on which money, contract, acceptance and settlement hang.

    One beneficiary, or none (a broadcast, a fair, a group not named yet). ``left_on`` is the first day it is gone.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lines", verbose_name="đề án")
    plan_year = models.PositiveSmallIntegerField("năm kế hoạch")
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name="nội dung hoạt động",
    )
    locality = models.ForeignKey(
        Locality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name="địa bàn",
    )
    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name="cơ sở thụ hưởng",
    )
    has_contract = models.BooleanField(
        "có hợp đồng",
        default=True,
        help_text="Bỏ chọn khi chi theo danh sách, không ký hợp đồng.",
    )
    stated_total_vnd = models.BigIntegerField(
        "tổng kinh phí ghi trong giấy tờ (đồng)",
        null=True,
        blank=True,
        help_text="Chỉ dùng khi chưa biết phần hỗ trợ nên chưa tách được vốn đối ứng.",
    )
    is_priority = models.BooleanField("địa bàn, ngành nghề ưu tiên", default=False)
    is_technology_line = models.BooleanField("hỗ trợ cả dây chuyền công nghệ", default=False)
    base_cost_vnd = models.BigIntegerField(
        "chi phí làm căn cứ tính hỗ trợ (đồng)",
        null=True,
        blank=True,
        help_text="Khi mức hỗ trợ tính trên một phần chi phí: tiền thuê gian hàng, vé máy bay, lãi vay.",
    )
    other_support = models.CharField(
        "nguồn ngân sách khác cho cùng hạng mục",
        max_length=500,
        blank=True,
        help_text="Để trống khi cơ sở cam kết không nguồn nào khác hỗ trợ cùng hạng mục.",
    )
    joined_on = models.DateField("tham gia từ ngày")
    left_on = models.DateField("rời đề án từ ngày", null=True, blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="thay cho dòng",
    )
    note = models.TextField("ghi chú", blank=True)
    history = HistoricalRecords()

    objects = ProjectLineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng đề án"
        verbose_name_plural = "dòng đề án"
        ordering = ["project", "plan_year", "id"]
        indexes = [models.Index(fields=["plan_year", "project"], name="line_year_project")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="line_leaves_after_joining",
                violation_error_message="Ngày rời đề án không được trước ngày tham gia.",
            ),
            models.CheckConstraint(
                condition=Q(stated_total_vnd=None) | Q(stated_total_vnd__gte=0),
                name="line_stated_total_not_negative",
                violation_error_message="Tổng kinh phí không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(base_cost_vnd=None) | Q(base_cost_vnd__gt=0),
                name="line_base_cost_positive",
                violation_error_message="Chi phí làm căn cứ phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(plan_year__gte=2000, plan_year__lte=2100),
                name="line_plan_year_in_range",
                violation_error_message="Năm kế hoạch phải từ 2000 đến 2100.",
            ),
        ]

    def __str__(self):
        return str(self.beneficiary or self.project)

    def get_absolute_url(self):
        return f"{self.project.get_absolute_url()}#dong-{self.pk}"

    def name_on(self, day):
        """The beneficiary by its name of the day; "" for a line without one."""
        return self.beneficiary.name_on(day) if self.beneficiary else ""


class Equipment(models.Model):
    """A machine or item that a line promises. ``value_vnd`` in đồng, None while unknown."""

    line = models.ForeignKey(ProjectLine, on_delete=models.CASCADE, related_name="equipment", verbose_name="dòng đề án")
    name = models.TextField("tên máy móc, thiết bị")
    quantity = models.PositiveIntegerField("số lượng", null=True, blank=True)
    capacity = models.CharField("công suất", max_length=200, blank=True)
    value_vnd = models.BigIntegerField("giá trị (đồng)", null=True, blank=True)
    is_new = models.BooleanField("máy mới", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "máy móc, thiết bị"
        verbose_name_plural = "máy móc, thiết bị"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value_vnd=None) | Q(value_vnd__gt=0),
                name="equipment_value_positive",
                violation_error_message="Giá trị máy phải lớn hơn 0.",
            ),
        ]

    def __str__(self):
        return self.name
