"""Programmes of several years: each target out of the figures of its years, as of a day, and who enters them."""

import pytest
from django.urls import reverse

from accounts.models import Role
from funding.models import Programme, ProgrammeTarget
from tests import factories as make
from tests.bulk import make_year

pytestmark = pytest.mark.django_db
M = make.MILLION
Measure = ProgrammeTarget.Measure


@pytest.fixture
def programme():
    """2016–2020: in 2018 one establishment of KCQG, in 2019 the same one again and one of KCDP."""
    for year, code in ((2018, "KCQG"), (2019, "KCQG"), (2019, "KCDP")):
        make.make_plan(year, code=code, amount_vnd=2000 * M, on="2018-01-10")
    twice = make.make_beneficiary("HTX Hai Lần")
    first = make.make_line(plan_year=2018, beneficiary=twice, joined_on="2018-02-01")
    make.approve(first, 100 * M, on="2018-02-01")
    make.sign(first, 100 * M, on="2018-03-01")
    make.pay(first, 100 * M, on="2018-09-01")
    make.approve(make.make_line(beneficiary=twice), 200 * M)
    make.make_approved_line(300 * M, code="KCDP")
    programme = make.make_programme("Chương trình thử 2016–2020", measure=Measure.APPROVED, amount=1000 * M)
    for measure, amount, fields in (
        (Measure.APPROVED, 600 * M, {"source": make.source("KCDP")}),
        (Measure.DISBURSED, 1000 * M, {}),
        (Measure.PROJECTS, 20, {}),
        (Measure.ESTABLISHMENTS, 4, {}),
    ):
        programme.targets.create(measure=measure, amount=amount, **fields)
    return programme


@pytest.fixture
def reader(client):
    client.force_login(make.make_user(Role.VIEWER))
    return client


def page(client, programme, day="2019-12-31"):
    return client.get(f"/ke-hoach/chuong-trinh/{programme.pk}/?ngay={day}")


def told(answer):
    return [(line.reached, line.amount, line.percent) for line in answer.context["lines"]]


def test_each_target_adds_up_the_figures_of_its_years(reader, programme):
    assert told(page(reader, programme)) == [
        ("600", "1.000", "60,00"),
        ("300", "600", "50,00"),
        ("100", "1.000", "10,00"),
        ("3", "20", "15,00"),
        # One establishment, supported in two years.
        ("2", "4", "50,00"),
    ]
    assert told(page(reader, programme, "2018-12-31"))[0] == ("100", "1.000", "10,00")


def test_the_figure_of_a_year_opens_what_it_counts(reader, programme):
    line = page(reader, programme).context["lines"][1]
    years = {year: figure and (figure.vnd, figure.url) for year, figure in line.by_year}
    assert list(years) == [2016, 2017, 2018, 2019, 2020]
    assert years[2016] is None
    vnd, url = years[2019]
    assert vnd == 300 * M and f'data-vnd="{300 * M}"' in reader.get(url).content.decode()


def test_the_page_of_a_year_names_the_running_programme_and_how_far_its_money_is(reader, programme):
    text = reader.get("/ke-hoach/2019/?ngay=2019-12-31").content.decode()
    assert f"/ke-hoach/chuong-trinh/{programme.pk}/?ngay=2019-12-31" in text
    assert "Kinh phí được duyệt: 60,00 % của 1.000 triệu đồng" in text
    assert "Kinh phí được duyệt, Khuyến công địa phương: 50,00 % của 600 triệu đồng" in text
    assert "Kinh phí giải ngân: 10,00 % của 1.000 triệu đồng" in text
    assert programme.name not in reader.get("/ke-hoach/2021/").content.decode()


def test_amounts_that_nobody_knows_give_no_percent(reader, db):
    make.make_plan()
    make.approve(make.make_line(), None)
    programme = make.make_programme(measure=Measure.APPROVED, amount=100 * M)
    assert told(page(reader, programme)) == [("", "100", "")]
    assert "chưa rõ số tiền" in reader.get("/ke-hoach/2019/?ngay=2019-12-31").content.decode()


def test_a_local_officer_sees_no_programme(client, programme):
    client.force_login(make.make_user(Role.LOCAL))
    assert page(client, programme).status_code == 403
    for path in ("/ke-hoach/2019/", "/ke-hoach/"):
        assert programme.name not in client.get(path).content.decode()
    assert "Mục tiêu của chương trình" not in client.get("/danh-muc/").content.decode()


def test_staff_enter_a_programme_and_its_targets(client):
    client.force_login(make.make_user(Role.STAFF))
    typed = {"name": "Chương trình mới", "starts_year": "2021", "ends_year": "2025", "legal_basis": "", "note": ""}
    assert client.post(reverse("funding:programme_new"), typed).status_code == 302
    programme = Programme.objects.get(name="Chương trình mới")
    address = f"{reverse('funding:target_new')}?programme={programme.pk}"
    assert str(client.get(address).context["form"]["programme"].value()) == str(programme.pk)
    typed = {"programme": programme.pk, "measure": Measure.APPROVED, "amount": "25 tỷ", "note": ""}
    answer = client.post(address, {**typed, "source": "", "activity": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    assert programme.targets.get().amount == 25_000 * M
    backwards = {"name": "Ngược", "starts_year": "2025", "ends_year": "2021"}
    assert client.post(reverse("funding:programme_new"), backwards).status_code == 422


def test_as_many_queries_for_300_de_an_as_for_3(reader, programme, query_count):
    def both():
        return query_count(lambda: page(reader, programme)), query_count(lambda: reader.get("/ke-hoach/2019/"))

    both()
    make_year(3)
    few = both()
    make_year(297, first=3)
    assert both() == few
