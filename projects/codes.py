"""The code that the next đề án of a year would get, read off the codes that the office gave so far."""

import re

from funding.models import FundingSource
from khuyencong.text import fold
from projects.models import Project

PATTERN = re.compile(r"(?P<head>.*?)(?P<year>20\d\d)(?P<mark>\D+)(?P<number>\d+)")
PROPOSED_HEAD = "ĐX-"
"""So begin the codes of proposals, until the Centre accepts them under a code of its own."""
LOOKED_AT = 300
"""So many of the latest codes tell the pattern where the year has none yet."""


def next_codes(year: int, source: str = "") -> list[str]:
    """The next free code in each pattern in use ("KCĐP-2026-014"), the latest used first; never empty.

    ``source``: the code of a source ("KCDP") whose pattern comes first, begun anew where no code has it yet.
    """
    codes = Project.objects.exclude(code__startswith=PROPOSED_HEAD).order_by("-pk").values_list("code", flat=True)
    highest = {}
    for found in _read(codes.filter(code__contains=str(year))):
        if int(found["year"]) == year:
            pattern = found["head"], found["mark"]
            number, width = highest.get(pattern, (0, 0))
            highest[pattern] = max(number, int(found["number"])), max(width, len(found["number"]))
    if not highest:
        # A year begins at 1 in the patterns of the years before it.
        for found in _read(codes[:LOOKED_AT]):
            highest.setdefault((found["head"], found["mark"]), (0, len(found["number"])))
    if not highest:
        highest["KCDP-", "-"] = 0, 3
    if source:
        highest = _source_first(source, highest, codes)
    return [f"{head}{year}{mark}{number + 1:0{width}d}" for (head, mark), (number, width) in highest.items()]


def _source_first(source, highest, codes):
    """``highest`` with the pattern of the source before the others; as it is where codes name no sources at all."""
    heads = {head: fold(head) for head, _ in highest}
    own = {pattern: found for pattern, found in highest.items() if heads[pattern[0]].startswith(fold(source))}
    if own:
        return own | highest
    named = tuple(fold(code) for code in FundingSource.objects.values_list("code", flat=True))
    if not any(head.startswith(named) for head in heads.values()):
        return highest
    for found in _read(codes[:LOOKED_AT]):
        # The office may write the source in its own way: KCĐP.
        if fold(found["head"]).startswith(fold(source)):
            return {(found["head"], found["mark"]): (0, len(found["number"]))} | highest
    (_, mark), (_, width) = next(iter(highest.items()))
    return {(f"{source}-", mark): (0, width)} | highest


def _read(codes):
    return filter(None, map(PATTERN.fullmatch, codes))
