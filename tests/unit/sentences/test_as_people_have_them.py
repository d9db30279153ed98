"""Lists as teachers bring them: flash cards, subtitles, workbooks, headers by other names."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import soundfile

from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.sentences.commands import check_file
from pronounce_kiosk.sentences.reader import ReadResult, read_list
from pronounce_kiosk.sentences.transfer import preview_list


def _read(folder: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> ReadResult:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_list(path)


def _pairs(result: ReadResult) -> list[tuple[str, str]]:
    return [(s.text, s.translation) for s in result.sentence_list.sentences]


def _keys(result: ReadResult) -> list[tuple[int, str]]:
    return [(found.line, found.key) for found in result.problems]


def test_a_quizlet_export_has_columns_without_a_header(tmp_path: Path) -> None:
    result = _read(tmp_path, "안녕하세요\tHello\n감사합니다\tThank you\n", "quizlet.txt")
    assert _pairs(result) == [("안녕하세요", "Hello"), ("감사합니다", "Thank you")]
    assert result.is_whole
    swapped = _read(tmp_path, "Hello\t안녕하세요\nThank you\t감사합니다\n", "quizlet.txt")
    assert _pairs(swapped) == _pairs(result)


def test_an_anki_export_is_understood(tmp_path: Path) -> None:
    text = (
        "#separator:tab\n#html:true\n#tags column:3\n안녕하세요\t<b>Hello</b>\tgreeting\n"
        "감사합니다<br>정말\tThank&nbsp;you\t\n[sound:a.mp3]{{c1::안녕::hi}}\thi\t\n"
    )
    result = _read(tmp_path, text, "anki.txt")
    expected = [("안녕하세요", "Hello"), ("감사합니다 정말", "Thank you"), ("안녕", "hi")]
    assert _pairs(result) == expected
    assert result.sentence_list.sentences[0].note == "greeting"
    assert result.is_whole


def test_a_mixture_of_languages_in_a_cell_is_told(tmp_path: Path) -> None:
    result = _read(tmp_path, "문장\n안녕하세요 Hello\n네.\n")
    assert _keys(result) == [(2, "unread_word")]
    assert result.problems[0].text == "안녕하세요 Hello"
    path = tmp_path / "list.csv"
    path.write_text("text,language\nHello 안녕,en\nYes.,en\n", "utf-8")
    assert _keys(read_list(path)) == [(2, "other_language")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ㅋㅋㅋ", "no_letters"),
        ("재미있어요 ㅋㅋㅋ", "unread_word"),
        ("漢字를 써요", "unread_word"),
        ("좋아요 😀", "picture"),
        ("가" * 76, "too_long_to_say"),
        ("#REF!", "cell_error"),
    ],
)
def test_what_cannot_be_said_is_told_with_its_line(tmp_path: Path, text: str, key: str) -> None:
    result = _read(tmp_path, f"문장\n네.\n{text}\n")
    assert _keys(result) == [(3, key)]


def test_letters_and_abbreviations_are_korean_sentences(tmp_path: Path) -> None:
    result = _read(
        tmp_path, "문장,언어\nㄱ,ko\nㅏ,ko\nTV,ko\n3km,한국어\nKTX,ko-KR\nHello,Korean\n"
    )
    assert [s.text for s in result.sentence_list.sentences] == ["ㄱ", "ㅏ", "TV", "3km", "KTX"]
    assert {s.language for s in result.sentence_list.sentences} == {"ko"}
    assert _keys(result) == [(7, "language_mismatch")]


@pytest.mark.parametrize(
    "header",
    ["단어,뜻", "한국어,영어", "Word,Meaning", "표현 (expression),번역*", "Korean,English"],
)
def test_headers_by_many_names(tmp_path: Path, header: str) -> None:
    assert _pairs(_read(tmp_path, f"{header}\n네.,Yes.\n")) == [("네.", "Yes.")]


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    result = _read(tmp_path, "3월 단어 시험,\n,\n단어,뜻\n네.,Yes.\n")
    assert _pairs(result) == [("네.", "Yes.")]
    assert result.is_whole


def test_the_names_known_are_said_where_none_is_found(tmp_path: Path) -> None:
    with pytest.raises(SentenceListError, match="문장, 단어"):
        _read(tmp_path, "번역,메모\nYes.,x\n")


def test_subtitles_without_blank_lines_and_with_line_breaks(tmp_path: Path) -> None:
    cues = (
        "1\n00:00:01,000 --> 00:00:02,000\n오늘은\\N비가 와요.\n"
        "2\n00:00:03,000 --> 00:00:04,000\n\n같이 갈까요?\n"
        "3\n00:00:05,000 --> 00:00:06,000\n네.\n"
    )
    result = _read(tmp_path, cues, "a.srt")
    texts = [s.text for s in result.sentence_list.sentences]
    assert texts == ["오늘은 비가 와요.", "같이 갈까요?", "네."]
    assert result.is_whole


def test_rolling_captions_are_folded(tmp_path: Path) -> None:
    cues = "WEBVTT\n\n" + "".join(
        f"00:0{at}.000 --> 00:0{at + 1}.000\n{text}\n\n"
        for at, text in enumerate(
            [
                "오늘은<00:01.000><c> 비가</c> 와요",
                "오늘은 비가 와요\n집에 있어요",
                "집에 있어요\n좋아요",
            ]
        )
    )
    texts = [s.text for s in _read(tmp_path, cues, "a.vtt").sentence_list.sentences]
    assert texts == ["오늘은 비가 와요", "집에 있어요", "좋아요"]


def test_sami_and_ass(tmp_path: Path) -> None:
    sami = (
        "<SAMI><BODY>\n<SYNC Start=1000><P Class=KRCC>오늘 날씨가<br>참 좋아요.\n"
        "<SYNC Start=3000><P Class=KRCC>&nbsp;\n"
        "<SYNC Start=4000><P Class=KRCC>네.<P Class=ENCC>Yes.\n"
    )
    result = _read(tmp_path, sami, "a.smi", "cp949")
    assert [s.text for s in result.sentence_list.sentences] == [
        "오늘 날씨가 참 좋아요.",
        "네.",
        "Yes.",
    ]
    ass = (
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\b1}비가\\N와요.\n"
    )
    result = _read(tmp_path, ass, "a.ass")
    assert [s.text for s in result.sentence_list.sentences] == ["비가 와요."]


def test_old_and_open_workbooks(tmp_path: Path) -> None:
    text = "문장\t번역\n네.\tYes.\n"  # what some school programs call .xls
    assert _pairs(_read(tmp_path, text, "a.xls")) == [("네.", "Yes.")]
    book = openpyxl.Workbook()
    book.active.append(["문장", "번역"])
    book.active.append(["네.", "Yes."])
    book.save(tmp_path / "b.xlsx")
    (tmp_path / "b.xls").write_bytes((tmp_path / "b.xlsx").read_bytes())
    assert _pairs(read_list(tmp_path / "b.xls")) == [("네.", "Yes.")]
    (tmp_path / "c.ods").write_bytes((tmp_path / "b.xlsx").read_bytes()[:-100])
    with pytest.raises(SentenceListError, match="is damaged"):
        read_list(tmp_path / "c.ods")


def test_a_recording_whose_name_a_mac_wrote_is_found(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "인사말") + ".WAV"
    soundfile.write(tmp_path / name, np.full(1600, 0.1), 16_000)
    result = _read(tmp_path, "문장,녹음\n안녕하세요,인사말.wav\n")
    assert result.is_whole
    recording = result.sentence_list.sentences[0].audio
    assert recording is not None
    assert recording.is_file()


def test_a_recording_of_an_offset_is_silent(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(16_000, 0.5), 16_000, "PCM_16")
    (tmp_path / "list.csv").write_text("문장,녹음\n네.,a.wav\n", encoding="utf-8")
    assert _keys(preview_list(tmp_path / "list.csv")) == [(2, "audio_empty")]


def test_check_listens_to_recordings_as_import_does(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(1600), 16_000)
    path = tmp_path / "list.csv"
    path.write_text("문장,음성\n네.,silent.wav\n", "utf-8")
    assert [found.key for found in preview_list(path).problems] == ["audio_empty"]
    lines, whole = check_file(path, "ko")
    assert not whole
    assert "holds no sound" in lines[0]


_CARDS = [("안녕하세요", "Hello"), ("감사합니다", "Thank you")]


@pytest.mark.parametrize("separator", ["\t", ",", ";", "|", " - ", " = ", ": "])
def test_cards_apart_by_what_a_teacher_chose(tmp_path: Path, separator: str) -> None:
    text = "".join(f"{front}{separator}{back}\n" for front, back in _CARDS)
    assert _pairs(_read(tmp_path, text, "a.txt")) == _CARDS


@pytest.mark.parametrize("side", ["\t", ",", " - "])
def test_cards_in_one_line(tmp_path: Path, side: str) -> None:
    text = f"안녕하세요{side}Hello;감사합니다{side}Thank you;"
    assert _pairs(_read(tmp_path, text, "a.txt")) == _CARDS


@pytest.mark.parametrize(
    "title",
    [
        "3과 인사",
        "제1과",
        "초급 1 제2과: 소개",
        "Lesson 3: Greetings",
        "Unit 2",
        "# 인사",
        "오늘의 표현",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_a_title_is_told_with_its_line(tmp_path: Path, title: str, name: str) -> None:
    result = _read(tmp_path, f"\n{title}\n안녕하세요\n감사합니다\n", name)
    assert _pairs(result) == [("안녕하세요", ""), ("감사합니다", "")]
    assert _keys(result) == [(2, "title_line")]
    assert result.problems[0].text == title


def test_a_first_line_unlike_the_others_is_a_title(tmp_path: Path) -> None:
    result = _read(tmp_path, "인사하기\n안녕?\n네.\n반가워요!\n잘 가요.\n", "a.txt")
    assert _keys(result) == [(1, "title_line")]
    cards = "".join(f"{word}\t{number}\n" for number, word in enumerate("가나다라마"))
    assert _keys(_read(tmp_path, f"인사하기\n{cards}", "a.txt")) == [(1, "title_line")]


def test_titles_of_later_lessons_and_above_a_header_are_told(tmp_path: Path) -> None:
    assert _keys(_read(tmp_path, "제1과\n네\n제2과\n아니요\n", "a.txt")) == [
        (1, "title_line"),
        (3, "title_line"),
    ]
    result = _read(tmp_path, "3과 인사\n문장\n안녕하세요\n")
    assert _pairs(result) == [("안녕하세요", "")]
    assert _keys(result) == [(1, "title_line")]


@pytest.mark.parametrize("text", ["사과\n배\n", "3과 5\n네\n", "3과에 있어요.\n네\n", "제1과\n"])
def test_a_first_line_may_be_a_sentence(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, text, "a.txt").is_whole


def test_cards_with_romanisation_between(tmp_path: Path) -> None:
    result = _read(
        tmp_path,
        "안녕하세요\tannyeonghaseyo\tHello\n감사합니다\tgamsahamnida\tThank you\n",
        "a.txt",
    )
    assert _pairs(result) == _CARDS
    assert result.sentence_list.sentences[0].note == "annyeonghaseyo"


def test_a_translation_that_runs_over_two_lines_is_told(tmp_path: Path) -> None:
    result = _read(tmp_path, "안녕하세요\tHello\n감사합니다\tThank you\nvery much\n", "a.txt")
    assert _pairs(result) == _CARDS
    assert _keys(result) == [(3, "other_language")]


@pytest.mark.parametrize("labels", [("1.", "2."), ("가:", "나:"), ("A:", "B:"), ("(1)", "(2)")])
def test_numbers_and_speakers_are_not_said(tmp_path: Path, labels: tuple[str, str]) -> None:
    result = _read(tmp_path, f"{labels[0]} 안녕하세요\n{labels[1]} 감사합니다\n", "a.txt")
    assert [s.text for s in result.sentence_list.sentences] == ["안녕하세요", "감사합니다"]


@pytest.mark.parametrize("name", ["Pipe", "Colon", "Space", "Semicolon"])
def test_every_separator_that_anki_names(tmp_path: Path, name: str) -> None:
    sign = {"Pipe": "|", "Colon": ":", "Space": " ", "Semicolon": ";"}[name]
    result = _read(tmp_path, f"#separator:{name}\n#html:true\n네{sign}Yes\n", "a.txt")
    assert _pairs(result) == [("네", "Yes")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("{{c1::저는 {{c2::학생::job}}이에요}}", "저는 학생이에요"),
        ("<h1>네</h1>", "네"),
        ("<ruby>학교<rt>hakgyo</rt></ruby>에 가요", "학교에 가요"),
        ("&#50504;&#45397;", "안녕"),
        ("<table><tr><td>네</td></tr></table>", "네"),
    ],
)
def test_marks_of_flash_cards_are_taken_out(tmp_path: Path, cell: str, text: str) -> None:
    result = _read(tmp_path, f"#separator:tab\n#html:true\n{cell}\tx\n", "a.txt")
    assert _pairs(result) == [(text, "x")]


@pytest.mark.parametrize(
    "header",
    [
        "문 장,번 역",
        "한국어 문장,영어 문장",
        "연습 문장,영어 뜻",
        "Text (Korean),Text (English)",
        "국문,영문",
        "문장,베트남어",
    ],
)
def test_headers_of_several_words(tmp_path: Path, header: str) -> None:
    assert _pairs(_read(tmp_path, f"{header}\n네.,Yes.\n")) == [("네.", "Yes.")]


def test_a_column_named_by_a_language_is_in_it(tmp_path: Path) -> None:
    result = _read(tmp_path, "한국어,영어\nTV,TV\n3km,3 km\n")
    assert {s.language for s in result.sentence_list.sentences} == {"ko"}


@pytest.mark.parametrize("error", ["#ERROR!", "#FIELD!", "Err:502", "#GETTING_DATA"])
def test_errors_of_any_spreadsheet(tmp_path: Path, error: str) -> None:
    assert _keys(_read(tmp_path, f"문장,번역\n네.,{error}\n")) == [(2, "cell_error")]


def test_captions_that_grow_word_by_word_are_folded(tmp_path: Path) -> None:
    cues = "WEBVTT\n\n" + "".join(
        f"00:0{at}.000 --> 00:0{at + 1}.000\n{text}\n\n"
        for at, text in enumerate(["오늘은", "오늘은 비가", "오늘은 비가 와요", "네."])
    )
    texts = [s.text for s in _read(tmp_path, cues, "a.vtt").sentence_list.sentences]
    assert texts == ["오늘은 비가 와요", "네."]


def test_subtitles_without_hours_and_with_sounds_beside_words(tmp_path: Path) -> None:
    cues = "1\n00:01,000 --> 00:02,000\n비가 와요.\n[문 닫는 소리]\n"
    texts = [s.text for s in _read(tmp_path, cues, "a.srt").sentence_list.sentences]
    assert texts == ["비가 와요."]


def test_drawings_of_ass_and_names_of_sami_are_no_sentences(tmp_path: Path) -> None:
    ass = (
        "[Script Info]\nScriptType: v4.00+\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,네.\n"
    )
    sami = "<SAMI><BODY><SYNC Start=1><P ID=Source>민수\n<SYNC Start=1><P>네.\n</BODY></SAMI>"
    for text, name in ((ass, "a.ass"), (sami, "a.smi")):
        sentences = _read(tmp_path, text, name).sentence_list.sentences
        assert [s.text for s in sentences] == ["네."]


def test_more_than_subtitles_have_is_refused_at_once(tmp_path: Path) -> None:
    text = "<SAMI><BODY>\n" + "<SYNC Start=1><P>네.\n" * 110_000
    with pytest.raises(SentenceListError, match="2 MB"):
        _read(tmp_path, text, "a.smi")


def test_two_languages_at_one_time_are_a_sentence_and_its_translation(tmp_path: Path) -> None:
    sami = (
        "<SAMI><BODY>\n<SYNC Start=1000><P Class=ENCC>- Hi.<br>- Hello.\n"
        "<SYNC Start=1000><P Class=KRCC>- 안녕.<br>- 안녕하세요.\n"
        "<SYNC Start=3000><P Class=KRCC>&nbsp;\n<SYNC Start=3000><P Class=ENCC>&nbsp;\n"
        "<SYNC Start=4000><P Class=KRCC>- 네.<br>- 가요.\n"
        "<SYNC Start=4000><P Class=ENCC>Yes, let's go.\n</BODY></SAMI>"
    )
    sentences = _read(tmp_path, sami, "a.smi").sentence_list.sentences
    assert [(s.text, s.translation) for s in sentences] == [
        ("안녕.", "Hi."),
        ("안녕하세요.", "Hello."),
        ("네.", "Yes, let's go."),
        ("가요.", ""),
    ]


def test_a_translation_may_follow_as_a_whole(tmp_path: Path) -> None:
    text = """<SAMI><BODY>
