"""One support of the demonstration that is to come back: two instalments, nothing paid back yet."""

from datetime import date

from projects import services
from projects.demo.builder import Builder
from projects.demo.rows import million
from projects.models import ProjectLine

LINE, SOURCE, AGREED_ON = "MH-KCDP-2019-16", "KCDP", date(2019, 12, 20)
INSTALMENTS = [(date(2020, 6, 30), 55), (date(2020, 12, 31), 55)]


def build(builder: Builder):
    """After the payments of 2019."""
    services.set_instalments(
        line=ProjectLine.objects.get(project__code=LINE),
        source=builder.sources[SOURCE],
        instalments=[(due_on, million(amount)) for due_on, amount in INSTALMENTS],
        set_on=AGREED_ON,
        by=builder.accountant,
    )
