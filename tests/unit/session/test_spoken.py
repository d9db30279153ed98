"""The example slowly and word by word, and which unit is being said."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference, UnitTime
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.classic.scorer import ClassicData
from pronounce_kiosk.scoring.protocol import PreparedReference
from pronounce_kiosk.session.spoken import GAP_S, SpokenExample, spoken, word_by_word

RATE = 16_000
TEXT = "가나 다."
UNITS = split_units(TEXT, "ko")
INFO = ReferenceInfo("gtts", "ko")


def voice(*pieces: tuple[float, float]) -> AudioClip:
    """Noise: seconds and loudness of each piece."""
    noise = np.random.default_rng(3)
    parts = [noise.normal(0, loud, round(length * RATE)) for length, loud in pieces]
    return AudioClip.from_array(np.concatenate(parts).astype(np.float32), RATE)


def example(*times_s: float, clip: AudioClip | None = None) -> SpokenExample:
    """Of the text; each unit lasts until the next one begins."""
    clip = clip or voice((0.3, 0.1), (0.3, 0.1), (0.3, 0.1))
    ends = (*times_s[1:], clip.duration_s)
    units = tuple(
        UnitTime(unit.text, start_s, end_s)
        for unit, start_s, end_s in zip(UNITS, times_s, ends, strict=True)
    )
    return spoken(Reference(clip, INFO, "key", units), None, TEXT, UNITS)


def silences_s(clip: AudioClip) -> list[float]:
    """How long each row of exact zeros lasts that is longer than a moment."""
    zero = np.concatenate([[0], (clip.samples == 0).astype(int), [0]])
    starts, ends = np.flatnonzero(np.diff(zero) > 0), np.flatnonzero(np.diff(zero) < 0)
    return [
        each / clip.sample_rate_hz for each in ends - starts if each > clip.sample_rate_hz * 0.05
    ]


def test_the_unit_being_said_is_known_at_any_time() -> None:
    found = example(0.0, 0.3, 0.6)
    said = [found.unit_at(position_s) for position_s in (0.1, 0.35, 0.8)]
    assert [TEXT[unit.first : unit.last] for unit in said if unit] == ["가", "나", "다"]
    assert [unit.word for unit in said if unit] == [0, 0, 1]
    assert found.unit_at(5.0) is None
    assert example(0.1, 0.3, 0.6).unit_at(0.05) is None


def test_units_of_a_voice_without_times_are_where_the_scorer_found_them() -> None:
    clip = voice((0.9, 0.1))
    reference = Reference(clip, INFO, "key")
    times_s = np.array([[0.0, 0.3, 0.6], [0.3, 0.6, 0.9]])
    image = np.zeros((1, 1), np.uint8)
    data = ClassicData(np.zeros((0, 64), np.float32))
    prepared = PreparedReference(Sentence("1", TEXT, "ko"), INFO, image, data, times_s)
    found = spoken(reference, prepared, TEXT, UNITS)
    assert [unit.start_s for unit in found.units] == pytest.approx([0.0, 0.3, 0.6], abs=0.1)
    unknown = PreparedReference(prepared.sentence, INFO, image, data, np.zeros((2, 0)))
    for nothing in (unknown, None):
        assert spoken(reference, nothing, TEXT, UNITS).units == ()


def test_words_are_put_apart_and_units_keep_their_places() -> None:
    usual = example(0.0, 0.3, 0.6)
    apart = word_by_word(usual)
    assert silences_s(apart.clip) == pytest.approx([GAP_S], abs=0.01)
    assert apart.clip.duration_s == pytest.approx(usual.clip.duration_s + GAP_S, abs=0.01)
    last = apart.units[-1]
    assert last.start_s == pytest.approx(0.6 + GAP_S, abs=0.06)
    assert last.end_s == pytest.approx(apart.clip.duration_s, abs=0.01)
    said = apart.unit_at(0.8)
    assert said is not None
    assert said.word == 0, "in a gap, the unit before it"


def test_the_cut_lies_where_it_is_quietest() -> None:
    # The words' border is 25 ms later than the times say.
    clip = voice((0.615, 0.1), (0.02, 0.0001), (0.3, 0.1))
    apart = word_by_word(example(0.0, 0.3, 0.6, clip=clip))
    before = apart.clip.slice_s(0.55, 0.60)
    after = apart.clip.slice_s(0.62 + GAP_S, 0.66 + GAP_S)
    assert before.rms > 0.05
    assert after.rms > 0.04


def test_a_pause_between_words_is_kept_short() -> None:
    clip = voice((0.6, 0.1), (0.5, 0.0001), (0.3, 0.1))
    units = (UnitTime("가", 0.0, 0.3), UnitTime("나", 0.3, 0.6), UnitTime("다", 1.1, 1.4))
    paused = spoken(Reference(clip, INFO, "key", units), None, TEXT, UNITS)
    apart = word_by_word(paused)
    assert apart.clip.duration_s == pytest.approx(0.6 + 0.3 + 0.1 + GAP_S, abs=0.02)


def test_nothing_is_cut_where_times_are_unknown_or_there_is_one_word() -> None:
    unknown = SpokenExample(voice((0.5, 0.1)))
    assert word_by_word(unknown) is unknown
    assert unknown.unit_at(0.1) is None
    one = split_units("가나다", "ko")
    times = tuple(UnitTime(unit.text, n * 0.2, n * 0.2 + 0.2) for n, unit in enumerate(one))
    alone = spoken(Reference(voice((0.6, 0.1)), INFO, "key", times), None, "가나다", one)
    assert word_by_word(alone) is alone
