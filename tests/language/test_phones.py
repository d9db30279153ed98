"""Phones: nothing that the bundled sentences say is outside the sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import jamo_phones
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.phones import PHONE_SETS, PhoneLine, arpabet, phone_line
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.first.aligned import sentence_line
from pronounce_kiosk.sentences.bundled import bundled_lists

ASSETS = Path(__file__).resolve().parents[2] / "assets"
MARKS = "ːˑ\u0329"
"""Length, and the stroke of a syllabic consonant: no phones of their own."""


def bundled(language: str) -> list[Sentence]:
    return [
        sentence
        for sentences in bundled_lists(ASSETS)
        for sentence in sentences.sentences
        if sentence.language == language
    ]


@pytest.fixture(scope="module")
def espeak() -> EspeakEngine:
    return EspeakEngine(library=EspeakLibrary(fresh_process=False))


def test_every_sign_of_english_is_a_phone(espeak: EspeakEngine) -> None:
    library = EspeakLibrary(fresh_process=False)
    sentences = bundled("en")
    assert len(sentences) > 20
    said = {
        phone.ipa
        for sentence in sentences
        for phone in library.speak(sentence.text, "en-us", rate_wpm=300).phones
    } - {""}
    assert len(said) > 30
    unknown = {ipa for ipa in said if not arpabet(ipa)}
    unknown |= {sign for ipa in said for sign in ipa if sign not in MARKS and not arpabet(sign)}
    assert not unknown
    assert {name for ipa in said for name in arpabet(ipa)} <= set(PHONE_SETS["en"])


def test_every_phone_of_korean_is_in_the_set() -> None:
    sentences = bundled("ko")
    assert len(sentences) > 20
    said = {
        phone
        for sentence in sentences
        for phone, _ in jamo_phones(standard_pronunciation(sentence.text))
    }
    assert len(said) > 35
    assert said <= set(PHONE_SETS["ko"])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_units_of_a_line_are_the_sentence_s_in_order(language: str, espeak: EspeakEngine) -> None:
    for sentence in bundled(language)[::7]:
        line = sentence_line(sentence, [espeak.render(sentence)])
        units = split_units(sentence.text, language, sentence.pronunciation)
        assert list(line.units) == sorted(line.units)
        assert line.said_units.tolist() == list(range(len(units))), sentence.text


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("aɪɚ", ("AY", "ER")),
        ("oːɹ", ("AO", "R")),
        ("n̩", ("AH", "N")),
        ("tʃ", ("CH",)),
        ("", ()),
        ("ʔ", ()),
        ("ʔt", ("T",)),
    ],
)
def test_ipa_becomes_arpabet(ipa: str, phones: tuple[str, ...]) -> None:
    assert arpabet(ipa) == phones


def test_indices_count_from_one_and_strangers_raise() -> None:
    line = phone_line("en", [("AA", 0), ("ZH", 2)])
    assert line == PhoneLine("en", (1, 39), (0, 2))
    with pytest.raises(KeyError):
        phone_line("en", [("ㄱ", 0)])


def test_where_units_begin_and_end() -> None:
    line = PhoneLine("en", (5, 6, 7, 8, 9), (0, 0, 2, 3, 3))
    assert line.said_units.tolist() == [0, 2, 3]
    assert line.unit_starts.tolist() == [0, 2, 3]
    assert line.unit_ends.tolist() == [2, 3, 5]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("bonjour", "fr", "Korean and English"),
        ("!?", "ko", "nothing to say"),
        ("…", "en", "nothing"),
    ],
)
def test_a_sentence_it_cannot_score_is_one_sentence_of_error(
    text: str, language: str, words: str
) -> None:
    with pytest.raises(ReferenceFailedError, match=words) as caught:
        sentence_line(Sentence("", text, language), [])
    assert "\n" not in caught.value.message