<SYNC Start=1000><P Class=KRCC>안녕하세요.
<SYNC Start=3000><P Class=KRCC>&nbsp;
<SYNC Start=4000><P Class=KRCC>어디 가요?
<SYNC Start=1000><P Class=ENCC>Hello.
<SYNC Start=4000><P Class=ENCC>Where are you going?
</BODY></SAMI>"""
    pairs = [("안녕하세요.", "Hello."), ("어디 가요?", "Where are you going?")]
    assert _pairs(_read(tmp_path, text, "a.smi")) == pairs


def test_names_and_tones_before_what_is_said_are_left_out(tmp_path: Path) -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\n- (웃으며) 좋아요.\n- [민수] 가요.\n"
    sentences = _read(tmp_path, cues, "a.srt").sentence_list.sentences
    assert [s.text for s in sentences] == ["좋아요.", "가요."]


def test_subtitles_past_the_last_line_read_are_told(tmp_path: Path) -> None:
    cues = "".join(f"{n}\n00:00:01,000 --> 00:00:02,000\n문장 {n}\n\n" for n in range(5100))
    assert _keys(_read(tmp_path, cues, "a.srt"))[-1][1] == "too_many_lines"


def test_anki_breaks_lines_by_blocks_too(tmp_path: Path) -> None:
    result = _read(tmp_path, "#html:true\n안녕하세요<div>여러분</div>\tHello\n네.\tYes.\n", "a.txt")
    assert _pairs(result) == [("안녕하세요 여러분", "Hello"), ("네.", "Yes.")]


def test_circled_numbers_and_bullets_are_no_part_of_the_sentences(tmp_path: Path) -> None:
    assert _pairs(_read(tmp_path, "① 네.\n② 가요.\n", "a.txt")) == [("네.", ""), ("가요.", "")]
    assert _pairs(_read(tmp_path, "• 네.\n• 가요.\n", "a.txt")) == [("네.", ""), ("가요.", "")]


def test_brackets_around_a_pronunciation_are_left_out(tmp_path: Path) -> None:
    result = _read(tmp_path, "표현\t발음\t번역\n같이\t[가치]\ttogether\n", "a.tsv")
    assert [s.pronunciation for s in result.sentence_list.sentences] == ["가치"]


def test_a_header_of_two_rows_with_merged_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [("제3과 음식",), ("번호", "문장"), ("", "한국어", "영어"), (1, "물 주세요.", "Water.")]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    book.save(tmp_path / "list.xlsx")
    result = read_list(tmp_path / "list.xlsx")
    assert _pairs(result) == [("물 주세요.", "Water.")]
    assert result.is_whole
