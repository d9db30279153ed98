"""Reading the corpus and splitting it by speaker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.training.data.corpus import (
    ASPECTS,
    other_sentences,
    read_corpus,
    speaker_folds,
    split_speakers,
)

HEADER = [
    "utterance",
    "speaker",
    "gender",
    "age",
    "text",
    "phones",
    *(f"{aspect}_{rater}" for aspect in ("accuracy", "fluency", "prosodic", "total")
      for rater in range(1, 6)),
    "word_accuracy",
    "word_total",
]  # fmt: skip


def row(utterance: str, speaker: str, base: float = 5.0) -> list[str]:
    ratings = [f"{base + aspect + rater / 10}" for aspect in range(4) for rater in range(5)]
    phones = "W IY0 | K AO0 L"
    return [utterance, speaker, "m", "9", 'WE "CALL', phones, *ratings, "10.0 9.2", "9.0 9.0"]


def corpus_folder(folder: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    (folder / "audio").mkdir()
    lines = ["\t".join(cells) for cells in [header, *rows]]
    (folder / "utterances.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for cells in rows:
        (folder / "audio" / f"{cells[0]}.ogg").write_bytes(b"")
    return folder


def test_a_take_is_read_whole(tmp_path: Path) -> None:
    takes = read_corpus(corpus_folder(tmp_path, [row("1", "a"), row("2", "b"), row("3", "a")]))
    take = takes[0]
    assert take.sentence.text == 'we "call'
    assert take.sentence.language == "en"
    assert (take.age, take.word_accuracy) == (9, (10.0, 9.2))
    assert take.audio == tmp_path / "audio" / "1.ogg"
    # accuracy is the first column block, total the last; ASPECTS has another order.
    expected = {"accuracy": 5.2, "fluency": 6.2, "prosody": 7.2, "total": 8.2}
    assert {aspect: take.human(aspect) for aspect in ASPECTS} == pytest.approx(expected)
    assert [one.speaker for one in takes] == ["a", "b", "a"]


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"utterances\.tsv cannot be read"):
        read_corpus(tmp_path)
    folder = corpus_folder(tmp_path, [row("1", "a"), row("2", "b")])
    (folder / "audio" / "2.ogg").unlink()
    with pytest.raises(TrainingError, match="2.ogg"):
        read_corpus(folder)
    table = folder / "utterances.tsv"
    table.write_text(table.read_text().replace("\t9\tWE", "\tnine\tWE", 1))
    with pytest.raises(TrainingError, match="Line 2"):
        read_corpus(folder)
    table.write_text("utterance\tspeaker\n1\ta\n")
    with pytest.raises(TrainingError, match="Line 2"):
        read_corpus(folder)
    table.write_text("")
    with pytest.raises(TrainingError, match="no takes"):
        read_corpus(folder)


def test_speakers_are_dealt_out_once_and_the_same_way() -> None:
    names = [f"s{number}" for number in range(125)]
    parts = split_speakers(names, (0.64, 0.16, 0.20), seed=1)
    assert [len(part) for part in parts] == [80, 20, 25]
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert parts == split_speakers(names[::-1], (0.64, 0.16, 0.20), seed=1)
    assert parts != split_speakers(names, (0.64, 0.16, 0.20), seed=2)


def test_a_speaker_is_in_one_fold() -> None:
    speakers = [f"s{number % 7}" for number in range(100)]
    folds = speaker_folds(speakers, 5, seed=0)
    assert set(folds) == set(range(5))
    for name in set(speakers):
        assert len({int(fold) for fold, other in zip(folds, speakers, strict=True)
                    if other == name}) == 1  # fmt: skip
    assert np.array_equal(folds, speaker_folds(speakers, 5, seed=0))


def test_the_other_sentence_is_another_one(small_corpus: Path) -> None:
    takes = read_corpus(small_corpus)
    others = other_sentences(takes)
    assert all(other.text != take.sentence.text for other, take in zip(others, takes, strict=True))
    one = [take for take in takes if take.sentence.text == takes[0].sentence.text]
    with pytest.raises(TrainingError, match="two different sentences"):
        other_sentences(one)
