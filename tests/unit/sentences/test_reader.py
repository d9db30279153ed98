"""What teachers bring: encodings, separators, headers, workbooks, subtitles."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.sentences.reader import ReadResult, read_list

ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-8 with BOM": "utf-8-sig",
    "UTF-16 LE": "utf-16-le",
    "UTF-16 BE": "utf-16-be",
    "CP949": "cp949",
}
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def _bytes(text: str, encoding: str) -> bytes:
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    return (mark + text).encode(encoding)


def _read(
    tmp_path: Path, text: str, name: str = "list.csv", language: str | None = None
) -> ReadResult:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return read_list(path, language)


def _texts(result: ReadResult) -> list[str]:
    return [sentence.text for sentence in result.sentence_list.sentences]


def _keys(result: ReadResult) -> list[tuple[int, str, str]]:
    return [(found.line, found.column, found.key) for found in result.problems]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt"])
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str, suffix: str, newline: str
) -> None:
    mark = SEPARATORS[separator]
    rows = [
        ["번역", "메모", "문장", "단계"],
        ["Hi, all; hello.", '"따옴표"', "안녕하세요, 여러분.", "1"],
        ["Water, please.", "", "물 좀 주세요; 네?", "2"],
    ]
    text = newline.join(
        mark.join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in row)
        for row in rows
    )
    path = tmp_path / f"list{suffix}"
    path.write_bytes(_bytes(text + newline, ENCODINGS[encoding]))

    result = read_list(path)

    assert result.problems == ()
    assert (result.encoding, result.separator) == (encoding, separator)
    first, second = result.sentence_list.sentences
    assert (first.text, first.translation) == ("안녕하세요, 여러분.", "Hi, all; hello.")
    assert (first.note, first.level, first.language) == ('"따옴표"', "1", "ko")
    assert second.text == "물 좀 주세요; 네?"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_single_column_needs_no_header(tmp_path: Path, encoding: str) -> None:
    for name in ("list.csv", "list.txt", "list.tsv"):
        path = tmp_path / name
        path.write_bytes(_bytes("안녕하세요?\n\n만나서 반가워요.\n", ENCODINGS[encoding]))
        result = read_list(path)
        assert _texts(result) == ["안녕하세요?", "만나서 반가워요."]
        assert result.is_whole


def test_a_txt_line_is_a_sentence_whatever_its_commas(tmp_path: Path) -> None:
    result = _read(tmp_path, "Hello, how are you?\nFine, thanks; and you?\n", "list.txt")
    assert _texts(result) == ["Hello, how are you?", "Fine, thanks; and you?"]
    assert result.separator == "none"


@pytest.mark.parametrize(
    "header",
    [
        "id,text,language,translation,pronunciation,level,note,audio",
        "번호,문장,언어,번역,발음,단계,메모,음성",
        "ID, Sentence ,LANGUAGE,Translation,발음,Level,Memo,Audio",
    ],
)
def test_columns_by_name_in_both_languages(tmp_path: Path, header: str) -> None:
    (tmp_path / "sounds").mkdir()
    recording = tmp_path / "sounds" / "a.wav"
    recording.write_bytes(b"RIFF")
    row = "a1,먹었어요.,ko-KR,I ate.,머거써요.,2,liaison,sounds\\a.wav"
    result = _read(tmp_path, f"{header}\n{row}\n")
    (sentence,) = result.sentence_list.sentences
    assert result.problems == ()
    assert (sentence.id, sentence.text, sentence.language) == ("a1", "먹었어요.", "ko")
    assert (sentence.translation, sentence.pronunciation) == ("I ate.", "머거써요.")
    assert (sentence.level, sentence.note) == ("2", "liaison")
    assert sentence.audio == recording.resolve()


def test_columns_in_any_order_and_short_lines(tmp_path: Path) -> None:
    result = _read(tmp_path, "메모,문장,번역\n,네.\nx,아니요.,No.,,,\n")
    assert _texts(result) == ["네.", "아니요."]
    assert result.sentence_list.sentences[1].translation == "No."
    assert result.is_whole


def test_unknown_and_repeated_columns_are_named(tmp_path: Path) -> None:
    result = _read(tmp_path, "문장,점수,text\n네.,10,예.\n")
    assert _texts(result) == ["네."]
    assert _keys(result) == [(1, "", "unknown_column"), (1, "text", "duplicate_column")]
    assert "점수" in result.problems[0].message


def test_excels_separator_line(tmp_path: Path) -> None:
    result = _read(tmp_path, "sep=;\ntext;translation\n네, 네.;Yes, yes.\n")
    assert _texts(result) == ["네, 네."]
    assert result.separator == "semicolon"
    assert result.is_whole


def test_a_cell_over_several_lines_keeps_the_line_count(tmp_path: Path) -> None:
    result = _read(tmp_path, '문장,메모\n네.,"one\ntwo"\n=1,x\n아니요.,y\n')
    assert [s.note for s in result.sentence_list.sentences] == ["one two", "y"]
    assert _keys(result) == [(4, "text", "formula")]


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = ["문장", '"열린 따옴표', *[f"문장 {number}입니다." for number in range(100)]]
    result = _read(tmp_path, "\n".join(lines))
    assert len(_texts(result)) == 100
    assert _keys(result) == [(2, "", "bad_quotes")]


def test_a_comma_without_quotes_is_explained(tmp_path: Path) -> None:
    result = _read(tmp_path, "문장,번역\n네, 네.,Yes.\n아니요.,No.\n")
    assert _texts(result) == ["아니요."]
    assert _keys(result) == [(2, "", "more_cells")]
    assert "quotation marks" in result.problems[0].message


def test_hangul_in_pieces_and_odd_blanks_are_mended(tmp_path: Path) -> None:
    import unicodedata

    pieces = unicodedata.normalize("NFD", "한국어를")
    result = _read(tmp_path, f"문장\n  {pieces}\u00a0\u3000배워요. \n")
    assert _texts(result) == ["한국어를 배워요."]


def test_language_is_told_from_the_script(tmp_path: Path) -> None:
    result = _read(tmp_path, "문장\n저는 TV를 봐요.\nI like kimchi.\n123\nПривет\n", "list.csv")
    assert [s.language for s in result.sentence_list.sentences] == ["ko", "en"]
    assert [found.key for found in result.problems] == ["language_unclear", "language_unclear"]


def test_the_given_language_stands_where_a_line_names_none(tmp_path: Path) -> None:
    text = "text,language\nHola.,\nGuten Tag.,독일어\nHello.,en\nNo.,xx1\n"
    result = _read(tmp_path, text, language="es")
    assert [s.language for s in result.sentence_list.sentences] == ["es", "de", "en"]
    assert _keys(result) == [(5, "language", "language_unknown")]


def test_a_swapped_column_is_noticed(tmp_path: Path) -> None:
    result = _read(tmp_path, "text,translation\nHello.,안녕.\n네.,Yes.\n", language="ko")
    assert _texts(result) == ["네."]
    assert _keys(result) == [(2, "language", "language_mismatch")]


def test_a_wrong_default_language_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="language"):
        _read(tmp_path, "네.\n", language="klingon!")


def test_a_pronunciation_must_match_in_syllables(tmp_path: Path) -> None:
    text = "문장,발음\n국물이 뜨거워요.,궁무리 뜨거워요.\n꽃잎,꼰\n10개,열 깨\n"
    result = _read(tmp_path, text)
    assert _texts(result) == ["국물이 뜨거워요.", "10개"]
    assert _keys(result) == [(3, "pronunciation", "pronunciation_mismatch")]


def test_ids_made_for_a_list_stay_when_lines_move(tmp_path: Path) -> None:
    first = _read(tmp_path, "네.\n아니요.\n", "a.txt").sentence_list.sentences
    second = _read(tmp_path, "글쎄요.\n아니요.\n네.\n", "b.txt").sentence_list.sentences
    ids = {sentence.text: sentence.id for sentence in second}
    assert len(set(ids.values())) == 3
    assert all(ids[sentence.text] == sentence.id for sentence in first)


def test_the_list_takes_its_name_level_and_language(tmp_path: Path) -> None:
    result = _read(tmp_path, "문장,단계\n네.,1\n아니요.,1\nHello.,1\n", "1반 인사.csv")
    made = result.sentence_list
    assert (made.id, made.name, made.language, made.level) == ("1반 인사", "1반 인사", "ko", "1")


def test_ten_thousand_lines(tmp_path: Path) -> None:
    rows = (f"사과를 {n}개 먹었어요.,I ate {n} apples." for n in range(10_000))
    result = _read(tmp_path, "문장,번역\n" + "\n".join(rows))
    assert len(_texts(result)) == 10_000
    assert result.is_whole


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.append(["문장"])
    hidden.append(["숨은 문장"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("3반")
    sheet.append(["번호", "번역", "문장", "단계"])
    sheet.append([1, "Hello.", "안녕하세요.", 2.0])
    sheet.append([])
    sheet.append([2, "Run", "=HYPERLINK(A1)", 1])
    sheet.append([3, "Yes.", "네.", None])
    book.create_sheet("빈 시트")
    path = tmp_path / "list.xlsx"
    book.save(path)

    result = read_list(path)

    assert [(s.id, s.text, s.level) for s in result.sentence_list.sentences] == [
        ("1", "안녕하세요.", "2"),
        ("3", "네.", ""),
    ]
    assert _keys(result) == [(4, "", "formula")]
    assert result.encoding == "Excel"


def test_a_second_sheet_with_text_is_mentioned(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["네."])
    book.create_sheet("더").append(["아니요."])
    path = tmp_path / "list.xlsx"
    book.save(path)
    result = read_list(path)
    assert _texts(result) == ["네."]
    assert _keys(result) == [(0, "", "other_sheets")]
