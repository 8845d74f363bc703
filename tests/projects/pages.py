"""What tests of pages share: a page as a user sees it, and the figures that its sums row carries."""

import re

from accounts.models import Role
from tests.factories import make_user

HTMX = {"HX-Request": "true"}


def see(client, address, user=None, **headers):
    """The page's answer for ``user`` (a viewer if None)."""
    client.force_login(user or make_user(Role.VIEWER))
    return client.get(address, headers=headers)


def text_of(answer):
    """What a reader sees: tags out, blanks squeezed."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def sums_of(answer):
    """{"count": …, figure: VND} of the row of sums."""
    row = re.search(r"<tr data-sums.*?</tr>", answer.content.decode(), re.S)[0]
    found = {name: int(vnd) for name, vnd in re.findall(r'data-figure="(\w+)"\s+data-vnd="(-?\d+)"', row)}
    found.update(
        {name: int(n) for name, n in re.findall(r'data-(count|projects|activities|beneficiaries)="(\d+)"', row)}
    )
    return found


def codes_of(answer):
    """The codes of the đề án on the page, in its order."""
    return [row.project.code for row in answer.context["rows"]]
