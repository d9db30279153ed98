"""Takes: a folder is read as documented, and a limit is spread over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.evaluation.base import (
    Heard,
    SpokenTake,
    read_takes,
    spread,
    with_babblers,
)


def test_a_folder_becomes_takes(natives: Path) -> None:
    takes = read_takes(natives)
    assert [take.sentence.text for take in takes] == [
        "날씨가 참 좋네요",
        "저는 학교에 가요",
        "오늘은 비가 많이 와요",
    ]
    assert [take.emotion for take in takes] == ["neutral", "neutral", "happy"]
    assert all(take.audio.is_file() and take.speaker == "a" for take in takes)
    assert len(read_takes(natives, limit=2)) == 2


def test_a_folder_named_from_here_gives_whole_paths(
    natives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(natives.parent)
    found = read_takes(Path(natives.name))
    assert [take.audio for take in found] == [take.audio for take in read_takes(natives)]
    assert all(take.audio.is_absolute() for take in found)


def test_a_folder_that_is_not_whole_is_named(natives: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        read_takes(tmp_path)
    (tmp_path / "utterances.tsv").write_text("utterance\ttext\nlost\t네\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="lacks lost"):
        read_takes(tmp_path)
    (tmp_path / "utterances.tsv").write_text("name\tsaid\nlost\t네\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="columns"):
        read_takes(tmp_path)


def test_a_limit_takes_from_the_whole_table() -> None:
    assert spread(range(10), None) == list(range(10))
    assert spread(range(10), 3) == [0, 4, 9]
    assert spread(range(2), 3) == [0, 1]


def test_rated_takes_are_in_lower_case(small_corpus: Path) -> None:
    takes = read_takes(small_corpus, "en", limit=2)
    assert [take.sentence.text for take in takes] == [
        "the weather is nice today",
        "open the window please",
    ]
    assert {take.sentence.language for take in takes} == {"en"}


def test_nobody_in_the_babble_says_the_sentence() -> None:
    takes = [SpokenTake(Sentence("", f"text {row % 4}", "en"), Path(str(row))) for row in range(12)]
    for heard in with_babblers(takes):
        assert len({voice.audio for voice in heard.others}) == 5
        assert heard.take.sentence.text not in {voice.sentence.text for voice in heard.others}
    assert with_babblers(takes[:1]) == [Heard(takes[0])]
