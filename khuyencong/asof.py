"""The day and the plan year that a page is asked for, the same everywhere: ``?ngay=`` and ``?nam=``."""

import datetime

from khuyencong.dates import local_today, parse_iso
from khuyencong.errors import Refused

YEARS = range(2000, 2101)


def as_of(request) -> datetime.date:
    """The day of ``?ngay=``, today where it is absent or empty; Refused where it is no date or outside 2000–2100."""
    text = request.GET.get("ngay", "").strip()
    if not text:
        return local_today()
    try:
        day = parse_iso(text)
    except ValueError as error:
        raise Refused(str(error)) from error
    # Pages count months and years around the day, and the calendar ends in years 1 and 9999.
    if day.year not in YEARS:
        raise Refused(f"Ngày số liệu phải từ 01/01/{YEARS[0]} đến 31/12/{YEARS[-1]}.")
    return day


def plan_year(request) -> int:
    """The year of ``?nam=``, that of the as-of day where it is absent or empty; Refused outside 2000–2100."""
    text = request.GET.get("nam", "").strip()
    if not text:
        return as_of(request).year
    # int() also reads "2_019", "+2019" and digits of other scripts: an address has one way to name a year.
    if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS:
        return int(text)
    raise Refused(
        f"“{text}” không phải là một năm kế hoạch. Năm được ghi bằng bốn chữ số, từ {YEARS[0]} đến {YEARS[-1]}."
    )
