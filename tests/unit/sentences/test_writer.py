"""Export: whole or not at all, read back the same, and nothing in it runs."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.cells import escape_formulas, tidy, unescape_formulas
from pronounce_kiosk.sentences.reader import read_list
from pronounce_kiosk.sentences.writer import write_list

_ALPHABET = "가나다힣ㄱab zé0=+-@＝＋－＠'\",;|!()\\/.?<>&%"
_FREE = st.text(_ALPHABET, max_size=30).map(tidy)
_SHORT = st.text(_ALPHABET, max_size=10).map(tidy)
_SHORT_LATIN = _SHORT.map(lambda text: re.sub("[가-힣ㄱ]", "a", text))


@st.composite
def _lists(draw: st.DrawFn) -> SentenceList:
    sentences: list[Sentence] = []
    for number in range(draw(st.integers(1, 6))):
        language = draw(st.sampled_from(["ko", "en"]))
        letter, words = ("가", _SHORT) if language == "ko" else ("a", _SHORT_LATIN)
        text = tidy(draw(words) + letter + draw(words))
        sentences.append(
            Sentence(
                id=f"s-{number}",
                text=text,
                language=language,
                translation=draw(_FREE),
                pronunciation=text,  # so that no English word in Korean is asked about
                note=draw(_FREE),
                level=draw(_FREE),
            )
        )
    unique = {(sentence.language, sentence.text): sentence for sentence in sentences}
    return SentenceList("list", "list", "ko", tuple(unique.values()))


@given(made=_lists())
@example(
    made=SentenceList(
        "list",
        "list",
        "ko",
        (Sentence("a", "=cmd|'/c calc'!A0 가", "ko", "'=x", "가", "'-고' x; '-며'", "-1;=2"),),
    )
)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_written_and_read_again_is_the_same(tmp_path: Path, made: SentenceList) -> None:
    path = tmp_path / "list.csv"
    write_list(path, made)
    result = read_list(path)
    assert result.problems == ()
    assert result.sentence_list.sentences == made.sentences
    assert result.encoding == "UTF-8 with BOM"

    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            for cell in row:
                # Also where a spreadsheet separates by semicolons and splits the cell.
                for part in cell.split(";"):
                    assert not re.match(r"[\s\"]*[=+\-@＝＋－＠]", part)


@given(cell=st.text(_ALPHABET, max_size=40))
def test_escaping_is_undone_exactly(cell: str) -> None:
    assert unescape_formulas(escape_formulas(cell)) == cell


def test_a_teachers_leading_apostrophe_is_a_quotation_mark(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("문장,메모\n먹고 자요.,'-고'는 이어 줘요.\n", encoding="utf-8")
    (sentence,) = read_list(path).sentence_list.sentences
    assert sentence.note == "'-고'는 이어 줘요."


def test_recordings_are_named_where_they_travel_with_the_list(tmp_path: Path) -> None:
    inside, outside = tmp_path / "stick" / "sounds" / "가 1.wav", tmp_path / "other.wav"
    inside.parent.mkdir(parents=True)
    for file in (inside, outside):
        file.write_bytes(b"RIFF")
    first = Sentence("a", "네.", "ko", audio=inside.resolve())
    second = Sentence("b", "아니요.", "ko", audio=outside.resolve())
    path = tmp_path / "stick" / "list.csv"
    write_list(path, SentenceList("l", "l", "ko", (first, second)))
    result = read_list(path)
    assert result.is_whole
    assert result.sentence_list.sentences == (first, replace(second, audio=None))


def test_a_folder_that_went_away_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "stick" / "list.csv"
    with pytest.raises(SentenceListError, match="stick") as caught:
        write_list(path, SentenceList("l", "l", "ko", (Sentence("a", "네.", "ko"),)))
    assert caught.value.fields["reason_key"] == "cannot_write"
    assert not path.parent.exists()


def test_a_failed_write_leaves_the_old_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    old = SentenceList("l", "l", "ko", (Sentence("a", "네.", "ko"),))
    write_list(path, old)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SentenceListError, match="No space left"):
        write_list(path, SentenceList("l", "l", "ko", (Sentence("b", "아니요.", "ko"),)))
    assert read_list(path).sentence_list.sentences == old.sentences
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]
