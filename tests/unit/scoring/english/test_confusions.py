"""Sounds that learners say for others, lose, or add, said by espeak-ng."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.grades import grade_unit
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.phones import phone_line
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.scoring.english.confusions import alternatives, confused, unlikeness
from pronounce_kiosk.scoring.scorer import AcousticScorer

SENTENCE = Sentence("", "I think this is the third one.", "en")


@pytest.fixture(scope="module")
def heard(acoustic_scorer: AcousticScorer, render: Callable[..., Reference]):  # type: ignore[no-untyped-def]
    prepared = acoustic_scorer.prepare(
        SENTENCE, [render(SENTENCE, variant) for variant in ("", "+f2", "+m3")]
    )

    def score(said: str):  # type: ignore[no-untyped-def]
        spoken = EspeakLibrary().speak(f"[[{said}]]", "en-us+f5", 150, phonemes=True)
        clip = AudioClip.from_array(np.pad(spoken.samples, 6000), spoken.sample_rate_hz)
        return acoustic_scorer.score(clip.resampled(16_000), prepared).score

    return score


def test_a_th_said_as_s_is_red_and_named(heard: Callable) -> None:  # type: ignore[type-arg]
    units = heard("aI s'INk DIs Iz D@2 s'3:d w,Vn").units
    for word in (1, 5):
        assert grade_unit(units[word]) == "poor"
        assert [(p.phone, p.heard) for p in units[word].phones if p.heard] == [("TH", "S")]


def test_nothing_is_named_in_what_is_said_right(heard: Callable) -> None:  # type: ignore[type-arg]
    units = heard("aI T'INk DIs Iz D@2 T'3:d w,Vn").units
    assert not any(phone.heard for unit in units for phone in unit.phones)


def test_a_vowel_after_a_word_is_a_phone_without_a_name(heard: Callable) -> None:  # type: ignore[type-arg]
    units = heard("aI T'INki DIs Iz D@2 T'3:d w,Vn").units
    assert [(p.phone, p.heard) for p in units[1].phones if p.heard] == [("", "IY")]
    assert grade_unit(units[1]) == "fair"


def test_r_and_l_are_asked_only_before_vowels() -> None:
    line = phone_line("en", [("R", 0), ("AO", 0), ("L", 0), ("L", 1), ("AA", 1), ("R", 1)])
    asked = [(one.place, one.heard) for one in alternatives(line) if one.heard in ("R", "L")]
    assert asked == [(0, "L"), (3, "R")]


def test_a_consonant_lost_or_a_vowel_added_is_asked_where_a_word_ends() -> None:
    line = phone_line("en", [("K", 0), ("AE", 0), ("T", 0), ("AA", 1), ("R", 1)])
    asked = [(one.place, one.heard, one.added) for one in alternatives(line)]
    assert asked == [(2, "", False), (2, "AH", True), (2, "IY", True)]


def test_the_surest_alternative_of_a_place_is_chosen() -> None:
    line = phone_line("en", [("TH", 0), ("IH", 0)])
    asked = alternatives(line)
    own = np.array([20.0 if one.heard in ("S", "T") else -20.0 for one in asked], np.float32)
    usual = np.array([-9.0 if one.heard == "T" else 9.0 for one in asked], np.float32)
    alike = np.zeros(2, np.float32)
    found = confused(asked, own, usual, alike)
    assert {place: one.heard for place, one in found.items()} == {0: "T"}
    assert confused(asked, own - 40.0, usual, alike) == {}


def test_a_phone_unlike_the_references_needs_less_to_be_sure() -> None:
    line = phone_line("en", [("TH", 0), ("IH", 0)])
    asked = alternatives(line)
    nothing = np.zeros(len(asked), np.float32)
    unlike = unlikeness(np.array([-0.9, 0.9], np.float32))
    assert unlike[0] > 0 > unlike[1]
    assert confused(asked, nothing, nothing, np.zeros(2, np.float32)) == {}
    assert confused(asked, nothing + 6.0, nothing, unlike)[0].heard in ("S", "T", "F")


def test_a_lesson_needs_less_to_be_sure() -> None:
    line = phone_line("en", [("R", 0), ("EY", 0)])
    (outside,) = (one for one in alternatives(line) if one.heard == "L")
    (inside,) = (one for one in alternatives(line, (("R", "L"),)) if one.heard == "L")
    between = np.array([(inside.least + outside.least) / 2], np.float32)
    nothing, alike = np.zeros(1, np.float32), np.zeros(2, np.float32)
    assert confused([outside], between, nothing, alike) == {}
    assert confused([inside], between, nothing, alike) == {0: inside}
    assert alternatives(line, (("F", "P"),)) == alternatives(line)
