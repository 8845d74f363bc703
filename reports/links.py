"""A figure with the address of the list behind it, both read off one block."""

from dataclasses import dataclass
from datetime import date

from khuyencong.dates import local_today
from khuyencong.frame_tags import build_url
from khuyencong.money import format_million, format_percent, format_vnd, percent
from reports.figures import Block
from reports.selections import measure

UNALLOCATED = "unallocated_vnd"
"""The one figure that is no list: plan less approved."""


@dataclass(frozen=True)
class Figure:
    """``text`` is what the page prints ("" for unknown); ``count`` and ``vnd`` (đồng, None: no money) the list's."""

    text: str
    url: str
    count: int | None = None
    vnd: int | None = None


def figure_of(block: Block, key: str, *, since: date | None = None, signs: str = "") -> Figure:
    """The figure ``key`` of ``block``: money in triệu đồng, anything else as a count."""
    count, vnd = measure(block, key, since=since, signs=signs)
    is_money = key.endswith("_vnd")
    text = format_million(vnd) if is_money else format_vnd(count)
    return Figure(text, figure_url(block, key, since=since, signs=signs), count, vnd)


def percent_of(block: Block, key: str, base_vnd: int | None) -> Figure | None:
    """``key`` as a percent of ``base_vnd``, opening the list of ``key``; None where there is no base."""
    part = figure_of(block, key)
    if part.vnd is None or not base_vnd:
        return None
    return Figure(format_percent(percent(part.vnd, base_vnd)), part.url, part.count, part.vnd)


def unallocated_of(block: Block) -> Figure:
    """Plan less approved, opening the page that shows how it comes about."""
    left = (measure(block, "plan_assigned_vnd")[1] or 0) - (block.vnd("approved_vnd") or 0)
    return Figure(format_million(left), figure_url(block, UNALLOCATED), None, left)


def figure_url(block: Block, key: str, *, since: date | None = None, signs: str = "", **instead) -> str:
    """``instead``: ``day`` or ``year``, to ask for the same figure as of another day, or of another plan year."""
    params = params_of(block)
    if "day" in instead:
        params["ngay"] = day_param(instead["day"])
    params["nam"] = instead.get("year", params["nam"])
    return build_url("reports:figure", key, **params, tu=since, dau=signs)


def month_url(month: date, *, year: int | None = None) -> str:
    """The preview of the month of ``month``; ``year`` where the plan year is not the month's own."""
    return build_url("reports:monthly", month, nam=None if year in (None, month.year) else year)


def params_of(block: Block) -> dict:
    """The query that ``query.read_query`` reads back into the same block."""
    rows, narrowing = block.rows, block.narrowing
    return {
        "nam": rows.year,
        "ngay": day_param(rows.day),
        "nguon": source_code(block),
        "noi-dung": narrowing.activity,
        "de-an": narrowing.project,
        "dong": narrowing.line,
        "hoat-dong": None if narrowing.is_task is None else int(narrowing.is_task),
        "dia-ban": narrowing.locality,
    }


def day_param(day: date) -> date | None:
    """``ngay`` as every link carries it: left out for today."""
    return None if day == local_today() else day


def source_code(block: Block) -> str | None:
    """The code of the block's one source; None for all counted ones together."""
    if block.sources == block.rows.counted and len(block.sources) != 1:
        return None
    return next((source.code for source in block.rows.sources if source.pk in block.sources), None)
