"""Money that belongs to no beneficiary (management, collaborators): entered on pages, paid by list, in the figures."""

import pytest

from accounts.models import Role
from projects.models import LedgerEntry, Project, Step
from tests import factories as make
from tests.projects.pages import sums_of, text_of
from tests.projects.test_project_form import NEW, approved_head, money, rows

pytestmark = pytest.mark.django_db
M = make.MILLION


def test_management_and_collaborators_are_entered_and_paid_by_list(client):
    make.make_plan(code="KCDP")
    client.force_login(make.make_user(Role.STAFF))
    lines = [{"activity": make.activity("HD23").pk, money("KCDP"): "40 triệu"}, {money("KCDP"): "60 triệu"}]
    data = approved_head(kind="task", name="Quản lý, thù lao cộng tác viên") | rows("lines", *lines)
    assert client.post(NEW, data).status_code == 302
    task = Project.objects.get()
    first, second = task.lines.order_by("pk")
    assert not first.has_contract and first.beneficiary is None
    client.force_login(make.make_user(Role.ACCOUNTANT))
    page = client.get("/chi-tra/?nam=2019")
    assert sums_of(page)["now"] == 100 * M
    assert "Chi theo danh sách: được duyệt 40.000.000, đã chi 0, còn được chi 40.000.000" in text_of(page)
    voucher = {"voucher": "PC 3", "paid_on": "02/05/2019", "dong-TOTAL_FORMS": "2"}
    for number, (line, amount) in enumerate(((first, "10tr"), (second, "60tr"))):
        name = f"dong-moi{number}"
        voucher |= {f"{name}-line": line.pk, f"{name}-step": "thanh-toan", f"{name}-{money('KCDP')}": amount}
    assert client.post("/chi-tra/chung-tu/moi/?nam=2019", voucher).status_code == 302
    paid = LedgerEntry.objects.of(Step.PAID)
    assert [(entry.line, entry.amount_vnd, entry.payment.contract) for entry in paid.order_by("pk")] == [
        (first, 10 * M, None),
        (second, 60 * M, None),
    ]
    assert sums_of(client.get("/chi-tra/da-chi/?nam=2019"))["disbursed"] == 70 * M
    assert sums_of(client.get("/chi-tra/?nam=2019"))["now"] == 30 * M
