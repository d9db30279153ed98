"""Takes of every kind through the shipped bundle, from the clip to the score."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.protocol import PreparedReference, TakeResult
from pronounce_kiosk.scoring.reached import NOTHING_SAID
from pronounce_kiosk.scoring.scorer import ENGLISH_VOICES, AcousticScorer

Say = Callable[..., AudioClip]
Render = Callable[..., Reference]
Prepare = Callable[[Sentence], PreparedReference]
ScoreTake = Callable[[AudioClip], TakeResult]
RATE = 16_000
KOREAN = Sentence("1", "오늘은 삼겹살을 먹었어요", "ko")
ENGLISH = Sentence("2", "The weather is nice today.", "en")
OTHERS = {"ko": "지금 몇 시에 만날까요", "en": "Where did they go then?"}


@pytest.fixture(scope="module", params=[KOREAN, ENGLISH], ids=["ko", "en"])
def sentence(request: pytest.FixtureRequest) -> Sentence:
    found: Sentence = request.param
    return found


@pytest.fixture(scope="module")
def prepare(acoustic_scorer: AcousticScorer, render: Render) -> Prepare:
    kept: dict[Sentence, PreparedReference] = {}

    def make(sentence: Sentence) -> PreparedReference:
        if sentence not in kept:
            voices = ("", *acoustic_scorer.extra_voices(sentence.language))
            kept[sentence] = acoustic_scorer.prepare(
                sentence, [render(sentence, voice) for voice in voices]
            )
        return kept[sentence]

    return make


@pytest.fixture
def score(acoustic_scorer: AcousticScorer, prepare: Prepare, sentence: Sentence) -> ScoreTake:
    return lambda take: acoustic_scorer.score(take, prepare(sentence))


def in_a_room(clip: AudioClip, seed: int = 0) -> AudioClip:
    """With half a second of a quiet room on both sides."""
    padded = np.pad(clip.samples.astype(np.float64), RATE // 2)
    padded += 1e-3 * np.random.default_rng(seed).standard_normal(len(padded))
    return AudioClip.from_array(padded, RATE)


def test_a_take_of_the_sentence_is_scored(score: ScoreTake, say: Say, sentence: Sentence) -> None:
    take = in_a_room(say(sentence))
    found = score(take)
    assert found.score.verdict is Verdict.SCORED
    for points in (
        found.score.score,
        found.score.accuracy,
        found.score.fluency,
        found.score.prosody,
    ):
        assert points is not None
        assert 0.0 <= points <= 100.0
    written = split_units(sentence.text, sentence.language)
    assert [unit.text for unit in found.score.units] == [unit.text for unit in written]
    assert all(unit.score is not None and unit.phones for unit in found.score.units)
    times = [time for unit in found.score.units for time in (unit.start_s, unit.end_s)]
    assert times == sorted(times)
    assert 0.3 < times[0] < times[-1] < take.duration_s
    assert set(found.score.timings_ms) == {"level", "denoise", "trim", "mel", "siamese", "score"}
    assert found.take_image is not None
    assert found.score.reference is not None
    assert found.score.reference.engine == "espeak"


def test_another_sentence_is_refused(score: ScoreTake, say: Say, sentence: Sentence) -> None:
    other = Sentence("", OTHERS[sentence.language], sentence.language)
    found = score(in_a_room(say(other))).score
    assert found.verdict is Verdict.DIFFERENT_SENTENCE
    assert (found.score, found.units) == (None, ())


def test_half_of_the_sentence_is_no_good_score(
    score: ScoreTake, say: Say, sentence: Sentence
) -> None:
    whole = say(sentence).samples
    for half in (whole[: len(whole) // 2], whole[len(whole) // 2 :]):
        found = score(in_a_room(AudioClip.from_array(half, RATE))).score
        assert (found.score or 0.0) <= 65.0


def test_the_example_played_back_scores_high(
    score: ScoreTake, render: Render, sentence: Sentence
) -> None:
    found = score(render(sentence).clip).score
    assert found.score is not None
    assert found.score >= 85.0
    assert all(unit.score is not None and unit.score >= 60.0 for unit in found.units)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_the_rate_of_a_take_is_its_own(
    score: ScoreTake, say: Say, sentence: Sentence, rate_hz: int
) -> None:
    take = in_a_room(say(sentence))
    usual = score(take).score
    stereo = np.stack([take.resampled(rate_hz).samples] * 2, axis=1)
    found = score(AudioClip.from_array(stereo, rate_hz)).score
    assert found.verdict is Verdict.SCORED
    assert found.score == pytest.approx(usual.score, abs=8.0)
    assert found.units[-1].end_s == pytest.approx(usual.units[-1].end_s, abs=0.1)


@pytest.mark.parametrize("gain_db", [-30, -12])
def test_loudness_moves_no_score(
    score: ScoreTake, say: Say, sentence: Sentence, gain_db: float
) -> None:
    take = in_a_room(say(sentence))
    quiet = AudioClip.from_array(take.samples * 10 ** (gain_db / 20), RATE)
    assert score(quiet).score.score == pytest.approx(score(take).score.score, abs=1.0)


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        (np.zeros(0), Verdict.SILENCE),
        (np.zeros(1), Verdict.SILENCE),
        (np.zeros(RATE), Verdict.SILENCE),
        (np.full(RATE, 0.5), Verdict.SILENCE),
        (0.3 * np.sin(np.arange(800)), Verdict.TOO_SHORT),
        (0.1 * np.sin(np.arange(61 * RATE)), Verdict.TOO_LONG),
    ],
    ids=["none", "one", "silence", "constant", "short", "long"],
)
def test_what_is_no_take_has_a_verdict(
    score: ScoreTake, samples: np.ndarray, verdict: Verdict
) -> None:
    found = score(AudioClip.from_array(samples, RATE))
    assert found.score.verdict is verdict
    assert found.score.score is None
    assert found.take_image is None


@pytest.mark.parametrize("seed", range(3))
def test_noises_get_no_good_score(score: ScoreTake, seed: int) -> None:
    rng = np.random.default_rng(seed)
    bursts = np.abs(np.sin(np.arange(3 * RATE) * (2 + seed) * np.pi / RATE))
    noise = AudioClip.from_array(0.2 * bursts * rng.standard_normal(3 * RATE), RATE)
    assert (score(noise).score.score or 0.0) <= 20.0


def test_a_voice_in_a_long_rest_is_scored(score: ScoreTake, say: Say, sentence: Sentence) -> None:
    padded = np.pad(say(sentence).samples, (3 * RATE, 8 * RATE)).astype(np.float64)
    padded += 1e-3 * np.random.default_rng(0).standard_normal(len(padded))
    found = score(AudioClip.from_array(padded, RATE)).score
    assert found.verdict is Verdict.SCORED
    assert 2.8 < found.units[0].start_s < 3.5


def test_a_word_left_out_costs_its_share(
    acoustic_scorer: AcousticScorer, prepare: Prepare, say: Say
) -> None:
    """Refused, or its syllables are told and at most 100 less 70 times their share is given."""
    words = KOREAN.text.split()
    prepared = prepare(KOREAN)
    for gone in (0, 1):
        rest = " ".join(word for place, word in enumerate(words) if place != gone)
        found = acoustic_scorer.score(in_a_room(say(Sentence("", rest, "ko"))), prepared).score
        if found.score is None:
            continue
        share = len(words[gone]) / sum(map(len, words))
        assert found.score <= 100.0 - 70.0 * share


def test_prepared_data_survive_as_arrays(
    acoustic_scorer: AcousticScorer, prepare: Prepare, sentence: Sentence, say: Say
) -> None:
    prepared = prepare(sentence)
    data = acoustic_scorer.restore(sentence, prepared.data.to_arrays())
    again = PreparedReference(
        sentence, prepared.info, prepared.mel_image, data, prepared.unit_times_s
    )
    take = in_a_room(say(sentence))
    first, second = (acoustic_scorer.score(take, one).score for one in (prepared, again))
    assert (first.score, first.units) == (second.score, second.units)


def test_unit_times_of_the_reference_lie_in_it(
    prepare: Prepare, render: Render, sentence: Sentence
) -> None:
    times_s = prepare(sentence).unit_times_s
    assert times_s.shape == (2, len(split_units(sentence.text, sentence.language)))
    flat = times_s.T.ravel()
    assert (np.diff(flat) >= 0.0).all()
    assert 0.0 <= flat[0] < flat[-1] <= render(sentence).clip.duration_s + 0.05


def test_a_unit_that_is_not_said_lasts_no_time(
    acoustic_scorer: AcousticScorer, render: Render, say: Say
) -> None:
    sentence = Sentence("", "오늘은 ㅋ 삼겹살을 먹었어요", "ko")
    units = split_units(sentence.text, "ko")
    prepared = acoustic_scorer.prepare(sentence, [render(sentence)])
    found = acoustic_scorer.score(in_a_room(say(sentence)), prepared).score
    assert found.verdict is Verdict.SCORED
    assert [unit.text for unit in found.units] == [unit.text for unit in units]
    for number, unit in enumerate(found.units):
        if unit.score is None:
            assert unit.start_s == unit.end_s
            assert prepared.unit_times_s[0, number] == prepared.unit_times_s[1, number]


def test_one_hearing_tells_which_sentence_it_is(
    acoustic_scorer: AcousticScorer, prepare: Prepare, say: Say
) -> None:
    prepared = [prepare(KOREAN), prepare(Sentence("", OTHERS["ko"], "ko"))]
    right, wrong = acoustic_scorer.similarities(in_a_room(say(KOREAN)), prepared)
    assert right is not None
    assert wrong is not None
    assert right > wrong
    silence = AudioClip.from_array(np.zeros(RATE), RATE)
    assert acoustic_scorer.similarities(silence, prepared) == [None, None]


@pytest.mark.parametrize(
    ("text", "begun", "words"),
    [
        ("오늘은 날씨가 좋아서 공원에 가요", "오늘은 날씨가", 6),
        ("The weather is nice and we go to the park.", "The weather is nice", 4),
    ],
)
def test_a_sentence_broken_off_is_told_where(
    acoustic_scorer: AcousticScorer, prepare: Prepare, say: Say, text: str, begun: str, words: int
) -> None:
    language = "en" if text.isascii() else "ko"
    take = in_a_room(say(Sentence("", begun, language)))
    found = acoustic_scorer.score(take, prepare(Sentence("", text, language))).score
    assert found.score is not None
    assert found.score <= 20.0
    assert [unit.said for unit in found.units] == [
        number < words for number in range(len(found.units))
    ]


def test_english_has_more_voices_and_korean_none(acoustic_scorer: AcousticScorer) -> None:
    assert acoustic_scorer.extra_voices("en") == ENGLISH_VOICES
    assert acoustic_scorer.extra_voices("ko") == ()


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("bonjour", "fr", "Korean and English"),
        ("!?", "ko", "nothing to say"),
        ("…", "en", "nothing to say"),
    ],
)
def test_a_sentence_it_cannot_score_is_one_sentence_of_error(
    acoustic_scorer: AcousticScorer, render: Render, text: str, language: str, words: str
) -> None:
    reference = Reference(render(KOREAN).clip, render(KOREAN).info, "key")
    with pytest.raises(ReferenceFailedError, match=words) as caught:
        acoustic_scorer.prepare(Sentence("", text, language), [reference])
    assert "\n" not in caught.value.message


def test_without_a_reference_nothing_is_prepared(acoustic_scorer: AcousticScorer) -> None:
    with pytest.raises(ValueError, match="reference"):
        acoustic_scorer.prepare(KOREAN, [])


def test_a_take_cut_after_a_word_has_reached_that_word(
    acoustic_scorer: AcousticScorer, prepare: Prepare, say: Say, sentence: Sentence
) -> None:
    words = sentence.text.split()
    for count in range(1, len(words) + 1):
        said = " ".join(words[:count])
        take = in_a_room(say(Sentence("", said, sentence.language)))
        found = acoustic_scorer.reached(take, prepare(sentence))
        last = len(split_units(said, sentence.language)) - 1
        # A word whose end is hardly said may be taken for not begun.
        assert found.unit in (last, last - 1)
        assert found.finished == (count == len(words))


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(RATE)], ids=["none", "silence"])
def test_who_has_said_nothing_has_reached_nothing(
    acoustic_scorer: AcousticScorer, prepare: Prepare, sentence: Sentence, samples: np.ndarray
) -> None:
    take = AudioClip.from_array(samples, RATE)
    assert acoustic_scorer.reached(take, prepare(sentence)) == NOTHING_SAID
