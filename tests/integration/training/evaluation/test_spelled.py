"""Words read as they are spelled, put together of syllables or synthesised."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.korean.spelling import Change, as_spelled, spelled_readings
from pronounce_kiosk.training.evaluation.base import Request
from pronounce_kiosk.training.evaluation.figures import read_table
from pronounce_kiosk.training.evaluation.spelled import (
    LINKED,
    TENSED_BY_THE_WORD,
    WORDS,
    Syllable,
    spelled_table,
    spliced_words,
    synthesised_words,
)


def said(
    syllable: str,
    speaker: str,
    points: float = 100.0,
    end_s: float = 0.2,
    pauses: tuple[bool, bool] = (False, False),
) -> Syllable:
    return Syllable(syllable, speaker, Path("a.ogg"), 0.0, end_s, points, pauses)


def read(word: str, syllables: list[Syllable]) -> set[tuple[bool, tuple[str, ...]]]:
    """How a word is read by the syllables: as spelled or not, and its syllables."""
    return {(one.spelled, one.syllables) for one in spliced_words(syllables) if one.word == word}


def pieces(word: str, syllables: list[Syllable]) -> tuple[Syllable, ...]:
    """The pieces of which a word is read as it is spelled."""
    (found,) = (one for one in spliced_words(syllables) if one.word == word and one.spelled)
    return found.pieces


def test_words_are_put_together_of_one_speaker_s_syllables() -> None:
    all_said = [said(one, "a") for one in ("경", "로", "노")] + [said("로", "b")]
    assert read("경로", all_said) == {(True, ("경", "로")), (False, ("경", "노"))}
    assert not spliced_words([said("경", "a"), said("로", "b")])


def test_short_or_doubtful_syllables_are_not_used() -> None:
    assert not spliced_words([said("경", "a"), said("로", "a", points=50.0)])
    assert not spliced_words([said("경", "a"), said("로", "a", end_s=0.1)])


def test_only_a_vowel_after_a_coda_is_taken_from_after_a_pause() -> None:
    vowels = [said("악", "a", end_s=0.3), said("악", "a", pauses=(True, False))]
    assert pieces("음악", [said("음", "a"), *vowels])[1].pauses[0]
    onsets = [said("물", "a"), said("물", "a", end_s=0.3, pauses=(True, False))]
    assert not pieces("국물", [said("국", "a"), *onsets])[1].pauses[0]


def test_a_change_that_nobody_says_is_made_up_for_by_linked_words() -> None:
    linked = [row["word"] for row in read_table("spelled_words.tsv") if row["change"] == LINKED]
    syllables = {as_spelled(unit.text) for word in linked for unit in split_units(word, "ko")}
    found = [one for one in spliced_words([said(one, "a") for one in syllables]) if one.spelled]
    assert sum(one.change == LINKED for one in found) > WORDS[LINKED]
    assert sum(one.change != TENSED_BY_THE_WORD for one in found) <= 100


def test_synthesised_words_are_a_hundred_beside_those_that_the_word_tenses() -> None:
    found = synthesised_words()
    spelled = [one for one in found if one.spelled]
    assert sum(one.change != TENSED_BY_THE_WORD for one in spelled) == 100
    assert [one.word for one in spelled] == [one.word for one in found if not one.spelled]
    assert all(one.speaker.startswith("+") for one in found)


def test_each_word_of_the_list_has_one_stretch_of_its_change() -> None:
    changes = {
        LINKED: (Change.LINKED,),
        "tensed after a stop": (Change.TENSED_BY_A_STOP,),
        TENSED_BY_THE_WORD: (Change.TENSED,),
    }
    for row in read_table("spelled_words.tsv"):
        (reading,) = spelled_readings(Sentence("", row["word"], "ko"))
        assert reading.change in changes.get(row["change"], (Change.LINKED, Change.OTHER)), row
        assert row["change"] in WORDS


def test_a_few_takes_are_too_few(natives: Path, bundle: Path) -> None:
    with pytest.raises(TrainingError, match="whole folder"):
        spelled_table(Request(bundle, {"korean": natives}, limit=1, jobs=1))
