"""The number that the next paper would get, read off those that the office gave so far."""

import re

from projects.models import Contract

PATTERN = re.compile(r"(?P<head>\D*)(?P<number>\d+)(?P<tail>.*)", re.DOTALL)
FIRST_CONTRACT = "01/HĐ-KC"


def next_contract_number(kind, year: int) -> str:
    """The next number of that kind in the year ("07/HĐ-KC" -> "08/HĐ-KC"), in the pattern used last; never empty.

    A year begins at 1 in the pattern of the years before it.
    """
    numbers = Contract.objects.filter(kind=kind).exclude(number="").order_by("-pk")
    found = next_after(numbers.filter(year=year).values_list("number", flat=True))
    if found:
        return found
    last = numbers.filter(year__lt=year).values_list("number", "year").first()
    read = last and PATTERN.fullmatch(last[0])
    if not read:
        return FIRST_CONTRACT
    tail = read["tail"].replace(str(last[1]), str(year))
    return f"{read['head']}{1:0{len(read['number'])}d}{tail}"


def next_after(numbers) -> str:
    """The number after the highest in the pattern of the first of ``numbers`` that has one; "" where none has."""
    pattern, highest, width = None, 0, 0
    for read in filter(None, map(PATTERN.fullmatch, numbers)):
        pattern = pattern or (read["head"], read["tail"])
        if (read["head"], read["tail"]) == pattern:
            highest, width = max(highest, int(read["number"])), max(width, len(read["number"]))
    return f"{pattern[0]}{highest + 1:0{width}d}{pattern[1]}" if pattern else ""


def next_annex_number(contract) -> str:
    """As the annexes of this contract go on; the first is "PL01" with the contract's number behind it."""
    found = next_after(contract.annexes.exclude(number="").order_by("-pk").values_list("number", flat=True))
    return found or "/".join(filter(None, ["PL01", contract.number]))
