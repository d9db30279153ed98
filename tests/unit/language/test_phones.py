"""Phones: nothing that the bundled sentences say is outside the sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import ENGLISH_PHONES, PhoneLine, arpabet, phone_line
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.scorer import english_line
from pronounce_kiosk.sentences.bundled import bundled_lists

ASSETS = Path(__file__).resolve().parents[3] / "assets"
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
    assert {name for ipa in said for name in arpabet(ipa)} <= set(ENGLISH_PHONES)


def test_units_of_a_line_are_the_sentence_s_in_order(espeak: EspeakEngine) -> None:
    for sentence in bundled("en")[::7]:
        line = english_line(sentence, [espeak.render(sentence)])
        units = split_units(sentence.text, "en", sentence.pronunciation)
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


def test_a_sentence_without_phones_is_one_sentence_of_error() -> None:
    with pytest.raises(ReferenceFailedError, match="nothing to say") as caught:
        english_line(Sentence("", "…", "en"), [])
    assert "\n" not in caught.value.message
