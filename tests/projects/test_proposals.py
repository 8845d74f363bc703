"""A place proposes, the Centre answers: sent, corrected, returned, sent again, accepted, refused, withdrawn."""

import pytest
from django.test import Client

from accounts.models import Role
from khuyencong.dates import local_today
from places.models import LocalitySuccession
from projects.models import Beneficiary, Project
from projects.proposals import State, proposals_for, requested_sums, state_of, waiting_number
from projects.stages import Stage, with_stage
from reports.figures import year_figures
from reports.rows import read_year
from tests import factories as make

pytestmark = pytest.mark.django_db

NEW = "/de-xuat/moi/"


def browser(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def place():
    return make.make_locality()


@pytest.fixture
def officer(place):
    return browser(make.make_user(Role.LOCAL, localities=[place], full_name="Cán bộ huyện"))


@pytest.fixture
def manager():
    return browser(make.make_user(Role.MANAGER))


def money(code="KCDP"):
    return f"tien_{make.source(code).pk}"


def typed(place, **fields):
    return {
        "name": "Ứng dụng máy sao chè",
        "plan_year": "2027",
        "locality": place.pk,
        money(): "120 triệu",
        money("DOIUNG"): "200 triệu",
        "may-TOTAL_FORMS": "1",
        "may-moi0-name": "Máy sao chè",
        **fields,
    }


def send(officer, place, **fields):
    answer = officer.post(NEW, typed(place, **fields))
    assert answer.status_code == 302, answer.context["form"].errors
    return Project.objects.order_by("-pk").first()


def state(project):
    return state_of(proposals_for(make.make_user(Role.VIEWER)).get(pk=project.pk))


def stage(project):
    return with_stage(Project.objects.filter(pk=project.pk), local_today()).get().stage


def test_an_officer_proposes_for_an_own_place(officer, place):
    project = send(officer, place)
    line = project.lines.get()
    assert (project.code, line.plan_year, line.locality) == ("ĐX-2027-001", 2027, place)
    assert requested_sums(line) == {
        make.source("KCDP").pk: 120 * make.MILLION,
        make.source("DOIUNG").pk: 200 * make.MILLION,
    }
    assert line.equipment.get().name == "Máy sao chè"
    assert (state(project), stage(project)) == (State.WAITING, Stage.REGISTERED)


def test_a_place_that_is_no_more_is_refused_with_what_became_of_it():
    gone = make.make_locality("Y Can", kind="xã", level="COMMUNE", valid_to=make.day("2025-06-30"))
    middle = make.make_locality("Trung Gian", valid_from=make.day("2025-07-01"), valid_to=make.day("2025-12-31"))
    heir = make.make_locality("Quy Mông", kind="xã", level="COMMUNE", valid_from=make.day("2026-01-01"))
    for old, new in ((gone, middle), (middle, heir)):
        LocalitySuccession.objects.create(old=old, new=new, kind="MERGE", on=new.valid_from)
    officer = browser(make.make_user(Role.LOCAL, localities=[gone]))
    answer = officer.post(NEW, typed(gone))
    assert answer.status_code == 422
    assert answer.context["form"].errors["locality"] == [
        "xã Y Can không còn từ sau ngày 30/06/2025. Nay là xã Quy Mông; hãy chọn địa bàn đó."
    ]
    named = {"name": "HTX Thử", "kind": Beneficiary.Kind.COOPERATIVE, "locality": gone.pk}
    assert "Nay là xã Quy Mông" in officer.post("/de-xuat/co-so/moi/", named).content.decode()
    assert send(officer, heir).lines.get().locality == heir


def test_a_place_of_others_cannot_be_proposed_for(officer, place):
    elsewhere = make.make_locality("Nơi Khác")
    assert officer.post(NEW, typed(elsewhere)).status_code == 422
    assert not Project.objects.exists()
    names = [row["text"] for row in officer.get("/tim/dia-ban-de-xuat/?q=").json()["results"]]
    assert names == [place.full_name]


def test_an_establishment_of_others_cannot_be_chosen(officer, place):
    stranger = make.make_beneficiary(locality=make.make_locality())
    assert officer.post(NEW, typed(place, beneficiary=stranger.pk)).status_code == 422


def test_an_officer_adds_an_establishment_at_an_own_place_alone(officer, place):
    path, row = "/de-xuat/co-so/moi/", {"name": "HTX Mới", "kind": Beneficiary.Kind.COOPERATIVE}
    assert officer.post(path, row).status_code == 422
    assert officer.post(path, row | {"locality": make.make_locality().pk}).status_code == 422
    assert officer.post(path, row | {"locality": place.pk}).status_code == 302
    assert Beneficiary.objects.get().locality == place


def test_a_proposal_without_money_is_asked_for_it(officer, place):
    answer = officer.post(NEW, typed(place, **{money(): ""}))
    assert answer.status_code == 422
    assert "Chưa nhập kinh phí đề nghị của nguồn nào." in answer.content.decode()


def test_a_proposal_counts_in_no_figure(officer, place):
    before = year_figures(read_year(2027, local_today()))
    send(officer, place)
    assert year_figures(read_year(2027, local_today())) == before


def test_a_manager_accepts_it_under_a_code_of_the_centre(officer, manager, place):
    project = send(officer, place)
    assert waiting_number(manager.user) == 1
    path = f"/de-xuat/{project.pk}/tiep-nhan/"
    assert manager.get(path).context["form"]["code"].value() == "KCDP-2027-001"
    day = f"{local_today():%d/%m/%Y}"
    assert manager.post(path, {"code": "KCĐP-2027-007", "on": day}).url == project.get_absolute_url()
    project.refresh_from_db()
    assert (project.code, state(project), stage(project)) == ("KCĐP-2027-007", State.ACCEPTED, Stage.REGISTERED)
    assert waiting_number(manager.user) == 0
    assert send(officer, place).code == "ĐX-2027-002"


def test_a_code_in_use_is_refused_with_its_owner(officer, manager, place):
    project, other = send(officer, place), make.make_project(name="Đề án trước")
    answer = manager.post(f"/de-xuat/{project.pk}/tiep-nhan/", {"code": other.code, "on": "1/12/2026"})
    assert answer.status_code == 422 and "Đề án trước" in answer.content.decode()


def test_a_returned_proposal_is_mended_and_sent_again(officer, manager, place):
    project = send(officer, place)
    day = f"{local_today():%d/%m/%Y}"
    assert manager.post(f"/de-xuat/{project.pk}/tra-lai/", {"on": day}).status_code == 422
    assert manager.post(f"/de-xuat/{project.pk}/tra-lai/", {"on": day, "why": "Thiếu báo giá"}).status_code == 302
    assert (state(project), stage(project), waiting_number(officer.user)) == (State.RETURNED, Stage.RETURNED, 1)
    path = f"/de-xuat/{project.pk}/sua/"
    assert "Thiếu báo giá" in officer.get(path).content.decode()
    item = project.lines.get().equipment.get()
    changed = typed(place, name="Ứng dụng máy sao chè mới", **{money(): "100 triệu", "may-kept": item.pk})
    changed |= {f"may-{item.pk}-name": "Máy sao chè 50 kg", "may-TOTAL_FORMS": "0"}
    assert officer.post(path, changed).status_code == 302
    assert (state(project), stage(project)) == (State.WAITING, Stage.REGISTERED)
    line = project.lines.get()
    assert requested_sums(line)[make.source("KCDP").pk] == 100 * make.MILLION
    assert line.equipment.get().name == "Máy sao chè 50 kg"


def test_a_waiting_proposal_is_corrected_in_place(officer, place):
    project = send(officer, place)
    n_steps = project.decisions.count()
    changed = typed(place, **{money(): "150 triệu", money("DOIUNG"): "", "may-TOTAL_FORMS": "0"})
    assert officer.post(f"/de-xuat/{project.pk}/sua/", changed).status_code == 302
    sums = requested_sums(project.lines.get())
    assert (sums[make.source("KCDP").pk], sums[make.source("DOIUNG").pk]) == (150 * make.MILLION, 0)
    assert project.decisions.count() == n_steps


def test_a_refused_proposal_is_at_its_end(officer, manager, place):
    project = send(officer, place)
    day = f"{local_today():%d/%m/%Y}"
    assert manager.post(f"/de-xuat/{project.pk}/tu-choi/", {"on": day, "why": "Đã có đề án"}).status_code == 302
    assert (state(project), stage(project)) == (State.REJECTED, Stage.REJECTED)
    assert officer.get(f"/de-xuat/{project.pk}/sua/").status_code == 422
    assert manager.get(f"/de-xuat/{project.pk}/tiep-nhan/").status_code == 422


def test_a_proposal_is_withdrawn_until_it_is_accepted(officer, manager, place):
    project = send(officer, place)
    assert officer.post(f"/de-xuat/{project.pk}/rut/", {}).url == "/de-xuat/"
    assert not Project.objects.exists()
    kept = send(officer, place)
    assert kept.code == "ĐX-2027-002"
    manager.post(f"/de-xuat/{kept.pk}/tiep-nhan/", {"code": "KC-2027-001", "on": f"{local_today():%d/%m/%Y}"})
    assert officer.post(f"/de-xuat/{kept.pk}/rut/", {}).status_code == 422
    assert Project.objects.filter(pk=kept.pk).exists()


def test_nobody_changes_the_proposal_of_somebody_else(officer, manager, place):
    project = send(officer, place)
    colleague = browser(make.make_user(Role.LOCAL, localities=[place]))
    for client in (colleague, manager):
        assert client.get(f"/de-xuat/{project.pk}/sua/").status_code == 403
        assert client.post(f"/de-xuat/{project.pk}/rut/", {}).status_code == 403
    assert colleague.get(f"/de-xuat/{project.pk}/").status_code == 200


def test_the_list_tells_who_sent_what_and_what_waits(officer, manager, place):
    send(officer, place)
    page = manager.get("/de-xuat/").content.decode()
    assert "Cán bộ huyện" in page and "ĐX-2027-001" in page and "Chờ tiếp nhận" in page
    assert 'aria-label="1 đề xuất đang chờ"' in page
    assert "ĐX-2027-001" not in manager.get("/de-xuat/?tinh_trang=tra").content.decode()


def test_the_list_asks_as_many_questions_for_many_as_for_one(officer, manager, place, query_count):
    send(officer, place)
    manager.get("/de-xuat/")
    one = query_count(lambda: manager.get("/de-xuat/"))
    for _ in range(3):
        send(officer, place)
    assert query_count(lambda: manager.get("/de-xuat/")) == one


@pytest.mark.parametrize(
    "path",
    [
        "/de-an/{}/sua/",
        "/de-an/{}/quyet-dinh/dang-ky/",
        "/de-an/{}/quyet-dinh/khong-phe-duyet/",
        "/de-an/{}/moc/",
        "/de-an/{}/kho-khan/",
    ],
)
def test_before_it_is_accepted_a_proposal_is_not_decided_about_elsewhere(path, officer, place):
    project = send(officer, place)
    clerk, path = browser(make.make_user(Role.STAFF)), path.format(project.pk)
    statuses = [clerk.get(path).status_code, clerk.post(path, {"on": "1/12/2026", "why": "Thử"}).status_code]
    assert (statuses, state(project)) == ([422, 422], State.WAITING)


def test_the_step_that_proposed_is_not_taken_out_before_an_answer(officer, place):
    project = send(officer, place)
    path = f"/quyet-dinh-de-an/{project.decisions.get().pk}/xoa/"
    assert browser(make.make_user(Role.STAFF)).post(path, {"why": "Thử"}).status_code == 422
    assert project.decisions.exists()
