"""Data shown by the screens, made from scores and levels. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.grades import grade_unit, shown, stars
from pronounce_kiosk.core.score import UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import Unit
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.advice import advise
from pronounce_kiosk.session.naming import Advice, same_units

METER_FLOOR_DBFS = -60.0
METER_TOP_DBFS = -6.0
TOO_LOUD_PEAK_DBFS = -0.15
TOO_QUIET_DBFS = -45.0
"""Below this level the room's noise is too prominent."""
HOLD_S = 1.0
"""Minimum time of a hint, so that it can be read."""


@dataclass(frozen=True)
class UnitView:
    """A piece of the sentence.

    grade: ``good``, ``fair``, ``poor``, ``left_out`` (not said), or ``none`` (not scored). numbers:
    indexes of the score's units, several for a written number; empty for text without a score.
    """

    text: str
    grade: str
    score: float | None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class ResultView:
    """A take with its scores, for the result and not-scored screens.

    recording: the take before it is cleaned. score, stars: 0 where the take was not scored.
    """

    sentence: Sentence
    recording: AudioClip
    scored: TakeResult
    reference: AudioClip
    verdict: Verdict
    score: int
    stars: int
    units: tuple[UnitView, ...]
    advice: Advice


def result_view(
    sentence: Sentence,
    recording: AudioClip,
    scored: TakeResult,
    reference: AudioClip,
    said: Sequence[Unit] = (),
    strictness: str = "normal",
) -> ResultView:
    """Build the view of a take. said: the sentence's units with their pronunciation."""
    score = scored.score
    return ResultView(
        sentence,
        recording,
        scored,
        reference,
        verdict=score.verdict,
        score=shown(score.score or 0.0),
        stars=stars(score, strictness),
        units=unit_views(sentence.text, score.units, said),
        advice=advise(score, tempo_ratio(scored), said, strictness),
    )


def tempo_ratio(result: TakeResult) -> float | None:
    """Return the take's length over the reference's; both images are of trimmed clips."""
    take, reference = result.take_image, result.reference_image
    if take is None or reference is None or not reference.shape[1]:
        return None
    return float(take.shape[1] / reference.shape[1])


def unit_views(
    text: str, units: Sequence[UnitScore], said: Sequence[Unit] = ()
) -> tuple[UnitView, ...]:
    """Split the sentence into its units, in order, and the ungraded text between them.

    said: the sentence's units; where they match the score's, they give each one's place in the
    text. The syllables of a written number share its characters, and their worst grade and score.
    """
    pieces: list[UnitView] = []
    position = 0
    for start, end, numbers in _spans(text, units, said):
        own = [units[number] for number in numbers]
        worst = min((grade_unit(unit) for unit in own), key=_GRADES.index)
        points = min((unit.score for unit in own if unit.score is not None), default=None)
        pieces += _between(text[position:start])
        pieces.append(UnitView(text[start:end], worst, points, numbers))
        position = end
    return (*pieces, *_between(text[position:]))


_GRADES = ("left_out", "poor", "fair", "good", "none")
"""Worst first."""
_Place = tuple[int, int, tuple[int, ...]]


def _spans(text: str, units: Sequence[UnitScore], said: Sequence[Unit]) -> list[_Place]:
    spans: list[_Place] = []
    if same_units(units, said):
        for number, where in enumerate(said):
            if spans and spans[-1][:2] == (where.start, where.end):
                spans.append((where.start, where.end, (*spans.pop()[2], number)))
            else:
                spans.append((where.start, where.end, (number,)))
        return spans
    position = 0
    for number, unit in enumerate(units):
        start = text.find(unit.text, position) if unit.text else -1
        if start >= 0:
            position = start + len(unit.text)
            spans.append((start, position, (number,)))
    return spans


def _between(text: str) -> list[UnitView]:
    pieces: list[UnitView] = []
    for number, word in enumerate(text.split(" ")):
        if number:
            pieces.append(UnitView(" ", "none", None))
        if word:
            pieces.append(UnitView(word, "none", None))
    return pieces


@dataclass(frozen=True)
class LevelView:
    """State of the level meter. level: 0-1; hint: ``waiting``, ``good``, ``quiet`` or ``loud``."""

    level: float
    hint: str

    @property
    def tone(self) -> str:
        """Return the meter's tone."""
        return {"loud": "poor", "quiet": "fair"}.get(self.hint, "good")


SILENT = LevelView(0.0, "waiting")


class LevelHints:
    """Smooths recorder levels into a meter value and a hint that can be read."""

    def __init__(self) -> None:
        self._hint = "waiting"
        self._hint_since_s = 0.0
        self._voice: list[tuple[float, float]] = []

    def update(self, time_s: float, rms_dbfs: float, peak_dbfs: float, speaking: bool) -> LevelView:
        """Update from the levels of the last moment. time_s: since the recording began."""
        span = METER_TOP_DBFS - METER_FLOOR_DBFS
        level = min(max((rms_dbfs - METER_FLOOR_DBFS) / span, 0.0), 1.0)
        if speaking:
            self._voice.append((time_s, rms_dbfs))
        self._voice = [(at, db) for at, db in self._voice if time_s - at <= HOLD_S]
        wanted = self._wanted(peak_dbfs)
        # "Too loud" is shown at once; other hints wait until the last one was read.
        if wanted == "loud" or time_s - self._hint_since_s >= HOLD_S or self._hint == "waiting":
            if wanted != self._hint or wanted == "loud":
                self._hint_since_s = time_s
            self._hint = wanted
        return LevelView(level, self._hint)

    def _wanted(self, peak_dbfs: float) -> str:
        if peak_dbfs >= TOO_LOUD_PEAK_DBFS:
            return "loud"
        if not self._voice:
            return "waiting"
        return "quiet" if max(db for _, db in self._voice) < TOO_QUIET_DBFS else "good"
