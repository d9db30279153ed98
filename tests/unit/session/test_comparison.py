"""Where the units lie in both voices, and a take laid under its example."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference, UnitTime
from pronounce_kiosk.core.score import ReferenceInfo, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.classic.scorer import ClassicData
from pronounce_kiosk.scoring.frontend import trimmed_reference
from pronounce_kiosk.scoring.protocol import PreparedReference, TakeResult
from pronounce_kiosk.session.comparison import CloserLook, Example, Span, look_closer, melody_of

RATE = 16_000
SENTENCE = Sentence("1", "가나다", "ko")
INFO = ReferenceInfo("espeak", "ko")
NOTHING = ClassicData(np.zeros((0, 64), np.float32))


def buzz(seconds: float, hertz: float = 200.0) -> AudioClip:
    wave = np.sign(np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE))
    return AudioClip.from_array((0.1 * wave).astype(np.float32), RATE)


def image(columns: int) -> np.ndarray:
    return np.tile(np.arange(columns, dtype=np.uint8), (8, 1))


def look(
    reference_units: tuple[UnitTime, ...],
    take_units: tuple[UnitScore, ...],
    times_s: np.ndarray | None = None,
) -> CloserLook:
    reference = Reference(buzz(0.9), INFO, "key", reference_units)
    score = Score(Verdict.SCORED, 70.0, units=take_units)
    # The take began 0.5 s after the button.
    result = TakeResult(score, image(180), image(90), buzz(1.8, 300.0), take_start_s=0.5)
    times_s = np.zeros((2, 0)) if times_s is None else times_s
    prepared = PreparedReference(SENTENCE, INFO, image(90), NOTHING, times_s)
    trimmed = trimmed_reference(reference.clip)
    example = Example(trimmed.clip, trimmed.start_s, melody_of(trimmed.clip))
    return look_closer(result, reference, example, prepared)


TAKE_UNITS = tuple(
    UnitScore(text, 0.5 + start, 0.5 + end, 50.0)
    for text, start, end in (("가", 0.0, 0.2), ("나", 0.2, 1.6), ("다", 1.6, 1.8))
)
REFERENCE_UNITS = tuple(UnitTime(text, n * 0.3, n * 0.3 + 0.3) for n, text in enumerate("가나다"))


def test_the_engine_s_own_times_where_it_gives_them() -> None:
    found = look(REFERENCE_UNITS, TAKE_UNITS)
    starts = [unit.start_s for unit in found.reference_units]
    shift = starts[0]
    assert [start - shift for start in starts] == pytest.approx([0.0, 0.3, 0.6], abs=0.05)
    assert found.take_units[1].start_s == pytest.approx(0.2)
    assert found.take_units[1].end_s == pytest.approx(1.6)


def test_else_what_the_model_aligned() -> None:
    found = look((), TAKE_UNITS, np.array([[0.0, 0.3, 0.6], [0.3, 0.5, 2.0]]))
    spans = [(unit.start_s, unit.end_s) for unit in found.reference_units]
    assert spans == [(0.0, 0.3), (0.3, 0.5), (0.6, found.reference.duration_s)]
    # A unit that nothing is said of, a digit's or a letter's, lasts no time.
    found = look((), TAKE_UNITS, np.array([[0.0, 0.3, 0.6], [0.3, 0.3, 2.0]]))
    assert found.reference_units[1] == Span(0.3, 0.3)


def test_without_times_nothing_is_pointed_at() -> None:
    for units in ((), TAKE_UNITS[:2]):
        found = look((), units)
        assert found.reference_units == found.take_units == ()
        assert not len(found.reference_unit(0).samples)
        # The whole take still lies under the whole example.
        assert found.take_image is not None
        assert found.take_image.shape == (8, 90)


def test_a_take_s_image_lies_unit_under_unit() -> None:
    found = look(REFERENCE_UNITS, TAKE_UNITS)
    assert found.take_image is not None
    row = found.take_image[0].astype(int)
    assert (np.diff(row) >= 0).all()
    # The take's middle unit takes from 0.2 to 1.6 of its 1.8 s; under the example, a third.
    left, right = (round(found.reference_units[1].start_s * 100) + n for n in (2, 26))
    assert row[left] == pytest.approx(25, abs=12)
    assert row[right] == pytest.approx(150, abs=20)
    times = found.take_pitch_times_s
    assert (np.diff(times) >= 0).all()
    assert times[-1] <= found.reference.duration_s + 1e-3
    assert len(times) == len(found.take_pitch)


def test_a_unit_to_hear_is_never_a_click() -> None:
    found = look(REFERENCE_UNITS, TAKE_UNITS)
    for clip in (found.take_unit(0), found.reference_unit(2), found.take_unit(0, 2)):
        assert clip.duration_s >= 0.2
        assert clip.samples[0] == clip.samples[-1] == 0.0
        assert clip.peak > 0.05
    assert found.take_unit(0, 2).duration_s == pytest.approx(1.8, abs=0.01)
    assert not len(found.take_unit(3).samples)
