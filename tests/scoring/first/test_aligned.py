"""The aligned scorer with the bundle that ships, on espeak-ng's voices in a room."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip, FloatArray
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import ReferenceInfo, Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.alignment import PhoneSpans
from pronounce_kiosk.scoring.first.aligned import (
    DYING_SHARE,
    REACH_FRAMES,
    AlignedScorer,
    build_scorer,
    unit_frames,
    unit_times_s,
)
from pronounce_kiosk.scoring.first.aligned_judge import TAKE_FEATURES
from pronounce_kiosk.scoring.protocol import PreparedReference

RATE = 16_000
BUNDLE = Path(__file__).resolve().parents[3] / "models" / "aligned-1"
KOREAN = Sentence("", "오늘은 삼겹살을 먹었어요", "ko")
OTHER = Sentence("", "지금 몇 시에 만날까요", "ko")
ENGLISH = Sentence("", "It's nice to meet you.", "en")
LEARNER = "+m7"
"""A voice that says no reference."""
Speak = Callable[..., AudioClip]
Prepare = Callable[[Sentence], PreparedReference]


@pytest.fixture(scope="module")
def espeak() -> EspeakEngine:
    return EspeakEngine(library=EspeakLibrary(fresh_process=False))


@pytest.fixture(scope="module")
def prepare(scorer: AlignedScorer, espeak: EspeakEngine) -> Prepare:
    engines = [espeak, *(espeak.with_variant(variant) for variant in scorer.extra_voices)]
    return lambda sentence: scorer.prepare(sentence, [e.render(sentence) for e in engines])


@pytest.fixture(scope="module")
def korean(prepare: Prepare) -> PreparedReference:
    return prepare(KOREAN)


@pytest.fixture(scope="module")
def said(speak: Speak) -> AudioClip:
    return speak(KOREAN.text, "ko" + LEARNER)


@pytest.fixture(scope="module")
def first(scorer: AlignedScorer, said: AudioClip, korean: PreparedReference) -> Score:
    return scorer.score(said, korean).score


def numbers(score: Score) -> dict[str, object]:
    """All that a score says but how long it took, to the last bit."""
    return {**score.to_json(), "exact": score.score, "units": score.units, "timings_ms": None}


def changed(clip: AudioClip, samples: FloatArray) -> AudioClip:
    return AudioClip.from_array(samples, clip.sample_rate_hz)


def test_the_sentence_said_by_another_voice_scores_high(first: Score) -> None:
    assert first.verdict is Verdict.SCORED
    for value in (first.score, first.accuracy, first.fluency, first.prosody):
        assert value is not None
        assert 75.0 < value <= 100.0
    assert set(first.timings_ms) == {"level", "denoise", "trim", "mel", "siamese", "align", "score"}


def test_english_too(scorer: AlignedScorer, prepare: Prepare, speak: Speak) -> None:
    prepared = prepare(ENGLISH)
    score = scorer.score(speak(ENGLISH.text, "en-us" + LEARNER), prepared).score
    assert score.verdict is Verdict.SCORED
    assert score.score is not None
    assert score.score > 70.0
    assert [unit.text for unit in score.units] == ["It's", "nice", "to", "meet", "you"]
    other = scorer.score(speak("Where did they go then?", "en-us" + LEARNER), prepared)
    assert other.score.verdict is Verdict.DIFFERENT_SENTENCE


def test_another_sentence_is_refused(
    scorer: AlignedScorer, korean: PreparedReference, speak: Speak
) -> None:
    result = scorer.score(speak(OTHER.text, "ko" + LEARNER), korean)
    assert result.score.verdict is Verdict.DIFFERENT_SENTENCE
    assert result.score.score is None
    assert result.score.units == ()
    assert result.take_image is not None


def test_units_are_the_sentence_s_and_lie_in_the_take(first: Score, said: AudioClip) -> None:
    written = [unit.text for unit in split_units(KOREAN.text, "ko")]
    assert [unit.text for unit in first.units] == written
    times = [time for unit in first.units for time in (unit.start_s, unit.end_s)]
    assert times == sorted(times)
    assert times[0] >= 0.3, "the take begins with half a second of pause"
    assert times[-1] <= said.duration_s
    assert all(unit.end_s > unit.start_s for unit in first.units)
    assert all(unit.score is not None and 0 <= unit.score <= 100 for unit in first.units)


def test_units_lie_where_they_were_said(scorer: AlignedScorer, prepare: Prepare) -> None:
    library = EspeakLibrary(fresh_process=False)
    wrong_s: list[float] = []
    for text, voice, rate_wpm in (
        (KOREAN.text, "ko+m7", 150),
        (OTHER.text, "ko+f4", 200),
        ("지하철역에서 친구를 기다리고 있어요", "ko+m1", 240),
    ):
        sentence = Sentence("", text, "ko")
        take = EspeakEngine({"ko": voice}, rate_wpm, library).render(sentence)
        pause = np.zeros(RATE // 2, np.float32)
        said = take.clip.resampled(RATE)
        heard = changed(said, np.concatenate([pause, said.samples, pause]))
        units = scorer.score(heard, prepare(sentence)).score.units
        for unit, truth in zip(units, take.units, strict=True):
            wrong_s += [unit.start_s - 0.5 - truth.start_s, unit.end_s - 0.5 - truth.end_s]
    assert len(wrong_s) > 60
    assert abs(float(np.median(wrong_s))) < 0.01
    assert float(np.mean(np.abs(wrong_s))) < 0.03


def spans(*edges: tuple[int, int]) -> PhoneSpans:
    start, end = np.array(edges, np.int64).T
    return PhoneSpans(start, end, 0.0)


def test_a_border_is_the_ears_mean_and_in_the_silence_that_they_leave() -> None:
    line = PhoneLine("ko", (1, 2, 3), (0, 1, 2))
    one = unit_frames([spans((2, 4), (4, 6), (8, 10))], line)
    reach = REACH_FRAMES
    between = 18 - 1.5 + DYING_SHARE * 6
    assert one[0].tolist() == pytest.approx([6 - 1.5 - reach, 12 - 1.5, between])
    assert one[1].tolist() == pytest.approx([12 - 1.5, between, 30 - 1.5 + reach])
    both = unit_frames([spans((2, 4), (4, 6), (8, 10)), spans((2, 3), (3, 6), (8, 10))], line)
    assert both[1, 0] == pytest.approx((12 + 9 + 2) / 2 - 1.5)
    # A pause is nobody's, but for what lies next to a unit.
    paused = unit_frames([spans((2, 4), (4, 6), (26, 28))], line)
    assert paused[1, 1] == pytest.approx(18 - 1.5 + reach)
    assert paused[0, 2] == pytest.approx(78 - 1.5 - reach)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 9)), min_size=1, max_size=12))
def test_units_follow_one_another(lengths: list[tuple[int, int]]) -> None:
    ends = np.cumsum([length + gap for length, gap in lengths])
    edges = [(int(end) - length, int(end)) for end, (length, _) in zip(ends, lengths, strict=True)]
    line = PhoneLine("ko", (1,) * len(edges), tuple(range(len(edges))))
    later = [(start + 1, end + 1) for start, end in edges]
    start, end = unit_frames([spans(*edges), spans(*later)], line)
    assert (end > start).all()
    assert (start[1:] >= end[:-1] - 1e-9).all()
    found_s = unit_times_s([spans(*edges)], line, MelParameters(), 0.2)
    assert found_s.min() >= 0.0
    assert found_s.max() <= 0.2


def test_a_cut_syllable_loses_points_where_it_was(
    scorer: AlignedScorer, korean: PreparedReference, said: AudioClip, first: Score
) -> None:
    unit = first.units[4]
    assert unit.text == "겹"
    start, end = round(unit.start_s * RATE), round(unit.end_s * RATE)
    cut = changed(said, np.concatenate([said.samples[:start], said.samples[end:]]))
    score = scorer.score(cut, korean).score
    assert score.verdict is Verdict.SCORED
    points = [unit.score or 0.0 for unit in score.units]
    assert int(np.argmin(points)) in (3, 4, 5)
    assert min(points) < 80.0
    assert min(points[0], points[1], points[-1], points[-2]) > 90.0


def recorded(clip: AudioClip, engine: str = "recording") -> Reference:
    """A reference without times, as from a teacher's file."""
    return Reference(clip, ReferenceInfo(engine, "teacher"), "")


