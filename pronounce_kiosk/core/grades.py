"""Grades and stars: the single rule for displaying, comparing and grading scores.

A score is rounded before it is compared: what a learner reads as 80 counts as 80.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from pronounce_kiosk.core.score import Score, UnitScore

GOOD_POINTS = 80
"""Least points of a ``good`` unit or aspect (green); raising it marks more of them amber."""
FAIR_POINTS = 60
"""Least points of a ``fair`` unit or aspect (amber); below it is ``poor`` (red)."""
RED_BELOW = FAIR_POINTS - 0.5
AMBER_BELOW = GOOD_POINTS - 0.5
"""The bounds for points that are not rounded yet."""
STAR_BOUNDS: dict[str, tuple[int, int, int]] = {
    "gentle": (50, 70, 85),
    "normal": (60, 80, 90),
    "strict": (70, 85, 95),
}
"""Least points for one, two and three stars, by the setting `strictness`."""


def shown(points: float) -> int:
    """Round points as every screen shows them: a half goes up."""
    return math.floor(points + 0.5)


def grade(points: float | None) -> str:
    """Grade points as ``good``, ``fair`` or ``poor``; ``none`` where there is no number."""
    if points is None:
        return "none"
    if shown(points) >= GOOD_POINTS:
        return "good"
    return "fair" if shown(points) >= FAIR_POINTS else "poor"


def grade_unit(unit: UnitScore) -> str:
    """Grade a unit as `grade` does; ``left_out`` where it was omitted."""
    return grade(unit.score) if unit.said else "left_out"


def is_faultless(units: Iterable[UnitScore]) -> bool:
    """Tell whether no unit was omitted or graded ``poor``: the condition for a third star."""
    return all(grade_unit(unit) not in ("poor", "left_out") for unit in units)


def stars(score: Score, strictness: str = "normal") -> int:
    """Count the stars of a score, 0 to 3; 0 where it has no number."""
    return Best().after(score).stars(strictness)


@dataclass(frozen=True)
class Best:
    """The best points of several scores of a sentence.

    Attributes:
        points: The best of all, None where no score has a number.
        faultless_points: The best of the scores that may earn a third star (`is_faultless`), None
            where there are none.
    """

    points: float | None = None
    faultless_points: float | None = None

    def after(self, score: Score) -> Self:
        """Return the best with one more score."""
        if score.score is None:
            return self
        better = replace(self, points=max(self.points or 0.0, score.score))
        if not is_faultless(score.units):
            return better
        return replace(better, faultless_points=max(self.faultless_points or 0.0, score.score))

    @property
    def to_practise(self) -> bool:
        """Whether it was scored, but never without a ``poor`` or missing unit."""
        return self.points is not None and self.faultless_points is None

    def stars(self, strictness: str = "normal") -> int:
        """Return the most stars that one of the scores earned, 0 to 3."""
        one, two, three = STAR_BOUNDS[strictness]
        if self.points is None:
            return 0
        if self.faultless_points is not None and shown(self.faultless_points) >= three:
            return 3
        return (shown(self.points) >= one) + (shown(self.points) >= two)
