"""A list as a file of the office: under its name on the day of the figures, demonstration data told as such."""

from dataclasses import replace
from datetime import date

from accounts.models import OfficeSettings
from khuyencong.sheets import ListSheet, answer_sheet
from projects.demo import is_demo_shown


def answer_list(sheet: ListSheet, day: date):
    """``sheet`` as a download; ``day``: that of its figures. Two queries."""
    office = OfficeSettings.objects.in_force(day)
    told = ("Số liệu minh họa",) if is_demo_shown() else ()

    def signed(one):
        return replace(one, about=(*one.about, *told), issuer=(office.parent_agency, office.agency))

    return answer_sheet(replace(signed(sheet), more=tuple(map(signed, sheet.more))))
