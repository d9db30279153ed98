"""The lists that ship."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.language.korean.jamo import jamo_phones
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.sentences.reader import read_list

ASSETS = Path(__file__).parents[3] / "assets"
FILES = sorted((ASSETS / "sentences").glob("*.csv"))


@pytest.fixture(scope="module")
def lists() -> tuple[SentenceList, ...]:
    return bundled_lists(ASSETS)


def _of(lists: tuple[SentenceList, ...], language: str) -> list[Sentence]:
    return [s for made in lists for s in made.sentences if s.language == language]


def test_every_file_is_in_the_index(lists: tuple[SentenceList, ...]) -> None:
    assert sorted(made.id for made in lists) == [file.stem for file in FILES]
    assert all(" | " in made.name for made in lists)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_taken_whole(file: Path) -> None:
    assert read_list(file).problems == ()


def test_there_is_enough_in_three_levels(lists: tuple[SentenceList, ...]) -> None:
    korean, english = _of(lists, "ko"), _of(lists, "en")
    assert len(korean) >= 60
    assert len(english) >= 40
    for sentences in (korean, english):
        assert {sentence.level for sentence in sentences} == {"1", "2", "3"}
    assert "오늘은 삼겹살을 먹었어요." in {sentence.text for sentence in korean}


def test_nothing_twice_and_everything_translated(lists: tuple[SentenceList, ...]) -> None:
    sentences = [sentence for made in lists for sentence in made.sentences]
    assert len({sentence.id for sentence in sentences}) == len(sentences)
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    for sentence in sentences:
        hangul = any("가" <= ch <= "힣" for ch in sentence.translation)
        assert sentence.translation
        assert hangul == (sentence.language == "en"), sentence.id
        assert sentence.note.count(" | ") == 1, sentence.id


def test_each_is_said_in_one_breath(lists: tuple[SentenceList, ...]) -> None:
    for sentence in _of(lists, "ko"):
        assert 2 <= sum("가" <= ch <= "힣" for ch in sentence.text) <= 18, sentence.text
    for sentence in _of(lists, "en"):
        assert 2 <= len(sentence.text.split()) <= 12, sentence.text


def test_a_damaged_list_does_not_take_the_others_along(
    tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    shutil.copytree(ASSETS / "sentences", tmp_path / "sentences")
    damaged = tmp_path / "sentences" / FILES[0].name
    damaged.write_bytes(b"\x89PNG" + bytes(300))
    expected_log(f"^ERROR .*{FILES[0].name} left out")
    left = bundled_lists(tmp_path)
    assert len(left) == len(FILES) - 1


def test_no_lists_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SentenceListError, match=r"lists\.toml"):
        bundled_lists(tmp_path)


def test_lessons_come_first_and_name_sounds_that_their_sentences_hold(
    lists: tuple[SentenceList, ...],
) -> None:
    lessons = [made for made in lists if made.targets]
    assert lists[: len(lessons)] == tuple(lessons)
    assert [made.level for made in lessons] == ["1", "1", "1", "2", "2"]
    for made in lessons:
        said = [
            phone
            for sentence in made.sentences
            for phone in {
                phone
                for unit in split_units(sentence.text, "ko", sentence.pronunciation)
                for phone, _ in jamo_phones(unit.said)
            }
        ]
        for target in made.targets:
            assert said.count(target) >= 2, f"{made.id}: {target}"


def test_lists_that_teach_to_tell_sounds_apart_say_so_in_their_sentences(
    lists: tuple[SentenceList, ...],
) -> None:
    contrasts = {made.id: made.contrasts for made in lists if made.contrasts}
    assert set(contrasts) == {
        "ko-3-tense-and-aspirated",
        "ko-3-finals-and-linking",
        "ko-3-sound-changes",
        "en-3-sounds",
        "en-3-stress",
    }
    assert ("ㅂ", "ㅃ", "ㅍ") in contrasts["ko-3-tense-and-aspirated"]
    for made in lists:
        assert all(one.contrasts == made.contrasts for one in made.sentences)