def both_ways(
    scorer: AlignedScorer, espeak: EspeakEngine, sentence: Sentence, main: Reference
) -> tuple[PreparedReference, PreparedReference]:
    """By espeak-ng's voices alone, and with another main reference before the very same."""
    engines = [espeak, *(espeak.with_variant(variant) for variant in scorer.extra_voices)]
    voices = [engine.render(sentence) for engine in engines]
    return scorer.prepare(sentence, voices), scorer.prepare(sentence, [main, *voices])


def test_a_recording_speaks_for_the_syllables_and_not_for_the_whole(
    scorer: AlignedScorer, espeak: EspeakEngine, speak: Speak, said: AudioClip
) -> None:
    # What it says tells whose voice was asked: another sentence is far from every syllable.
    strange = recorded(speak(OTHER.text, "ko+f4"))
    plain, person = (
        scorer.score(said, one).score for one in both_ways(scorer, espeak, KOREAN, strange)
    )
    assert numbers(replace(person, units=(), reference=None)) == numbers(
        replace(plain, units=(), reference=None)
    )
    assert person.reference == ReferenceInfo("recording", "teacher")
    for far, near in zip(person.units, plain.units, strict=True):
        assert (far.text, far.start_s, far.end_s) == (near.text, near.start_s, near.end_s)
    assert mean_of_units(person) < mean_of_units(plain) - 2.0
    same = scorer.score(said, scorer.prepare(KOREAN, [recorded(said)])).score
    assert mean_of_units(same) > mean_of_units(person) + 2.0


