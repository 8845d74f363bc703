"""Twenty people at once, fifty rounds: approving against one plan, and paying against one contract.

Each round has money for exactly half of them. With the services' locks: never a đồng too much, never a refusal while
there was still enough, no deadlock. The same without the locks shows what they are there for.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from django.db import OperationalError, connections

from bench.measure import clock
from bench.ratio import Count, Floor, Ratio
from khuyencong.errors import NotAllowed
from projects.models import LedgerEntry, ProjectLine, Step
from projects.services import approvals, payments
from tests import factories as make

DATABASES = ("PostgreSQL",)
RIVALS, ROUNDS, FIRST_YEAR = 20, 50, 2030
ENOUGH_FOR = RIVALS // 2
SHARE = make.MILLION
FLOOR = Floor("một lần như vậy khi không ai tranh", 0.012)


def run(database):
    kinds = {"duyệt trong một kế hoạch": (plan, Step.APPROVED), "chi một hợp đồng": (contract, Step.PAID)}
    with ThreadPoolExecutor(RIVALS) as people:
        for words, (begin, step) in kinds.items():
            name = f"{database}, {RIVALS} người cùng {words}, {ROUNDS} lượt"
            yield measured(name, people, begin, step)
            with without_locks():
                yield measured(f"{name}, bỏ khóa để so", people, begin, step, is_locked=False)
        gone = threading.Barrier(RIVALS)
        for _ in people.map(lambda _: (gone.wait(), connections.close_all()), range(RIVALS)):
            pass


def plan(number):
    """(what each rival does, the lines whose money counts): a plan year of its own for every round."""
    year = FIRST_YEAR + number
    make.make_plan(year=year, amount_vnd=SHARE * ENOUGH_FOR)
    lines = [make.make_line(plan_year=year) for _ in range(RIVALS)]
    return [partial(make.approve, line, SHARE) for line in lines], lines


def contract(_number):
    line = make.make_signed_line(SHARE * ENOUGH_FOR)
    return [partial(make.pay, line, SHARE)] * RIVALS, [line]


def measured(name, people, begin, step, *, is_locked=True):
    outcomes, seconds, alone_s = Counter(), 0, []
    for number in range(ROUNDS):
        tasks, lines = begin(number)
        round_s, found = at_once(people, tasks)
        seconds += round_s
        entries = LedgerEntry.objects.filter(line__in=lines, step=step).values_list("amount_vnd", flat=True)
        found["too much"] = max(0, sum(entries) // SHARE - ENOUGH_FOR)
        found["wrongly refused"] = max(0, ENOUGH_FOR - found["granted"])
        outcomes.update(found)
    for number in range(ROUNDS, ROUNDS + 3):
        alone_s.append(clock(begin(number)[0][0]))
    limit = 0 if is_locked else None
    counts = (
        Count(outcomes["granted"], "lần được"),
        Count(outcomes["refused"], "lần bị từ chối"),
        Count(outcomes["deadlocks"], "lần khóa lẫn nhau", limit),
        Count(outcomes["too much"], "triệu đồng vượt", limit),
        Count(outcomes["wrongly refused"], "lần từ chối oan", limit),
    )
    return Ratio(name, seconds / ROUNDS / RIVALS, FLOOR, min(alone_s), None, counts)


def at_once(people, tasks):
    """(seconds until the last is through, how often each outcome came)."""
    start = threading.Barrier(len(tasks))

    def attempt(task):
        start.wait()
        try:
            task()
        except NotAllowed:
            return "refused"
        except OperationalError as error:
            if "deadlock" not in str(error):
                raise
            return "deadlocks"
        return "granted"

    outcomes = []
    seconds = clock(lambda: outcomes.extend(people.map(attempt, tasks)))
    return seconds, Counter(outcomes)


@contextmanager
def without_locks():
    """The services read the same rows, and nobody waits for anybody."""

    def lines(asked):
        return list(ProjectLine.objects.filter(pk__in=[line.pk for line in asked]).order_by("pk"))

    with (
        patch.object(approvals, "lock_lines", lines),
        patch.object(approvals, "lock_source", lambda source, book: source),
        patch.object(payments, "lock_lines", lines),
    ):
        yield
