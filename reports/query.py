"""What a figure's address asks for: which part of which year, as of which day, and how that reads in a sentence."""

from dataclasses import dataclass
from datetime import date

from django.shortcuts import get_object_or_404

from accounts.permissions import Action, can
from funding.models import Activity, FundingSource
from khuyencong.asof import as_of, plan_year
from khuyencong.dates import format_day, parse_iso
from khuyencong.errors import Refused
from places.models import Level, Locality
from projects.models import Project, ProjectLine
from reports.figures import Block, block_of
from reports.monthly import UNKNOWN_ACTIVITY
from reports.rows import YearRows


@dataclass(frozen=True)
class FigureQuery:
    """``source`` is a code, None for all counted sources; ``activity`` and ``locality`` 0 stand for an unknown one.

    ``before``: not the lines of ``year`` but those of all earlier plan years. ``words`` name the narrowing.
    """

    year: int
    day: date
    since: date | None
    source: str | None
    narrowing: dict
    signs: str
    before: bool
    words: tuple[str, ...]

    def block(self, rows: YearRows) -> Block:
        return block_of(rows, self.source, **self.narrowing)

    @property
    def sentence(self) -> str:
        """ "Khuyến công địa phương, năm 2019, đến 31/05/2019"."""
        year = f"các năm kế hoạch trước năm {self.year}" if self.before else f"năm {self.year}"
        days = f"đến {format_day(self.day)}"
        if self.since:
            days = f"từ {format_day(self.since)} {days}"
        return ", ".join([*self.words, year, days])


def confined(user):
    """``user`` where he sees only his own places, None where he sees everything: what ``read_year`` takes."""
    return None if can(user, Action.SEE_ALL) else user


def read_query(request) -> FigureQuery:
    """Raises Refused for a parameter that cannot be read, Http404 for a row that this user may not see."""
    day = as_of(request)
    since = _day(request, "tu")
    if since and since > day:
        raise Refused(f"Ngày đầu {format_day(since)} sau ngày cuối {format_day(day)}.")
    source, words = _source(request)
    narrowing, named = _narrowing(request)
    signs = _one_of(request, "dau", {"": "", "+": "+", "-": "-"})
    return FigureQuery(
        year=plan_year(request),
        day=day,
        since=since,
        source=source,
        narrowing=narrowing,
        signs=signs,
        before=_one_of(request, "truoc", {"": False, "1": True}),
        words=(words, *named, *{"+": ["phần tăng"], "-": ["phần giảm"]}.get(signs, [])),
    )


def _day(request, name) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_iso(text)
    except ValueError as error:
        raise Refused(str(error)) from error


def _source(request):
    """(code, its name); (None, …) for all counted sources."""
    code = request.GET.get("nguon", "").strip()
    if not code:
        return None, "Tổng các nguồn"
    name = FundingSource.objects.filter(code=code).values_list("name", flat=True).first()
    if name is None:
        raise Refused(f"Không có nguồn kinh phí mang mã “{code}”.")
    return code, name


def _number(request, name) -> int | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    # int() also reads "1_0", "+1" and digits of other scripts.
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    raise Refused(f"“{text}” không phải là một số trong địa chỉ trang.")


def _one_of(request, name, meanings):
    text = request.GET.get(name, "").strip()
    if text not in meanings:
        raise Refused(f"Địa chỉ trang ghi “{name}={text}”, không đọc được.")
    return meanings[text]


def _narrowing(request):
    """(what ``block_of`` takes, the words for it)."""
    activity, project, line, locality = (_number(request, name) for name in ("noi-dung", "de-an", "dong", "dia-ban"))
    is_task = _one_of(request, "hoat-dong", {"": None, "0": False, "1": True})
    words = []
    if activity is not None:
        words.append(get_object_or_404(Activity, pk=activity).name if activity else UNKNOWN_ACTIVITY)
    elif is_task is not None:
        words.append("hoạt động khuyến công khác" if is_task else "đề án")
    if project is not None:
        words.append(str(get_object_or_404(Project.objects.visible_to(request.user), pk=project)))
    if line is not None:
        words.append(str(get_object_or_404(ProjectLine.objects.visible_to(request.user), pk=line)))
    within = frozenset()
    if locality is not None:
        place = get_object_or_404(Locality.objects.with_parents(), pk=locality) if locality else None
        words.append(place.full_name if place else "chưa ghi địa bàn")
        within = _within(place)
    found = {"activity": activity, "project": project, "line": line, "is_task": is_task, "locality": locality}
    found |= {"within": within} if within else {}
    return {key: value for key, value in found.items() if value is not None}, words


def _within(place) -> frozenset[int]:
    """A district with its communes, as ``dashboard_rows.read_places`` groups them; empty for any other place."""
    if place is None or place.level != Level.DISTRICT:
        return frozenset()
    return frozenset(Locality.objects.filter(pk=place.pk).with_descendants().values_list("pk", flat=True))
