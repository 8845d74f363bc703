"""The code that the next đề án of a year would get, read off the codes that the office gave so far."""

import re

from projects.models import Project

PATTERN = re.compile(r"(?P<head>.*?)(?P<year>20\d\d)(?P<mark>\D+)(?P<number>\d+)")
PROPOSED_HEAD = "ĐX-"
"""So begin the codes of proposals, until the Centre accepts them under a code of its own."""
LOOKED_AT = 300
"""So many of the latest codes tell the pattern where the year has none yet."""


def next_codes(year: int) -> list[str]:
    """The next free code in each pattern in use ("KCĐP-2026-014"), the latest used first; never empty."""
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
    return [f"{head}{year}{mark}{number + 1:0{width}d}" for (head, mark), (number, width) in highest.items()]


def _read(codes):
    return filter(None, map(PATTERN.fullmatch, codes))