def mean_of_units(score: Score) -> float:
    return float(np.mean([unit.score for unit in score.units if unit.score is not None]))


def test_a_recording_alone_is_enough(scorer: AlignedScorer, said: AudioClip) -> None:
    score = scorer.score(said, scorer.prepare(KOREAN, [recorded(said)])).score
    assert score.verdict is Verdict.SCORED
    assert all(unit.score is not None for unit in score.units)


def test_words_are_judged_by_the_voices_they_were_taught_with(
    scorer: AlignedScorer, espeak: EspeakEngine, speak: Speak
) -> None:
    take = speak(ENGLISH.text, "en-us" + LEARNER)
    plain, person = both_ways(scorer, espeak, ENGLISH, recorded(take))
    assert scorer.score(take, person).score.units == scorer.score(take, plain).score.units


def test_a_fetched_voice_is_heard_among_the_others_for_syllables(
    scorer: AlignedScorer, espeak: EspeakEngine, speak: Speak, said: AudioClip
) -> None:
    strange = recorded(speak(OTHER.text, "ko+f4"), "gtts")
    # Without its middle: what has all its points cannot show who was asked.
    quarter = len(said.samples) // 4
    cut = changed(said, np.delete(said.samples, slice(quarter, quarter + quarter // 2)))
    plain, fetched = (
        scorer.score(cut, one).score for one in both_ways(scorer, espeak, KOREAN, strange)
    )
    assert plain.verdict is Verdict.SCORED
    assert fetched.score == plain.score
    assert fetched.units != plain.units


def test_the_same_take_gets_the_same_numbers(
    scorer: AlignedScorer, korean: PreparedReference, said: AudioClip, first: Score
) -> None:
    assert numbers(scorer.score(said, korean).score) == numbers(first)


def spoiled(kind: str, said: AudioClip, syllable: AudioClip) -> FloatArray:
    random = np.random.default_rng(1)
    time_s = np.arange(3 * RATE) / RATE
    if kind == "first half":
        return said.samples[: len(said.samples) // 2]
    if kind == "reversed":
        return said.samples[::-1]
    if kind == "looped":
        one = np.pad(syllable.samples, (0, RATE // 8))
        return np.tile(one, 9) + 1e-3 * random.standard_normal(9 * len(one))
    if kind == "noise":
        return 0.1 * random.standard_normal(3 * RATE)
    hum = np.sin(2 * np.pi * 120 * time_s) + 0.3 * np.sin(2 * np.pi * 240 * time_s)
    return 0.3 * hum * (time_s > 0.5) + 1e-3 * random.standard_normal(len(time_s))


@pytest.mark.parametrize(
    ("kind", "syllable"),
    [
        ("first half", ""),
        ("reversed", ""),
        ("noise", ""),
        ("hum", ""),
        ("looped", "먹"),
        ("looped", "오"),
    ],
)
def test_what_is_not_the_sentence_gets_no_points(
    kind: str,
    syllable: str,
    scorer: AlignedScorer,
    korean: PreparedReference,
    said: AudioClip,
    speak: Speak,
) -> None:
    one = speak(syllable or KOREAN.text, "ko" + LEARNER, None, 0.0, 0.0)
    score = scorer.score(changed(said, spoiled(kind, said, one)), korean).score
    assert score.verdict is not Verdict.SCORED or (score.score or 0.0) <= 20.0


def test_thirty_decibels_less_is_the_same_take(
    scorer: AlignedScorer, korean: PreparedReference, said: AudioClip, first: Score
) -> None:
    soft = scorer.score(changed(said, said.samples * 10 ** (-30 / 20)), korean).score
    assert soft.score == pytest.approx(first.score, abs=1.0)


def test_stereo_at_another_rate_is_the_same_take(
    scorer: AlignedScorer, korean: PreparedReference, said: AudioClip, first: Score
) -> None:
    mono = said.resampled(44_100).samples
    stereo = AudioClip.from_array(np.stack([mono, 0.5 * mono], axis=1), 44_100)
    assert scorer.score(stereo, korean).score.score == pytest.approx(first.score, abs=1.5)


def test_a_prepared_reference_survives_a_file(
    scorer: AlignedScorer, korean: PreparedReference, said: AudioClip, first: Score
) -> None:
    file = io.BytesIO()
    np.savez(file, **korean.arrays)
    file.seek(0)
    with np.load(file, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    again = PreparedReference(korean.sentence, korean.info, korean.mel_image, arrays)
    assert numbers(scorer.score(said, again).score) == numbers(first)


def test_sentences_are_ranked_for_a_take(
    scorer: AlignedScorer, korean: PreparedReference, prepare: Prepare, said: AudioClip
) -> None:
    other = prepare(OTHER)
    own, strange = scorer.similarities(said, [korean, other])
    assert own is not None
    assert own > 0.0
    assert strange is None or strange < 0.0
    silence = AudioClip.from_array(np.zeros(RATE), RATE)
    assert scorer.similarities(silence, [korean, other]) == [None, None]


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    manifest: dict[str, Any] = tomllib.loads((BUNDLE / "manifest.toml").read_text("utf-8"))
    aligned: dict[str, Any] = manifest["aligned"]
    return aligned


def older(scorer: AlignedScorer, table: dict[str, Any], part: str, *names: str) -> AlignedScorer:
    """The bundle as it was before it had a part, whose tensors' names begin so."""
    state = scorer._model.state_dict()
    kept = {name: value for name, value in state.items() if not name.startswith(names)}
    known = {name: value for name, value in table.items() if name != part}
    return build_scorer(kept, known, scorer.mel, scorer.info)


def test_a_bundle_without_voices_doubts_nothing(
    scorer: AlignedScorer, table: dict[str, Any], korean: PreparedReference, said: AudioClip
) -> None:
    alone = older(scorer, table, "voices", "voices.")
    assert len(alone._model.voices) == 0
    assert numbers(alone.score(said, korean).score) == numbers(scorer.score(said, korean).score)


def test_a_bundle_without_gate_hidden_draws_one_straight_line(
    scorer: AlignedScorer, table: dict[str, Any]
) -> None:
    names = ("judge.gate_in_ko", "judge.gate_out_ko")
    mine = scorer._model.judge
    theirs = older(scorer, table, "gate_hidden", *names)._model.judge
    usual = np.zeros(len(TAKE_FEATURES))
    assert theirs.gate(usual, "ko") == pytest.approx(float(theirs.get_buffer("gate_ko")[-1]))
    assert mine.gate(usual, "ko") != theirs.gate(usual, "ko")
    assert mine.gate(usual, "en") == theirs.gate(usual, "en")


@pytest.mark.parametrize(
    ("part", "count"),
    [("voices", -1), ("voices", 5), ("voices", 10**9), ("gate_hidden", -1), ("gate_hidden", 10**9)],
)
def test_a_table_that_asks_for_too_much_is_refused(
    scorer: AlignedScorer, table: dict[str, Any], part: str, count: int
) -> None:
    with pytest.raises(ValueError, match="does not build"):
        build_scorer(scorer._model.state_dict(), {**table, part: count}, scorer.mel, scorer.info)


def test_a_take_too_short_for_the_phones_is_another_sentence(
    scorer: AlignedScorer, prepare: Prepare, speak: Speak
) -> None:
    long = prepare(Sentence("", " ".join([KOREAN.text] * 3), "ko"))
    result = scorer.score(speak("네", "ko" + LEARNER), long)
    assert result.score.verdict is Verdict.DIFFERENT_SENTENCE


@pytest.mark.parametrize("text", ["step up", "it was a new day", "who else says so"])
def test_the_first_half_of_a_reference_is_not_the_sentence(
    text: str, scorer: AlignedScorer, espeak: EspeakEngine, prepare: Prepare
) -> None:
    # Short ones fit a gate that listens for phones: what is missing is squeezed into the end.
    sentence = Sentence("", text, "en")
    clip = espeak.render(sentence).clip
    half = clip.slice_s(0.0, clip.duration_s / 2)
    score = scorer.score(half, prepare(sentence)).score
    assert score.verdict is Verdict.DIFFERENT_SENTENCE


def test_a_sentence_it_cannot_score_says_so(scorer: AlignedScorer, espeak: EspeakEngine) -> None:
    french = Sentence("", "bonjour", "fr")
    with pytest.raises(ReferenceFailedError, match="Korean and English") as caught:
        scorer.prepare(french, [espeak.render(french)])
    assert caught.value.key == "reference"
    word = espeak.render(Sentence("", "네", "ko"))
    with pytest.raises(ReferenceFailedError, match="too short"):
        scorer.prepare(Sentence("", " ".join([KOREAN.text] * 4), "ko"), [word])
    with pytest.raises(ValueError, match="at least one"):
        scorer.prepare(KOREAN, [])
