"""The clocks of the benchmarks: seconds, queries, memory."""

import resource
import statistics
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

CLEAR_REFS = Path("/proc/self/clear_refs")


def clock(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def median_s(call, floor, times=15):
    """(median of ``call``, median of ``floor``) in seconds, run in turn so that both meet the machine equally busy."""
    call()
    floor()
    pairs = [(clock(call), clock(floor)) for _ in range(times)]
    return tuple(statistics.median(column) for column in zip(*pairs, strict=True))


@contextmanager
def counted_queries():
    """A list whose length is the number of statements so far; their texts are not kept, which memory would show."""
    seen = []

    def see(execute, sql, params, many, context):
        seen.append(None)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield seen


def restart_peak():
    """Count the peak of memory anew from here, where the system can (Linux); elsewhere it is that of the whole run."""
    if CLEAR_REFS.exists():
        CLEAR_REFS.write_text("5")


def peak_mb() -> float:
    """The most memory this process has held. tracemalloc would tell more and take three times as long."""
    if CLEAR_REFS.exists():
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1000
    # macOS counts bytes, others kilobytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1_000_000 if sys.platform == "darwin" else peak / 1000
