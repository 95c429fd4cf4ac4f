"""Many durations: their number, sum and percentiles, from the values or from histograms of them.

Buckets grow by a hundredth, so that a percentile from a histogram is off by less than that; number and sum are exact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import floor, log

GROWTH = 1.01
LEAST = 1000  # microseconds: what is shorter shares a bucket
SECOND = 1_000_000


def bucket_of(duration: int) -> int:
    """The bucket of a duration in microseconds."""
    return 0 if duration < LEAST else 1 + floor(log(duration / LEAST) / log(GROWTH))


def histogram_of(durations: Iterable[int]) -> dict[str, int]:
    """Number by bucket, as JSON keeps it."""
    return {str(bucket): number for bucket, number in Counter(map(bucket_of, durations)).items()}


def merged(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Both histograms in one."""
    return dict(Counter(one) + Counter(other))


class Durations:
    """Durations of a group; all times that it gives are seconds."""

    __slots__ = ("_buckets", "_parts", "_percentiles", "_values", "number", "total")

    def __init__(self) -> None:
        self.number = self.total = self._parts = 0
        self._values: list[int] = []
        self._buckets: Counter[str] = Counter()
        self._percentiles: dict[float, float | None] = {}

    def add_values(self, values: Iterable[int]) -> None:
        """Durations in microseconds."""
        known = len(self._values)
        self._values += values
        new = self._values[known:]
        self.number += len(new)
        self.total += sum(new)

    def add_summary(
        self,
        number: int,
        total: int,
        histogram: Mapping[str, int],
        percentiles: Mapping[float, float | None] | None = None,
    ) -> None:
        """Durations that were summed up before; their own `percentiles` hold while nothing else is added."""
        self.number += number
        self.total += total
        self._parts += 1
        self._buckets.update(histogram)
        self._percentiles = dict(percentiles or {})

    @property
    def average(self) -> float | None:
        """None where there are none."""
        return self.total / self.number / SECOND if self.number else None

    def percentile(self, share: float) -> float | None:
        """As `percentile_cont` of PostgreSQL has it; exact unless histograms were put together."""
        if not self.number:
            return None
        if self._parts == 1 and not self._values and self._percentiles.get(share) is not None:
            return self._percentiles[share]
        rank = share * (self.number - 1)
        low, high = self._ranked({floor(rank), min(floor(rank) + 1, self.number - 1)})
        return (low + (high - low) * (rank - floor(rank))) / SECOND

    def _ranked(self, ranks: set[int]) -> tuple[float, float]:
        """The values at one or two ranks, which follow each other."""
        if not self._parts:
            values = sorted(self._values)
            found = [float(values[rank]) for rank in sorted(ranks)]
        else:
            buckets = self._buckets + Counter(histogram_of(self._values))
            found = [_at(sorted((int(b), n) for b, n in buckets.items()), rank) for rank in sorted(ranks)]
        return found[0], found[-1]


def _at(buckets: list[tuple[int, int]], rank: int) -> float:
    """The value at a rank, as if those of a bucket were spread evenly in it."""
    before = 0
    for bucket, number in buckets:
        if rank < before + number:
            low = LEAST * GROWTH ** (bucket - 1) if bucket else 0.0
            high = LEAST * GROWTH**bucket if bucket else float(LEAST)
            return low + (high - low) * (rank - before + 0.5) / number
        before += number
    raise ValueError(rank)
