"""Days as the office means them: local, written dd/mm/yyyy, read from addresses as YYYY-MM-DD."""

import datetime
import re

from django.utils import timezone

from khuyencong.errors import Unreadable

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_TYPED_DAY = re.compile(r"(?P<day>[0-9]{1,2})[/.\- ](?P<month>[0-9]{1,2})(?:[/.\- ](?P<year>[0-9]{4}|[0-9]{2}))?")
_TYPED_DIGITS = re.compile(r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{4}|[0-9]{2})")


def local_today() -> datetime.date:
    """Today in the office's time zone, whatever the server's."""
    return timezone.localdate()


def parse_iso(text: str) -> datetime.date:
    """The day of "2019-05-31"; ValueError with a Vietnamese sentence for anything else."""
    # date.fromisoformat also reads "20190531" and weeks: an address has one way to name a day.
    if _ISO_DAY.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass
    raise Unreadable(f"“{text}” không phải là một ngày. Ngày được ghi theo dạng năm-tháng-ngày, ví dụ 2019-05-31.")


def parse_day(text: str, *, year: int | None = None, latest: datetime.date | None = None) -> datetime.date:
    """The day of what a person typed: "5/6", "5/6/19", "05062019", "05/06/2019", "2019-06-05".

    ``year`` fills in for a year left out, today's where None; two digits are of this century. A year that was
    left out never leads beyond ``latest``: then it is the year before, which may lack a 29/02.
    Raises ValueError with a Vietnamese sentence for anything else, 31/02 included.
    """
    text = text.strip()
    if _ISO_DAY.fullmatch(text):
        return parse_iso(text)
    typed = _TYPED_DAY.fullmatch(text) or _TYPED_DIGITS.fullmatch(text)
    if not typed:
        raise Unreadable(f"“{text}” không phải là một ngày. Ví dụ cách ghi đúng: 05/06/2019, 5/6 hoặc 05062019.")
    month, day, written = int(typed["month"]), int(typed["day"]), typed["year"]
    try:
        if written:
            return datetime.date(int(written) + (2000 if len(written) == 2 else 0), month, day)
        guessed = year or local_today().year
        if latest and (guessed, month, day) > (latest.year, latest.month, latest.day):
            guessed = latest.year - ((month, day) > (latest.month, latest.day))
        return datetime.date(guessed, month, day)
    except ValueError as error:
        raise Unreadable(f"Ngày “{text}” không có trong lịch.") from error


def month_span(text: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of the month "2019-05"; ValueError with a Vietnamese sentence for anything else."""
    if _ISO_MONTH.fullmatch(text):
        try:
            first = datetime.date.fromisoformat(f"{text}-01")
        except ValueError:
            first = None
        # The last month of the calendar has no month after it to count back from.
        if first and first.year < datetime.MAXYEAR:
            next_month = (first + datetime.timedelta(days=31)).replace(day=1)
            return first, next_month - datetime.timedelta(days=1)
    raise Unreadable(f"“{text}” không phải là một tháng. Tháng được ghi theo dạng năm-tháng, ví dụ 2019-05.")


def is_overdue(due_on: datetime.date, on: datetime.date) -> bool:
    """Whether what was due on ``due_on`` is late on ``on``: due is the end of that day, late the next."""
    return due_on < on


def format_day(day: datetime.date | None) -> str:
    """ "31/05/2019"; a moment by its local day; "" for None."""
    if day is None:
        return ""
    if isinstance(day, datetime.datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
