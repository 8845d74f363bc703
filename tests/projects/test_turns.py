"""Two people saving pages at once take turns: each sees what the other did, and nobody's save is thrown away."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from funding.models import PlanLine
from khuyencong.errors import NotAllowed
from tests.factories import MILLION, approve, ask, make_line, make_plan, make_user, source, sums
from tests.projects.test_locks import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def saving(address, data):
    """A call that posts the form as it was opened now, by a member of staff; NotAllowed where it comes back."""
    client = Client()
    client.force_login(make_user(Role.STAFF))
    opened = client.get(address).context["opened"]

    def save():
        answer = client.post(address, {**data, "opened": opened})
        if answer.status_code == 422:
            raise NotAllowed("sent back")
        assert answer.status_code == 302

    return save


def deciding(line, step, **data):
    return saving(reverse("projects:decision_new", args=[line.project_id, step]), {"reason": "Đã đối chiếu", **data})


def plan_paper(number, codes):
    rows = {"number": number, "decided_on": "10/1/2019", "dong-TOTAL_FORMS": str(len(codes)), "reason": "Đã đối chiếu"}
    for index, code in enumerate(codes):
        row = {"year": "2019", "source": source(code).pk, "kind": "assigned", "amount_vnd": "10 triệu"}
        rows |= {f"dong-moi{index}-{name}": value for name, value in row.items()}
    return saving(reverse("projects:plan_decision_new", args=[2019]), rows)


def test_papers_that_name_two_sources_in_either_order_all_go_in():
    papers = [plan_paper(str(n), ["KCDP", "KCQG"] if n % 2 else ["KCQG", "KCDP"]) for n in range(6)]
    assert at_once(*papers) == {"done": 6}
    assert PlanLine.objects.count() == 12


def test_of_two_who_adjust_one_amount_the_second_is_told():
    make_plan(amount_vnd=1000 * MILLION)
    line = make_line()
    approve(line, 100 * MILLION)
    name = f"tien_{line.pk}_{source().pk}"
    raised, lowered = (
        deciding(line, "dieu-chinh", on="01/04/2019", number=text, why="Đổi quy mô", **{name: f"{text} triệu"})
        for text in ("120", "90")
    )
    assert at_once(raised, lowered) == {"done": 1, "refused": 1}
    assert sums(line)[0] in (120 * MILLION, 90 * MILLION)


def test_what_one_approves_another_does_not_refuse_at_the_same_moment():
    make_plan(amount_vnd=1000 * MILLION)
    line = make_line()
    ask(line, 100 * MILLION)
    name = f"tien_{line.pk}_{source().pk}"
    approving = deciding(line, "phe-duyet", kind="approved", on="01/03/2019", number="1", **{name: "100 triệu"})
    refusing = deciding(line, "khong-phe-duyet", on="01/03/2019", number="2", why="Không đủ điều kiện")
    at_once(approving, refusing)
    last = line.project.decisions.order_by("pk").last()
    assert last.kind == "approved" or sums(line)[0] == 0, "what was approved is not refused after it"
