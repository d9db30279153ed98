"""Compare two bundles on the same takes: where they differ, and which agrees better with raters.

The bundles score on two scales, so a difference shows which takes to listen to, never which take is
better. Comparable are the order of takes, the verdicts, and the agreement with ratings.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pronounce_kiosk.batch.scoring import RATED, BatchResult, BatchRow, Ratings
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.score import BundleInfo, Incomparable, Score, Verdict, why_incomparable

ASPECTS = ("score", "accuracy", "fluency", "prosody")
PAIR_COLUMNS = (
    "id", "verdict_a", "score_a", "verdict_b", "score_b", "difference", "not_comparable",
)  # fmt: skip
SHOWN = 10


@dataclass(frozen=True)
class Pair:
    """One take under both bundles."""

    id: str
    a: Score
    b: Score
    ratings: Ratings = field(default_factory=dict)

    @property
    def difference(self) -> float | None:
        """B minus A; None where either has no score."""
        if self.a.score is None or self.b.score is None:
            return None
        return self.b.score - self.a.score

    @property
    def incomparable(self) -> Incomparable | None:
        """The reason why the two scores are on different scales, or None."""
        return why_incomparable(self.a, self.b)

    def line(self) -> str:
        """Format the row of the paired table; an empty cell where there is no number."""
        scores = (
            cell for one in (self.a, self.b) for cell in (one.verdict.value, _number(one.score))
        )
        why = "" if self.incomparable is None else self.incomparable.value
        return "\t".join((self.id, *scores, _number(self.difference), why))


def pair_up(
    rows: Sequence[BatchRow], first: Sequence[BatchResult], second: Sequence[BatchResult]
) -> tuple[Pair, ...]:
    """Pair the results of both bundles for each row, in order."""
    results = zip(rows, first, second, strict=True)
    return tuple(Pair(row.id, one.score, other.score, row.ratings) for row, one, other in results)


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write the paired table, a row a take.

    Raises:
        OSError: It cannot be written.
    """
    lines = ["\t".join(PAIR_COLUMNS), *(pair.line() for pair in pairs)]
    write_atomically(path, ("\n".join(lines) + "\n").encode("utf-8"))


def report(a: BundleInfo, b: BundleInfo, pairs: Sequence[Pair]) -> str:
    """Format the comparison for a terminal."""
    tables = (table(pairs) for table in (_verdicts, _differences, _agreement, _furthest))
    return "\n\n".join(part for part in (_heading(a, b, pairs), *tables) if part)


def pearson(left: ArrayLike, right: ArrayLike) -> float:
    """Compute Pearson's correlation; NaN for fewer than 3 values or no variance."""
    one, other = np.asarray(left, float), np.asarray(right, float)
    if len(one) < 3 or min(one.std(), other.std()) < 1e-9:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def spearman(left: ArrayLike, right: ArrayLike) -> float:
    """Compute Spearman's rank correlation, ties sharing their mean rank."""
    from scipy.stats import rankdata

    return pearson(rankdata(left), rankdata(right))


def _heading(a: BundleInfo, b: BundleInfo, pairs: Sequence[Pair]) -> str:
    voices = Counter(
        f"{score.reference.engine} {score.reference.voice}"
        for pair in pairs
        for score in (pair.a, pair.b)
        if score.reference is not None
    )
    lines = [f"{side}  {one.name}  sha256 {one.sha256[:12]}" for side, one in (("A", a), ("B", b))]
    lines.append(f"references: {', '.join(voice for voice, _ in voices.most_common()) or 'none'}")
    if a != b:
        lines.append(
            "! Scores of different bundles are not comparable one to one: each has its own scale."
        )
    reasons = {pair.incomparable for pair in pairs}
    if reasons & {Incomparable.ENGINE, Incomparable.VOICE}:
        lines.append("! Some takes had another reference under A than under B.")
    return "\n".join(lines)


