"""Who was renamed later is read under the name of the day, on every page and in the monthly workbook."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from funding.models import AgencyFormerName
from projects.models import BeneficiaryFormerName, Difficulty, Project, ProjectDecision
from projects.services import set_milestone
from tests import factories as make
from tests.projects.pages import see, text_of

pytestmark = pytest.mark.django_db
M = make.MILLION
FRAME = "nam=2019&ngay=2019-05-31"
LATER = "nam=2019&ngay=2019-12-31"
LISTS = {
    "dashboard": "/?",
    "deadlines": "/so-lieu/den-han/?",
    "difficulties": "/so-lieu/kho-khan/?",
    "projects": "/de-an/?",
    "a project": "/de-an/{project}/?",
    "contracts": "/hop-dong/?",
    "contracts of tasks": "/hop-dong/?loai=other&",
    "a contract": "/hop-dong/{contract}/?",
    "payments": "/chi-tra/da-chi/?",
    "what may be paid": "/chi-tra/?",
    "milestones": "/tien-do/?",
    "beneficiaries behind a figure": "/so-lieu/beneficiaries/?",
    "establishments": "/so-lieu/establishments/?",
    "entries behind a figure": "/so-lieu/disbursed_vnd/?",
}
SHEETS = ["Chi tiết đề án", "Tiến độ", "Giải ngân", "Khó khăn, vướng mắc"]


@pytest.fixture
def renamed():
    """{"project", "contract"}: a line late in every way whose beneficiary and agencies got new names after May."""
    make.make_plan(2018, "KCDP", 900 * M, on="2018-01-10")
    make.make_plan(2019, "KCDP", 900 * M)
    owner = make.make_beneficiary("Công ty Danh Mới")
    BeneficiaryFormerName.objects.create(beneficiary=owner, name="Cơ sở Xưa Cũ", used_until="2019-06-30")
    agency = make.make_agency("Trung tâm Danh Mới")
    AgencyFormerName.objects.create(agency=agency, name="Trung tâm Xưa Cũ", used_until="2019-06-30")
    project = make.make_project(executing_agency=agency)
    line = make.make_approved_line(200 * M, code="KCDP", project=project, beneficiary=owner)
    contract = make.sign(line, 200 * M, code="KCDP", beneficiary=owner, ends_on=make.day("2019-05-10"))
    make.advance(line, 50 * M, code="KCDP")
    day = make.day("2019-03-20")
    due = make.day("2019-05-15")
    set_milestone(project=project, line=line, name="Lắp đặt máy", due_on=due, set_on=day)
    Difficulty.objects.create(project=project, line=line, raised_on=day, description="Thiếu điện")
    make.decide(project, ProjectDecision.Kind.ADJUSTED, on="2019-04-01", executing_agency=agency)
    task = make.make_project(Project.Kind.TASK)
    fair = make.make_approved_line(60 * M, code="KCDP", project=task)
    make.sign(fair, 60 * M, code="KCDP", agency=agency, ends_on=make.day("2019-05-12"))
    before = make.make_approved_line(90 * M, code="KCDP", plan_year=2018, on="2018-03-01", beneficiary=owner)
    make.sign(before, 90 * M, code="KCDP", on="2018-04-01")
    make.advance(before, 30 * M, code="KCDP", on="2019-05-20")
    return {"project": project.pk, "contract": contract.pk}


def test_a_page_of_a_past_day_calls_everyone_by_the_name_of_that_day(client, renamed):
    for what, pattern in LISTS.items():
        address = pattern.format(**renamed)
        past = text_of(see(client, address + FRAME))
        assert "Xưa Cũ" in past, what
        assert "Danh Mới" not in past, what
        assert "Danh Mới" in text_of(see(client, address + LATER)), what


def test_the_page_of_a_de_an_names_the_executing_agency_of_the_day(client, renamed):
    address = LISTS["a project"].format(**renamed)
    assert "Đơn vị thực hiện Trung tâm Xưa Cũ" in text_of(see(client, address + FRAME))
    assert "Đơn vị thực hiện Trung tâm Danh Mới" in text_of(see(client, address + LATER))


def test_the_monthly_report_calls_everyone_by_the_name_of_its_last_day(client, renamed):
    preview = text_of(see(client, "/bao-cao/thang/2019-05/?nam=2019"))
    assert "Danh Mới" not in preview
    book = load_workbook(BytesIO(see(client, "/bao-cao/thang/2019-05.xlsx?nam=2019").content))
    said = {sheet.title: " ".join(str(cell) for row in sheet.values for cell in row) for sheet in book}
    assert [title for title, text in said.items() if "Danh Mới" in text] == []
    assert [title for title, text in said.items() if "Cơ sở Xưa Cũ" in text] == SHEETS


def test_establishments_carry_the_name_of_the_day_and_the_other_ones_beside_it(client, renamed):
    past, now = (text_of(see(client, f"/co-so/?{frame}")) for frame in (FRAME, LATER))
    assert "Cơ sở Xưa Cũ Công ty · tên hiện nay: Công ty Danh Mới" in past
    assert "Công ty Danh Mới Công ty · tên cũ: Cơ sở Xưa Cũ" in now
