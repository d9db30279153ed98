"""Verify a bundle: it loads, and its golden takes score as its manifest states."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.bundles.load import Bundle, load_bundle
from pronounce_kiosk.bundles.manifest import GoldenTake
from pronounce_kiosk.core.errors import BundleError, KioskError
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.core.sentence import Sentence

if TYPE_CHECKING:
    from pronounce_kiosk.scoring.protocol import Scorer

ScoreTake = Callable[[AudioClip, Sentence], Score]
ScoreWith = Callable[["Scorer"], ScoreTake]
"""Makes a function that scores takes with a scorer, as references belong to a higher layer."""

MAX_GOLDEN_TAKES = 64
MAX_GOLDEN_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GoldenResult:
    """A golden take, its score (None where it could not be scored), and the problem or ""."""

    take: GoldenTake
    score: Score | None
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Verification:
    """A loaded bundle and the results of its golden takes. problem: "" where it passes."""

    bundle: Bundle
    golden: tuple[GoldenResult, ...]
    problem: str

    def require(self) -> Bundle:
        """Return the bundle.

        Raises:
            BundleError: It failed.
        """
        if self.problem:
            name = self.bundle.manifest.name
            raise BundleError(
                f"The bundle {name} fails its own check: {self.problem}. Keep to another one."
            )
        return self.bundle


def verify_bundle(folder: Path, score_with: ScoreWith) -> Verification:
    """Load a bundle and score its golden takes; their failures are in the result.

    Raises:
        BundleError: It does not load (size, sha256, format, architecture, shapes, non-finite
            values).
    """
    bundle = load_bundle(folder)
    score = score_with(bundle.scorer)
    takes = bundle.manifest.golden[:MAX_GOLDEN_TAKES]
    golden = tuple(_check(bundle.folder, take, score) for take in takes)
    return Verification(bundle, golden, _problem(golden))


def _check(folder: Path, take: GoldenTake, score: ScoreTake) -> GoldenResult:
    """Score a golden take. Never raises: a bundle may be made to break."""
    try:
        clip = read_clip(folder / take.audio, MAX_GOLDEN_S)
        given = score(clip, Sentence("", take.text, take.language))
    except KioskError as error:
        return GoldenResult(take, None, f"{take.audio} cannot be scored ({error.message})")
    except Exception as error:  # strange weights raise many kinds of errors
        _log.info("%s of %s", take.audio, folder, exc_info=True)
        return GoldenResult(take, None, f"{take.audio} cannot be scored ({type(error).__name__})")
    return GoldenResult(take, given, _wrong(take, given))


def _wrong(take: GoldenTake, given: Score) -> str:
    """Describe the problem of a golden take's score; "" where there is none."""
    aspects = (given.score, given.accuracy, given.fluency, given.prosody)
    units = (value for unit in given.units for value in (unit.score, unit.start_s, unit.end_s))
    if not all(value is None or math.isfinite(value) for value in (*aspects, *units)):
        return f"{take.audio} gets values that are not numbers"
    if given.verdict is not take.verdict:
        return f"{take.audio} is {given.verdict.value} and not {take.verdict.value}"
    if take.verdict is not Verdict.SCORED:
        return ""
    if given.score is None or not take.score_min <= given.score <= take.score_max:
        got = "no score" if given.score is None else f"{given.score:.1f}"
        return f"{take.audio} gets {got} and not {take.score_min:g} to {take.score_max:g}"
    return ""


def _problem(golden: Sequence[GoldenResult]) -> str:
    """Describe the first problem of all results; "" where there is none."""
    for result in golden:
        if result.problem:
            return result.problem
    if not any(result.take.verdict is Verdict.SCORED for result in golden):
        return "its manifest states no golden take that must be scored"
    # Ranges may overlap; a bad take scores below a right one of its sentence all the same.
    for bad, right in product(golden, repeat=2):
        one, other = bad.take, right.take
        compared = (one.kind, other.kind) == ("bad", "right") and (
            (one.text, one.language) == (other.text, other.language)
        )
        if compared and _points(bad) >= _points(right):
            return f"{one.audio} is not below {other.audio}"
    return ""


def _points(result: GoldenResult) -> float:
    """Return its score; a rejected take counts below any scored one."""
    assert result.score is not None
    return -1.0 if result.score.score is None else result.score.score
