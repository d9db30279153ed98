"""References from the real espeak-ng."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import jamo_phones
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak import EspeakEngine

_LISTS = Path(__file__).parents[3] / "assets" / "sentences"


def _sentence(text: str, language: str = "ko", pronunciation: str = "") -> Sentence:
    return Sentence("s1", text, language, pronunciation=pronunciation)


def _assert_times_are_sound(reference: Reference, sentence: Sentence) -> None:
    written = split_units(sentence.text, sentence.language, sentence.pronunciation)
    assert [unit.text for unit in reference.units] == [unit.text for unit in written]
    end_of_clip = reference.clip.duration_s + 1e-6
    for parts in (reference.units, reference.phones):
        assert all(0.0 <= part.start_s <= part.end_s <= end_of_clip for part in parts)
        assert all(a.end_s <= b.start_s + 1e-6 for a, b in pairwise(parts))
    assert all(unit.end_s > unit.start_s for unit in reference.units)
    for phone in reference.phones:
        unit = reference.units[phone.unit]
        assert unit.start_s - 1e-6 <= phone.start_s <= phone.end_s <= unit.end_s + 1e-6


def test_the_same_sentence_gives_the_same_samples() -> None:
    sentence = _sentence("국물이 뜨거워요.")
    first, second = EspeakEngine().render(sentence), EspeakEngine().render(sentence)
    assert first.key == second.key
    assert first.units == second.units
    np.testing.assert_array_equal(first.clip.samples, second.clip.samples)


def test_korean_is_said_in_its_standard_pronunciation(quick_espeak: EspeakEngine) -> None:
    reference = quick_espeak.render(_sentence("국물"))
    assert [phone.phone for phone in reference.phones] == ["ㄱ", "ㅜ", "ㅇ_", "ㅁ", "ㅜ", "ㄹ_"]
    assert [phone.unit for phone in reference.phones] == [0, 0, 0, 1, 1, 1]
    assert reference.info.engine == "espeak"
    assert reference.info.voice == "ko"


def test_a_list_s_own_pronunciation_is_what_is_said(quick_espeak: EspeakEngine) -> None:
    reference = quick_espeak.render(_sentence("맛있다", pronunciation="마딛따"))
    assert [p.phone for p in reference.phones] == [p for p, _ in jamo_phones("마딛따")]


@pytest.mark.parametrize("text", ["가, 나, 다, 라", "꽃, 잎, 앙, 의", "값. 닭! 왜? 예."])
def test_units_between_pauses_lie_between_the_pauses(text: str, quick_espeak: EspeakEngine) -> None:
    reference = quick_espeak.render(_sentence(text))
    assert len(reference.units) == 4
    # espeak-ng is silent between two syllables parted by punctuation, and nowhere else.
    assert all(b.start_s - a.end_s > 0.05 for a, b in pairwise(reference.units))


def test_words_that_espeak_merges_have_their_own_times(quick_espeak: EspeakEngine) -> None:
    sentence = _sentence("One of the boys is in the house with a well-known dog, isn't he?", "en")
    reference = quick_espeak.render(sentence)
    _assert_times_are_sound(reference, sentence)
    the = [phone.phone for phone in reference.phones if phone.unit == 2]
    assert the[0] == "ð"
    dog = next(u for u in reference.units if u.text == "dog")
    isnt = next(u for u in reference.units if u.text == "isn't")
    assert isnt.start_s - dog.end_s > 0.05


def _bundled(prefix: str) -> list[Sentence]:
    rows = []
    for path in sorted(_LISTS.glob(f"{prefix}*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += list(csv.DictReader(file))
    return [Sentence(row["id"], row["text"], row["language"]) for row in rows]


@pytest.mark.parametrize("prefix", ["ko", "en"])
def test_bundled_sentences_have_sound_times(prefix: str, quick_espeak: EspeakEngine) -> None:
    sentences = _bundled(prefix)[::4]
    assert len(sentences) >= 10
    for sentence in sentences:
        _assert_times_are_sound(quick_espeak.render(sentence), sentence)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=12))
def test_any_syllables_have_sound_times(text: str, quick_espeak: EspeakEngine) -> None:
    sentence = _sentence(f"{text} 아 12,{text}")
    _assert_times_are_sound(quick_espeak.render(sentence), sentence)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=30))
def test_any_text_is_said_or_refused(text: str, quick_espeak: EspeakEngine) -> None:
    for language in ("ko", "en"):
        sentence = _sentence(text, language)
        try:
            reference = quick_espeak.render(sentence)
        except ReferenceFailedError:
            continue  # nothing to say; anything else that is raised fails the test
        written = split_units(text, language)
        assert len(reference.units) == len(written) > 0
        assert all(a.end_s <= b.start_s + 1e-6 for a, b in pairwise(reference.units))


@pytest.mark.parametrize(("text", "language"), [("", "ko"), ("…!", "ko"), ("?!", "en")])
def test_nothing_to_say_is_refused(text: str, language: str, quick_espeak: EspeakEngine) -> None:
    with pytest.raises(ReferenceFailedError, match="nothing to say"):
        quick_espeak.render(_sentence(text, language))


def test_an_unknown_language_is_refused(quick_espeak: EspeakEngine) -> None:
    with pytest.raises(ReferenceFailedError, match="no voice"):
        quick_espeak.render(_sentence("hello", "zz"))


def test_the_key_tells_sentences_voices_and_rates_apart() -> None:
    one = _sentence("가")
    keys = {
        EspeakEngine().key(one),
        EspeakEngine({"ko": "ko+f2"}).key(one),
        EspeakEngine(rate_wpm=140).key(one),
        EspeakEngine().key(_sentence("나")),
        EspeakEngine().key(_sentence("가", pronunciation="까")),
        EspeakEngine().key(_sentence("가", "en")),
    }
    assert len(keys) == 6
    assert EspeakEngine().key(one) == EspeakEngine().key(Sentence("another id", "가", "ko"))


def test_a_voice_variant_says_the_sentence_in_another_voice_and_without_times() -> None:
    plain = EspeakEngine()
    variant = plain.with_variant("+f2")
    sentence = Sentence("", "오늘은 삼겹살을 먹었어요.", "ko")
    assert variant.voice("ko") == "ko+f2"
    assert EspeakEngine({"ko": "ko+m1"}).with_variant("+f2").voice("ko") == "ko+f2"
    assert variant.key(sentence) != EspeakEngine({"ko": "ko+f2"}).key(sentence)
    said = variant.render(sentence)
    assert said.clip.duration_s > 1.0
    assert said.units == said.phones == ()


def test_a_sentence_in_capitals_is_said_as_words_and_not_spelt() -> None:
    engine = EspeakEngine()
    shouted = engine.render(Sentence("", "WE CALL IT BEAR", "en"))
    spoken = engine.render(Sentence("", "we call it bear", "en"))
    assert [p.phone for p in shouted.phones] == [p.phone for p in spoken.phones]
    assert np.array_equal(shouted.clip.samples, spoken.clip.samples)
