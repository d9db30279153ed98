"""Subtitles become sentences; more kinds, as people have them: test_as_people_have_them.py."""

from __future__ import annotations

from pathlib import Path

from pronounce_kiosk.sentences.reader import ReadResult, read_list


def _texts(result: ReadResult) -> list[str]:
    return [sentence.text for sentence in result.sentence_list.sentences]


def test_srt(tmp_path: Path) -> None:
    text = (
        "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>안녕하세요,</i>\r\n여러분.\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000 X1:1\r\n{\\an8}- 밥 먹었어?\r\n- 응, 먹었어.\r\n\r\n"
        "3\r\n00:00:05,000 --> 00:00:06,000\r\n[음악]\r\n\r\n"
        "4\r\n여기는 시간이 없다\r\n\r\n"
        "00:00:07,000 --> 00:00:08,000\r\nTom &amp; Jerry\r\n"
    )
    path = tmp_path / "film.srt"
    path.write_bytes(text.encode("cp949"))
    result = read_list(path)
    assert _texts(result) == ["안녕하세요, 여러분.", "밥 먹었어?", "응, 먹었어.", "Tom & Jerry"]
    found = [(problem.line, problem.column, problem.key) for problem in result.problems]
    assert found == [(13, "text", "sound_cue"), (15, "", "no_timing")]
    assert result.encoding == "CP949"


def test_vtt(tmp_path: Path) -> None:
    text = (
        "WEBVTT - lesson 1\nKind: captions\n\nNOTE made\nby hand\n\nSTYLE\n::cue { color: red }\n\n"
        "intro\n00:01.000 --> 00:02.000 align:start\n<v 민수>안녕!</v>\n\n"
        "01:00:03.000 --> 01:00:04.000\n<00:03.500><c.loud>반가워요.</c>\n"
    )
    path = tmp_path / "lesson.vtt"
    path.write_bytes(text.encode())
    result = read_list(path)
    assert _texts(result) == ["안녕!", "반가워요."]
    assert result.is_whole
