"""One measured ratio and the clock behind it."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """``measured_s`` over ``floor_s``, both of one run; at most ``limit`` is expected."""

    name: str
    measured_s: float
    floor_s: float
    limit: float

    @property
    def value(self):
        return self.measured_s / self.floor_s

    @property
    def is_within(self):
        return self.value <= self.limit

    def __str__(self):
        verdict = "đạt" if self.is_within else "QUÁ MỨC"
        return (
            f"{self.name}: {self.value:.1f} lần ({self.measured_s * 1000:.1f} ms so với "
            f"{self.floor_s * 1000:.1f} ms), mức {self.limit:g}: {verdict}"
        )


def seconds(call, times=5):
    """The shortest of ``times`` runs: what the code costs, less what the machine was busy with."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best
