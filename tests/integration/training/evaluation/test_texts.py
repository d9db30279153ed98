"""Takes as what they say and as something else: lists are sound, and the tables count right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import is_hangul_syllable
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.training.evaluation.base import NATIVES, Request, Scored
from pronounce_kiosk.training.evaluation.figures import Rows, Table
from pronounce_kiosk.training.evaluation.texts import (
    PAIR_VOICES,
    PairTrial,
    WordPair,
    add_right_rows,
    confusions_table,
    nearest_in_length,
    own_word_table,
    pair_rows,
    pairs_table,
    read_pairs,
    read_words,
    red_marks_table,
    wrong_sentence_table,
)

Figures = Callable[[Table], dict[str, tuple[str, str]]]


def test_the_wrong_sentence_is_another_text_of_nearly_the_same_length() -> None:
    texts = ("가나다", "나다라", "가나다라마바사", "나다라마바사", "가나다")
    sentences = [Sentence("", text, "ko") for text in texts]
    wrong = [sentence.text for sentence in nearest_in_length(sentences)]
    assert wrong == ["나다라", "가나다", "나다라마바사", "가나다라마바사", "나다라"]
    with pytest.raises(TrainingError, match="one sentence"):
        nearest_in_length([sentences[0], sentences[4]])


def score(total: float | None, *units: float | None) -> Score:
    verdict = Verdict.DIFFERENT_SENTENCE if total is None else Verdict.SCORED
    return Score(verdict, total, units=tuple(UnitScore("가", 0, 1, points) for points in units))


def test_red_marks_refusals_and_moods_are_counted(figures: Figures) -> None:
    scores = [score(90, 59, 95), score(80, 79, None), score(None), score(50, 90, 90)]
    said = [("a", "neutral"), ("a", "happy"), ("a", "sad"), ("b", "neutral")]
    found = [Scored(who, one, mood) for (who, mood), one in zip(said, scores, strict=True)]
    rows = Rows()
    add_right_rows(rows, NATIVES, found)
    shown = figures(rows.table(""))
    assert shown["natives: median total"] == ("4", "65.0")
    assert shown["natives: refused"] == ("4", "25.0 %")
    assert shown["natives: total under 60"] == ("4", "50.0 %")
    assert shown["natives: red units"] == ("5", "20.0 %")
    assert shown["natives: amber units"] == ("5", "40.0 %")
    assert shown["natives: scored takes with a red unit"] == ("3", "33.3 %")
    # The neutral take of one who never acts is not compared with moods.
    assert shown["natives: neutral, median total"] == ("1", "90.0")
    assert shown["natives: moods against neutral"] == ("3", "90.0")
    musts = {row[0]: row[4:] for row in rows.cells}
    assert musts["natives: red units"] == ("2 %", "0.5 %")


def test_natives_are_scored_by_the_product_itself(
    natives: Path, bundle: Path, figures: Figures, tmp_path: Path
) -> None:
    stage = tmp_path / "stage"
    stage.mkdir()
    (stage / "audio").symlink_to(natives / "audio")
    (stage / "utterances.tsv").write_text("utterance\tspeaker\ttext\nu0\ta\t날씨가 참 좋네요\n")
    request = Request(bundle, {"korean": natives, "tedx": stage}, jobs=1)
    shown = figures(red_marks_table(request))
    assert shown["natives: median total"][0] == "3"
    assert shown["TEDx: median total"][0] == "1"
    assert shown["natives: happy, median total"][0] == "1"
    assert "TEDx: moods against neutral" not in shown
    wrong = figures(wrong_sentence_table(Request(bundle, {"korean": natives}, jobs=1)))
    assert wrong["natives: wrong sentence refused"] == ("3", "100.0 %")


def test_minimal_pairs_sound_different_and_are_said_by_no_reference_voice() -> None:
    pairs = read_pairs()
    assert len(pairs) >= 100
    assert len({frozenset((pair.word, pair.other)) for pair in pairs}) == len(pairs)
    assert {pair.difference for pair in pairs} == {"onset", "nucleus", "coda"}
    for pair in pairs:
        assert all(is_hangul_syllable(ch) for ch in pair.word + pair.other)
        assert len(pair.word) == len(pair.other)
        assert standard_pronunciation(pair.word) != standard_pronunciation(pair.other)
    assert "" not in PAIR_VOICES


def test_confused_words_are_two_groups_of_fourteen_that_sound_different() -> None:
    groups = read_words()
    assert set(groups) == {"mixed", "alike"}
    for words in groups.values():
        assert len({standard_pronunciation(word) for word in words}) == 14
        assert all(len(word) == 2 and is_hangul_syllable(word[0]) for word in words)
    assert {len(words) for words in read_words(limit=3).values()} == {3}


def test_words_are_ranked_against_the_others(natives: Path, bundle: Path, figures: Figures) -> None:
    table = own_word_table(Request(bundle, {"gtts": natives}, jobs=1))
    assert table.title.endswith("2 other words")
    # Whole sentences of different length cannot be taken for each other.
    assert figures(table)["own word first"] == ("3", "100.0 %")


def test_every_word_is_said_for_every_other_of_its_group(
    natives: Path, bundle: Path, figures: Figures, tmp_path: Path
) -> None:
    (tmp_path / "audio").symlink_to(natives / "audio")
    words = [word for group in read_words(limit=2).values() for word in group]
    lines = ["utterance\ttext", *(f"u0\t{word}" for word in words)]
    (tmp_path / "utterances.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    request = Request(bundle, {"gtts": tmp_path}, limit=2, jobs=1)
    shown = figures(confusions_table(request))
    for group in ("mixed", "alike"):
        shares = {
            name: float(shown[f"{group}: another word {name}"][1].split()[0])
            for name in ("gets 80 or more", "gets 60 or more", "refused")
        }
        assert shown[f"{group}: another word gets 80 or more"][0] == "2"
        assert shares["gets 80 or more"] <= shares["gets 60 or more"] <= 100 - shares["refused"]
    with pytest.raises(TrainingError, match="lack the words"):
        confusions_table(replace(request, folders={"gtts": natives}))


def test_pairs_are_counted_by_difference(bundle: Path, figures: Figures) -> None:
    onset, coda = WordPair("onset", "달", "탈"), WordPair("coda", "강", "감")
    trials = [
        PairTrial(onset, True, True, False),
        PairTrial(WordPair("onset", "탈", "달"), False, True, True),
        PairTrial(coda, True, False, False),
    ]
    shown = figures(pair_rows(trials))
    assert shown["right word scores higher"] == ("3", "66.7 %")
    assert shown["right word more similar"] == ("3", "66.7 %")
    assert shown["right word refused"] == ("3", "33.3 %")
    assert shown["right word scores higher, onset"] == ("2", "50.0 %")
    said = figures(pairs_table(Request(bundle, limit=1, jobs=1)))
    assert said["right word refused"][0] == "2"
