"""Every page of entry with a day of something done: it opens with none to come, and asks a reason for one."""

from datetime import timedelta

import pytest
from django import forms
from django.urls import reverse

from accounts.models import Role
from funding.models import PlanLine
from khuyencong.dates import format_day, local_today
from khuyencong.forms import DayField, raw_of
from khuyencong.money import VNDField
from projects.models import ProjectLine, RuleException, Step
from projects.views.entry.deciding import KINDS
from tests import factories as make
from tests.addresses import PAGES, address, client_of, facts, is_entry

AHEAD = timedelta(days=200)


@pytest.fixture
def pages(db):
    """[(name, client, address)] of every page of entry that somebody may open; of decisions every kind."""
    place = make.make_locality()
    local = make.make_user(Role.LOCAL, localities=[place])
    ids, clients, found = facts(place, by=local), {}, []
    for name, (_, _, expected) in PAGES.items():
        role = next((role for role, status in expected.items() if status == 200), None)
        if role and is_entry(name):
            client = clients.setdefault(role, client_of(role, local))
            found.append((name, client, address(name, ids)))
            if name == "projects:decision_new":
                found += [(f"{name} {kind}", client, reverse(name, args=[ids["project"], kind])) for kind in KINDS]
    return found


def done_days(form):
    return [
        name for name, field in form.fields.items() if isinstance(field, DayField) and name not in form.planned_days
    ]


def filled(name, form):
    """What a person would send: what the form shows, and something in each field that must not be empty."""
    typed = {name: shown.raw for name, shown in form.shown().items()}
    typed |= {field.html_name: something(field.field) for field in form.typed_fields if needs(field)}
    money = {name: "1 triệu" for name in form.fields if name.startswith("tien_")}
    return {**typed, **money, "lines-TOTAL_FORMS": "1", **FURTHER.get(name, dict)()}


def needs(field):
    return field.field.required and not raw_of(field)


def something(field):
    if isinstance(field, forms.ModelMultipleChoiceField | forms.ModelChoiceField):
        return field.queryset.first().pk
    if isinstance(field, forms.ChoiceField):
        return next(value for value, _ in field.choices if value)
    if isinstance(field, DayField):
        return format_day(local_today())
    if isinstance(field, VNDField):
        return "1 triệu"
    return "2019" if isinstance(field, forms.IntegerField) else "Chữ"


def row_of_a_line(prefix, **fields):
    """A new row that names a line and an amount of it."""
    typed = {"TOTAL_FORMS": "1", "moi0-line": ProjectLine.objects.first().pk, **fields}
    return {f"{prefix}-{name}": text for name, text in {**typed, f"moi0-tien_{make.source().pk}": "1 triệu"}.items()}


FURTHER = {
    "funding:agency_edit": lambda: {"name": "Tên khác"},
    "projects:beneficiary_edit": lambda: {"name": "Tên khác"},
    "projects:project_new": lambda: {"basis": "registered", f"lines-moi0-tien_{make.source().pk}": "1 triệu"},
    "projects:contract_new": lambda: row_of_a_line("lines"),
    "projects:line_contract_new": lambda: row_of_a_line("lines"),
    "projects:voucher_new": lambda: row_of_a_line("dong", **{"moi0-step": "tam-ung"}),
    "projects:annex_new": lambda: {"ends_on": format_day(local_today())},
    "projects:plan_decision_new": lambda: {
        "dong-TOTAL_FORMS": "1",
        "dong-moi0-year": "2019",
        "dong-moi0-source": make.source().pk,
        "dong-moi0-kind": PlanLine.Kind.ASSIGNED,
        "dong-moi0-amount_vnd": "1 triệu",
    },
    "projects:instalment_new": lambda: {
        "ky-TOTAL_FORMS": "1",
        "ky-moi0-due_on": format_day(local_today() + 2 * AHEAD),
        "ky-moi0-amount_vnd": "1 triệu",
    },
    "projects:decision_new gia-han": lambda: {"ends_on": format_day(local_today() + 2 * AHEAD), "postponed": []},
}
"""What a form asks beside its required fields."""


