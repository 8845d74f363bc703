"""The tables of reference data, each as its list and its form show it."""

from django.db.models import Q
from django.utils.text import capfirst

from accounts.permissions import Action
from accounts.reference_pages import Column, Kind
from funding.forms import (
    ActivityForm,
    AdvanceRuleForm,
    AgencyReferenceForm,
    ChangeRuleForm,
    FormerNameForm,
    FundingSourceForm,
    LocalityForm,
    ProgrammeForm,
    ProgrammeTargetForm,
    SuccessionForm,
    SupportNormForm,
)
from funding.models import (
    Activity,
    AdvanceRule,
    Agency,
    AgencyFormerName,
    ChangeRule,
    FundingSource,
    Programme,
    ProgrammeTarget,
    SupportNorm,
)
from funding.reference import SOURCES
from khuyencong.dates import format_day
from khuyencong.money import format_million, format_vnd
from khuyencong.text import fold
from places.models import Locality, LocalitySuccession

BASIC = {code for code, *_ in SOURCES}


def span(row):
    """ "từ 01/01/2019", "01/01/2014 – 31/12/2018"; "" where nothing limits it."""
    first, last = format_day(row.valid_from), format_day(row.valid_to)
    if first and last:
        return f"{first} – {last}"
    return f"từ {first}" if first else (f"đến hết {last}" if last else "")


def search_in(key):
    """A search without diacritics for a table of some hundred rows; ``key(row)``: the text to look in."""

    def search(rows, text):
        words = fold(text).split()
        said = {row.pk: fold(key(row)) for row in rows}
        return rows.filter(
            pk__in=[pk for pk, text_of_row in said.items() if all(word in text_of_row for word in words)]
        )

    return search


def agency_names(row):
    return " ".join([row.name, *(former.name for former in row.former_names.all())])


def source_facts(row):
    return [("Mã nguồn", row.code), ("Tính vào tổng khuyến công", "có" if row.is_counted else "không")]


def source_stays(row):
    return f"{row} là nguồn có sẵn của phần mềm nên không xóa được." if row.code in BASIC else ""


def locality_stays(row):
    """The next migration would add a unit that comes with the software again."""
    name = capfirst(str(row))
    known = f"{name} là địa bàn có sẵn của phần mềm nên không xóa được. Đơn vị không còn thì ghi ngày hết."
    return known if row.reference else ""


def succession_stays(row):
    """A unit that comes with the software needs to lead on: without that, its next migration tells it again."""
    others = LocalitySuccession.objects.filter(old=row.old_id, on=row.on).exclude(pk=row.pk)
    is_last = row.old.reference and row.new.reference and not others.exists()
    name = capfirst(str(row.old))
    return f"{name} cần ít nhất một đơn vị kế tiếp. Hãy sửa dòng này cho đúng thay vì xóa." if is_last else ""


def search_successions(rows, text):
    found = Locality.objects.search(text).values("pk")
    return rows.filter(Q(old__in=found) | Q(new__in=found))


def percent_of(row):
    if row.percent_max is None:
        return ""
    return f"{row.percent_max.normalize():f}".replace(".", ",") + " %"


def advance_condition(row):
    words = row.get_needs_display()
    return f"{words} trên {row.work_percent} %" if row.work_percent else words


def target_amount(row):
    return f"{format_million(row.amount)} triệu đồng" if row.is_money else format_vnd(row.amount)


