"""The tables of reference data, each as its list and its form show it."""

from accounts.reference_pages import Column, Kind
from funding.forms import ActivityForm, AgencyReferenceForm, FundingSourceForm, LocalityForm, SupportNormForm
from funding.models import Activity, Agency, FundingSource, SupportNorm
from funding.reference import SOURCES
from khuyencong.dates import format_day
from khuyencong.money import format_million
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


def agency_facts(row):
    return [(f"Đến hết {format_day(former.used_until)}", former.name) for former in row.former_names.all()]


def locality_facts(row):
    """What it came from and what became of it, each with its day and legal basis."""
    told = LocalitySuccession.objects.select_related("old__parent", "new__parent")
    came = [(each, "Lập từ", each.old) for each in told.filter(new=row)]
    became = [(each, each.get_kind_display().capitalize(), each.new) for each in told.filter(old=row)]
    return [
        (f"{format_day(each.on)}: {words}", f"{other}{f' ({each.legal_basis})' if each.legal_basis else ''}")
        for each, words, other in came + became
    ]


def percent_of(row):
    if row.percent_max is None:
        return ""
    return f"{row.percent_max.normalize():f}".replace(".", ",") + " %"


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
    facts=agency_facts,
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
        Column("Tính cho", "ceiling_unit", is_short=True),
        Column("Căn cứ", "legal_basis"),
        Column("Áp dụng", span, is_short=True),
        Column("Xác minh", lambda row: "đã xác minh" if row.is_verified else "chưa", is_short=True),
    ),
    search=search_in(lambda row: f"{row.code} {row.name} {row.legal_basis}"),
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
    facts=locality_facts,
)
KINDS = [
    (SOURCE, "nguon"),
    (AGENCY, "co-quan"),
    (ACTIVITY, "noi-dung"),
    (NORM, "muc-ho-tro"),
    (LOCALITY, "dia-ban"),
]
"""Each table with its folder under /danh-muc/."""