def test_every_form_opens_with_no_day_to_come_and_asks_about_one(pages):
    day, silent, seen = format_day(local_today() + AHEAD), {}, set()
    for name, client, url in pages:
        form = getattr(client.get(url), "context", {}).get("form")
        days = done_days(form) if form else []
        if not days:
            continue
        seen.add(name)
        opened = [form.get_initial_for_field(form.fields[each], each) for each in days]
        assert all(value is None or value <= local_today() for value in opened), name
        typed = {**filled(name, form), **dict.fromkeys(days, day), "xem": "1"}
        told = client.post(url, typed).content.decode()
        if missing := [each for each in days if f"{form[each].label} {day} sau hôm nay" not in told]:
            silent[name] = missing
    assert silent == {}
    assert len(seen) > 40


@pytest.fixture
def paying(db):
    """A line to pay on, the address of its form and what is typed there but for the day."""
    make.make_plan()
    line = make.make_signed_line(300 * make.MILLION)
    return (
        line,
        reverse("projects:payment_new", args=[line.pk]),
        {f"tien_{make.source().pk}": "100tr", "step": "tam-ung"},
    )


def test_a_day_to_come_is_saved_with_a_reason_alone_and_never_proposed_again(paying):
    line, url, typed = paying
    client = client_of(Role.ACCOUNTANT, None)
    typed["paid_on"] = format_day(local_today() + AHEAD)
    refused = client.post(url, typed)
    assert (refused.status_code, line.entries.of(Step.ADVANCED).exists()) == (422, False)
    assert any("sau hôm nay" in str(warning) for warning in refused.context["form"].warnings)
    assert client.post(url, {**typed, "reason": "Ủy nhiệm chi ghi trước"}).status_code == 302
    kept = RuleException.objects.get(message__startswith="Ngày chi")
    assert (kept.line, kept.on, kept.reason) == (line, local_today(), "Ủy nhiệm chi ghi trước")
    assert client.get(url).context["form"].initial["paid_on"] == local_today()


def test_a_contract_signed_on_a_day_to_come_keeps_its_reason_with_its_line(paying):
    line = make.make_approved_line(200 * make.MILLION)
    row = {"lines-TOTAL_FORMS": 1, "lines-moi0-line": line.pk, f"lines-moi0-tien_{make.source().pk}": "200tr"}
    typed = {**row, "number": "9/HĐ", "signed_on": format_day(local_today() + AHEAD), "reason": "Ký trước"}
    assert client_of(Role.STAFF, None).post(reverse("projects:contract_new"), typed).status_code == 302
    kept = RuleException.objects.get(message__startswith="Ngày ký")
    assert (kept.line, kept.project, kept.reason) == (line, line.project, "Ký trước")


def test_what_is_mended_with_the_day_it_had_is_not_asked_again(paying):
    line, _, typed = paying
    client = client_of(Role.ACCOUNTANT, None)
    payment = make.advance(line, 100 * make.MILLION, on=local_today() + AHEAD)
    url = reverse("projects:payment_edit", args=[payment.pk])
    typed["paid_on"] = format_day(local_today() + AHEAD)
    assert client.post(url, {**typed, "voucher": "UNC 7"}).status_code == 302
    typed["paid_on"] = format_day(local_today() + 2 * AHEAD)
    assert client.post(url, typed).status_code == 422


def test_the_day_of_a_paper_that_was_mended_is_not_that_of_the_next(paying):
    line, url, typed = paying
    client = client_of(Role.ACCOUNTANT, None)
    payment = make.advance(line, 100 * make.MILLION)
    client.post(url, {**typed, "paid_on": "20/6/2019"})
    client.post(reverse("projects:payment_edit", args=[payment.pk]), {**typed, "paid_on": "3/5/2019"})
    assert client.get(url).context["form"].initial["paid_on"] == make.day("2019-06-20")


def test_a_year_left_out_never_leads_to_a_day_to_come(paying):
    _, url, _ = paying
    fields = client_of(Role.ACCOUNTANT, None).get(f"{url}?nam=2100").context["form"].fields
    assert (fields["paid_on"].year, fields["paid_on"].latest) == (local_today().year, local_today())
    milestone = client_of(Role.STAFF, None).get(reverse("projects:milestone_new", args=[paying[0].project_id]))
    assert milestone.context["form"].fields["due_on"].latest is None