def _verdicts(pairs: Sequence[Pair]) -> str:
    counts = Counter((pair.a.verdict, pair.b.verdict) for pair in pairs)
    used = [v for v in Verdict if any(v in both for both in counts)]
    width = max(len(verdict.value) for verdict in Verdict) + 2
    lines = ["verdicts (A down, B across)"]
    lines.append(" " * width + "".join(f"{verdict.value:>{width}}" for verdict in used))
    for down in used:
        row = "".join(f"{counts[down, across]:>{width}}" for across in used)
        lines.append(f"{down.value:<{width}}{row}")
    same = sum(count for (one, other), count in counts.items() if one is other)
    lines.append(f"{same} of {len(pairs)} takes get the same verdict")
    return "\n".join(lines)


def _differences(pairs: Sequence[Pair]) -> str:
    columns = ("takes", "mean A", "mean B", "B - A", "spread", "Pearson", "Spearman")
    lines = [_row("both scored", *columns)]
    for aspect in ASPECTS:
        one, other = _both(pairs, aspect)
        if len(one):
            points = (one.mean(), other.mean(), (other - one).mean(), (other - one).std())
            alike = (pearson(one, other), spearman(one, other))
            numbers = (*(f"{value:.1f}" for value in points), *(f"{r:.3f}" for r in alike))
            lines.append(_row(aspect, str(len(one)), *numbers))
    return "\n".join(lines) if len(lines) > 1 else "no take is scored by both"


def _agreement(pairs: Sequence[Pair]) -> str:
    """Tabulate both bundles' PCC with the raters' mean, on the takes that both score."""
    lines = [_row("with ratings", "takes", "PCC A", "PCC B", "B - A")]
    for rated, aspect in RATED.items():
        some = [pair for pair in pairs if rated in pair.ratings and pair.difference is not None]
        if not some:
            continue
        people = [pair.ratings[rated] for pair in some]
        a = _with_people([getattr(pair.a, aspect) for pair in some], people)
        b = _with_people([getattr(pair.b, aspect) for pair in some], people)
        # A model without that aspect has no agreement on it.
        numbers = ("-" if np.isnan(value) else f"{value:.3f}" for value in (a, b, b - a))
        lines.append(_row(rated, str(len(some)), *numbers))
    return "\n".join(lines) if len(lines) > 1 else ""


def _with_people(given: Sequence[float | None], people: Sequence[float]) -> float:
    return float("nan") if None in given else pearson(np.array(given, float), people)


def _furthest(pairs: Sequence[Pair]) -> str:
    """List takes to listen to.

    Different verdicts first, then the largest deviations from the median difference.
    """
    changed = [pair for pair in pairs if pair.a.verdict is not pair.b.verdict]
    scored = [(gap, pair) for pair in pairs if (gap := pair.difference) is not None]
    usual = float(np.median([gap for gap, _ in scored])) if scored else 0.0
    unusual = [(abs(gap - usual), pair) for gap, pair in scored if gap != usual]
    unusual.sort(key=itemgetter(0), reverse=True)
    chosen = [*changed, *(pair for _, pair in unusual)][:SHOWN]
    lines = [f"  {pair.id}  {_said(pair.a)}, {_said(pair.b)}" for pair in chosen]
    return "\n".join(["takes to listen to (A, B)", *lines]) if lines else ""


def _both(pairs: Sequence[Pair], aspect: str) -> NDArray[np.float64]:
    """Return an aspect under A and under B, shape (2, n), of the takes that have it under both."""
    given = ((getattr(pair.a, aspect), getattr(pair.b, aspect)) for pair in pairs)
    return np.array([both for both in given if None not in both], np.float64).reshape(-1, 2).T


def _row(name: str, *cells: str) -> str:
    return f"{name:<12}" + "".join(f"{cell:>10}" for cell in cells)


def _said(score: Score) -> str:
    return score.verdict.value if score.score is None else f"{score.score:.1f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