SOURCE = Kind(
    app="funding",
    name="source",
    model=FundingSource,
    form=FundingSourceForm,
    title="Nguồn kinh phí",
    about="Mã và việc tính vào tổng không đổi được sau khi thêm, vì số liệu đã có dựa vào đó.",
    columns=(
        Column("Tên nguồn", "name"),
        Column("Mã", "code"),
        Column("Cấp", "get_level_display"),
        Column("Tính vào tổng", lambda row: "có" if row.is_counted else "không"),
        Column("Thứ tự", "position", is_number=True),
    ),
    facts=source_facts,
    stays=source_stays,
)
AGENCY = Kind(
    app="funding",
    name="agency",
    model=Agency,
    form=AgencyReferenceForm,
    title="Cơ quan, đơn vị",
    about="Đổi tên thì ghi ngày: báo cáo của những ngày trước giữ tên cũ.",
    columns=(
        Column("Tên", "name"),
        Column("Cấp", "get_level_display"),
    ),
    search=search_in(agency_names),
    beside="funding/_agency_names.html",
    parts=("former_names",),
    # The other name is that of the form that opens above another.
    adds="add",
)
ACTIVITY = Kind(
    app="funding",
    name="activity",
    model=Activity,
    form=ActivityForm,
    title="Nội dung hoạt động",
    about="Nội dung theo Nghị định 45/2012/NĐ-CP và các hoạt động cụ thể bên dưới; đề án ghi theo hoạt động cụ thể.",
    columns=(
        Column("Tên", "name"),
        Column("Mã", "code"),
        Column("Thuộc nội dung", "parent"),
        Column("Áp dụng", span, is_short=True),
        Column("Chỉ tiêu đếm", "measures"),
    ),
    related=("parent",),
    search=search_in(lambda row: f"{row.code} {row.name}"),
)
NORM = Kind(
    app="funding",
    name="norm",
    model=SupportNorm,
    form=SupportNormForm,
    title="Mức hỗ trợ",
    about="Đơn vị: triệu đồng. Mức chưa xác minh chỉ để tham khảo. Mức mới là dòng mới; dòng cũ ghi ngày hết áp dụng.",
    columns=(
        Column("Nội dung hỗ trợ", "name"),
        Column("Mã", "code"),
        Column("Cấp", "get_level_display", is_short=True),
        Column("Tỷ lệ tối đa", percent_of, is_number=True),
        Column("Mức tối đa", lambda row: format_million(row.ceiling_vnd), is_number=True),
        Column("Tính cho", "ceiling_unit"),
        Column("Căn cứ", "legal_basis"),
        Column("Áp dụng", span),
        Column("Xác minh", lambda row: "đã xác minh" if row.is_verified else "chưa", is_short=True),
    ),
    search=search_in(lambda row: f"{row.code} {row.name} {row.legal_basis}"),
)
CHANGE_RULE = Kind(
    app="funding",
    name="change_rule",
    model=ChangeRule,
    form=ChangeRuleForm,
    title="Thẩm quyền điều chỉnh",
    about="Cấp nào quyết định thay đổi nào. Nơi chưa có dòng nào (kinh phí địa phương) thì phần mềm không nhắc.",
    columns=(
        Column("Thay đổi", "get_change_display"),
        Column("Cấp kinh phí", "get_level_display", is_short=True),
        Column("Đề án", lambda row: "chỉ đề án nhóm" if row.is_group else "mọi loại", is_short=True),
        Column("Cấp quyết định", "get_authority_display"),
        Column("Căn cứ", "legal_basis"),
        Column("Áp dụng", span),
        Column("Xác minh", lambda row: "đã xác minh" if row.is_verified else "chưa", is_short=True),
    ),
    search=search_in(lambda row: f"{row.get_change_display()} {row.get_authority_display()} {row.legal_basis}"),
)
ADVANCE_RULE = Kind(
    app="funding",
    name="advance_rule",
    model=AdvanceRule,
    form=AdvanceRuleForm,
    title="Điều kiện tạm ứng",
    about="Phần kinh phí được chi trước nghiệm thu. Dòng chưa xác minh chỉ để tham khảo, không dùng để nhắc.",
    columns=(
        Column("Nội dung hoạt động", lambda row: row.activity or "Các nội dung còn lại"),
        Column("Cấp kinh phí", "get_level_display", is_short=True),
        Column("Chi trước nghiệm thu", lambda row: f"{row.percent} %", is_number=True),
        Column("Điều kiện", advance_condition),
        Column("Căn cứ", "legal_basis"),
        Column("Áp dụng", span),
        Column("Xác minh", lambda row: "đã xác minh" if row.is_verified else "chưa", is_short=True),
    ),
    related=("activity",),
    search=search_in(lambda row: f"{row.activity or ''} {row.get_needs_display()} {row.legal_basis}"),
)
LOCALITY = Kind(
    app="funding",
    name="locality",
    model=Locality,
    form=LocalityForm,
    title="Địa bàn",
    about="Đơn vị hành chính theo từng thời gian. Đổi tên, sáp nhập là đơn vị mới nối với đơn vị cũ.",
    columns=(
        Column("Tên", "unit_name"),
        Column("Trực thuộc", lambda row: row.parent.unit_name if row.parent else ""),
        Column("Cấp", "get_level_display"),
        Column("Mã", "code"),
        Column("Thời gian", span),
    ),
    related=("parent",),
    search=lambda rows, text: rows.search(text),
    stays=locality_stays,
    beside="funding/_locality_changes.html",
)
FORMER_NAME = Kind(
    app="funding",
    name="former_name",
    model=AgencyFormerName,
    form=FormerNameForm,
    title="Tên cũ của cơ quan",
    about="Báo cáo đến hết ngày đó ghi tên này. Cơ quan vừa đổi tên thì ghi tên mới ở trang của cơ quan.",
    columns=(
        Column("Tên cũ", "name"),
        Column("Cơ quan", "agency"),
        Column("Dùng đến hết ngày", lambda row: format_day(row.used_until), is_short=True),
    ),
    related=("agency",),
    search=search_in(lambda row: f"{row.name} {row.agency.name}"),
)
SUCCESSION = Kind(
    app="funding",
    name="succession",
    model=LocalitySuccession,
    form=SuccessionForm,
    title="Thay đổi địa bàn",
    about="Đơn vị nào thành đơn vị nào, từ ngày nào. Số liệu của đơn vị cũ được tìm thấy từ đơn vị mới nhờ đó.",
    columns=(
        Column("Đơn vị cũ", "old"),
        Column("Thay đổi", lambda row: capfirst(row.get_kind_display())),
        Column("Đơn vị mới", "new"),
        Column("Từ ngày", lambda row: format_day(row.on), is_short=True),
        Column("Căn cứ", "legal_basis"),
    ),
    related=("old__parent", "new__parent"),
    search=search_successions,
    stays=succession_stays,
)
PROGRAMME = Kind(
    app="funding",
    name="programme",
    model=Programme,
    form=ProgrammeForm,
    title="Chương trình nhiều năm",
    about="Chương trình khuyến công của nhiều năm, theo văn bản phê duyệt. Chuyên viên, lãnh đạo nhập.",
    columns=(
        Column("Tên chương trình", "name"),
        Column("Từ năm", "starts_year", is_short=True),
        Column("Đến năm", "ends_year", is_short=True),
        Column("Văn bản phê duyệt", "legal_basis"),
    ),
    action=Action.ENTER_FACTS,
    beside="funding/_programme_targets.html",
    parts=("targets",),
)
TARGET = Kind(
    app="funding",
    name="target",
    model=ProgrammeTarget,
    form=ProgrammeTargetForm,
    title="Mục tiêu của chương trình",
    about="Kết quả cộng từ số liệu các năm của chương trình. Chuyên viên, lãnh đạo nhập.",
    columns=(
        Column("Chỉ tiêu", "get_measure_display"),
        Column("Chương trình", "programme"),
        Column("Nguồn kinh phí", "source"),
        Column("Nội dung hoạt động", "activity"),
        Column("Mục tiêu", target_amount, is_number=True),
    ),
    action=Action.ENTER_FACTS,
    # Amounts of the whole province's plan: read on the programme's own page.
    is_open=False,
    related=("programme", "source", "activity"),
)
KINDS = [
    (SOURCE, "nguon"),
    (AGENCY, "co-quan"),
    (FORMER_NAME, "ten-cu-co-quan"),
    (ACTIVITY, "noi-dung"),
    (NORM, "muc-ho-tro"),
    (CHANGE_RULE, "tham-quyen"),
    (ADVANCE_RULE, "tam-ung"),
    (LOCALITY, "dia-ban"),
    (SUCCESSION, "thay-doi-dia-ban"),
    (PROGRAMME, "chuong-trinh"),
    (TARGET, "muc-tieu-chuong-trinh"),
]
"""Each table with its folder under /danh-muc/."""
