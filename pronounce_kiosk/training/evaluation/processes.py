"""Score takes in a few processes, each with its own engine and espeak-ng references."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, Jobs, limit_threads, map_in_order
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.training.data.references import training_library
from pronounce_kiosk.training.evaluation.figures import SEED

Item = TypeVar("Item")
Result = TypeVar("Result")

_engine: PracticeEngine | None = None


@dataclass(frozen=True)
class Scored:
    """A score and who spoke. kind: of the clip, where there are several."""

    speaker: str
    score: Score
    kind: str = ""

    @property
    def total(self) -> float:
        """The total, 0 where the clip was refused."""
        return points_of(self.score)

    @property
    def refused(self) -> bool:
        """Whether the clip got no score."""
        return self.score.score is None

    @property
    def unit_scores(self) -> list[float]:
        """Scores of the units that have one."""
        return [unit.score for unit in self.score.units if unit.score is not None]


def start_engine(bundle_folder: Path) -> None:
    """Build this process's engine; espeak-ng always, as a cached gTTS voice changes figures."""
    global _engine
    limit_threads(1)
    _engine = PracticeEngine(training_library(), load_bundle(bundle_folder).scorer, "espeak")


def engine() -> PracticeEngine:
    """Return this process's engine, after `start_engine`."""
    assert _engine is not None
    return _engine


def over_processes(
    function: Callable[[Item], Result],
    work: Sequence[Item],
    bundle_folder: Path,
    jobs: Jobs = DEFAULT_JOBS,
    label: str = "",
) -> list[Result]:
    """Apply a module's function to every item of work, in order, each process with an engine."""
    start = partial(start_engine, bundle_folder)
    return list(map_in_order(function, work, jobs=jobs, label=label, initializer=start))


def score_of(clip: AudioClip, sentence: Sentence) -> Score:
    """Score a clip against a sentence with this process's engine."""
    return engine().score(clip, sentence).score


def clip_at_16_khz(audio: Path) -> AudioClip:
    """Read a take at 16 kHz, the rate of every change to it."""
    return read_clip(audio).resampled(PIPELINE_SAMPLE_RATE_HZ)


def random_of(audio: Path, seed: int = SEED) -> np.random.Generator:
    """Make a take's own generator, which does not depend on the takes beside it."""
    return np.random.default_rng([seed, zlib.crc32(audio.stem.encode())])


def similarities(take: AudioClip, sentences: Sequence[Sentence]) -> NDArray[np.float64]:
    """Measure how well each sentence fits a take, -inf where it cannot be one."""
    prepared = [engine().prepare(sentence) for sentence in sentences]
    found = engine().scorer.similarities(take, prepared)
    return np.array([-np.inf if value is None else value for value in found])


def points_of(score: Score) -> float:
    """Return the total, 0 where the take was not scored."""
    return 0.0 if score.score is None else float(score.score)


def unit_points(score: Score) -> NDArray[np.float64]:
    """Return every unit's score, shape (units,), NaN where there is none."""
    return np.array([np.nan if u.score is None else u.score for u in score.units], np.float64)
