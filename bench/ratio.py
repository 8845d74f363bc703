"""One measurement beside the floor it is compared with, and how that reads."""

from dataclasses import dataclass

TOLERANCE = 2
"""A limit in seconds is broken by more than this many times its value; counts are the same on every machine."""


@dataclass(frozen=True)
class Count:
    """Something counted in the same call (queries, kB); ``limit`` None: only told. ``unit`` ends its sentence."""

    value: float
    unit: str
    limit: float | None = None

    @property
    def is_within(self):
        return self.limit is None or self.value <= self.limit

    def __str__(self):
        return f"{vietnamese(self.value)} {self.unit}"


@dataclass(frozen=True)
class Floor:
    """What every measurement of a benchmark is compared with. ``quiet_s``: its seconds on two cores with nothing else.

    A slower or busier machine takes longer for it, and limits stretch as much: so a limit means the same anywhere.
    """

    words: str
    quiet_s: float


@dataclass(frozen=True)
class Ratio:
    """``measured_s`` over ``floor_s``, both of one run. ``limit_s`` None: no limit is stated, the ratio only told."""

    name: str
    measured_s: float
    floor: Floor
    floor_s: float
    limit_s: float | None = None
    counts: tuple[Count, ...] = ()

    @property
    def value(self):
        return self.measured_s / self.floor_s

    @property
    def here_s(self):
        """The limit on this machine, now; None where none is stated."""
        return None if self.limit_s is None else self.limit_s * max(1, self.floor_s / self.floor.quiet_s)

    @property
    def is_within(self):
        return self._is_in_time(1) and all(count.is_within for count in self.counts)

    @property
    def is_broken(self):
        return not (self._is_in_time(TOLERANCE) and all(count.is_within for count in self.counts))

    def _is_in_time(self, times):
        return self.here_s is None or self.measured_s <= times * self.here_s

    @property
    def verdict(self):
        limits = [f"{vietnamese(count.limit)} {count.unit}" for count in self.counts if count.limit is not None]
        if self.limit_s is not None:
            stretched = f" (máy này, lúc này: {duration(self.here_s)})" if self.here_s > self.limit_s else ""
            limits.insert(0, duration(self.limit_s) + stretched)
        if not limits:
            return "không đặt mức"
        word = "KHÔNG ĐẠT" if self.is_broken else "đạt" if self.is_within else f"hơn mức, chưa quá {TOLERANCE} lần"
        return f"mức {', '.join(limits)}: {word}"

    def __str__(self):
        counts = "".join(f", {count}" for count in self.counts)
        return (
            f"{self.name}: {duration(self.measured_s)}{counts}, gấp {vietnamese(self.value)} lần {self.floor.words} "
            f"({duration(self.floor_s)}); {self.verdict}"
        )


def duration(seconds):
    return f"{vietnamese(seconds)} s" if seconds >= 1 else f"{vietnamese(seconds * 1000)} ms"


def vietnamese(number):
    """Three digits or so: 0,42, 4,2, 42, 4.200."""
    decimals = 0 if number >= 20 or float(number).is_integer() else 1 if number >= 2 else 2
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
