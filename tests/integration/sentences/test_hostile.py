"""Lists made to mislead, to run something or to break the reader.

Each gives one clear message (a problem, or one error for the whole file), imports nothing bad and
keeps its good lines.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences.commands import import_file
from pronounce_kiosk.sentences.reader import MAX_FILE_BYTES, read_list
from pronounce_kiosk.sentences.store import ListStore

GOOD = ("안녕하세요.", "고마워요.")
HEADER = "문장,번역,음성\n"


def _with_bad(bad: str) -> bytes:
    """A list whose second line of three is bad."""
    return f"{HEADER}{GOOD[0]},Hello.,\n{bad}\n{GOOD[1]},Thanks.,\n".encode()


def _workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _replaced(workbook: bytes, member: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def _zip_bomb() -> bytes:
    return _replaced(_workbook(["문장"], [GOOD[0]]), SHEET, b" " * (64 * 1024 * 1024))


def _lying_zip_bomb() -> bytes:
    """The central directory says 100 bytes; the member unpacks to 64 MB."""
    bomb = bytearray(_zip_bomb())
    size = struct.pack("<I", 64 * 1024 * 1024)
    assert bomb.count(size) == 2
    return bytes(bomb.replace(size, struct.pack("<I", 100)))


def _entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">{levels}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&k;</t></is></c></row></sheetData>'
        "</worksheet>"
    )
    return _replaced(_workbook(["문장"], [GOOD[0]]), SHEET, sheet.encode())


@dataclass(frozen=True)
class Hostile:
    """name: the file's; content: its bytes; key: of its one problem, or of the error."""

    name: str
    content: Callable[[], bytes]
    key: str
    line: int = 3
    good: tuple[str, ...] = GOOD


BAD_LINES = {
    "formula-equals": ("=cmd|'/c calc'!A0,Run,", "formula"),
    "formula-plus": ("+1+cmd|'/c calc'!A0,Run,", "formula"),
    "formula-minus": ("-2+3+cmd|'/c calc'!A0,Run,", "formula"),
    "formula-at": ("@SUM(1+1)*cmd|'/c calc'!A0,Run,", "formula"),
    "formula-full-width": ("＝1+1,Run,", "formula"),
    "formula-after-blank": ('"\t=1+1",Run,', "formula"),
    "formula-in-translation": ('네.,"=HYPERLINK(""http://x"",""y"")",', "formula"),
    "audio-absolute": ("네.,Yes.,/etc/passwd", "audio_outside"),
    "audio-parent": ("네.,Yes.,../secret.wav", "audio_outside"),
    "audio-parent-windows": ("네.,Yes.,sub\\..\\..\\secret.wav", "audio_outside"),
    "audio-drive": ("네.,Yes.,C:\\secret.wav", "audio_outside"),
    "audio-address": ("네.,Yes.,file:///etc/passwd", "audio_outside"),
    "audio-link": ("네.,Yes.,link.wav", "audio_outside"),
    "audio-linked-folder": ("네.,Yes.,linked/secret.wav", "audio_outside"),
    "audio-loop": ("네.,Yes.,loop.wav", "audio_missing"),
    "audio-folder": ("네.,Yes.,sub", "audio_missing"),
    "bidi-override": ("네\u202e.요서,Yes.,", "direction_character"),
    "bidi-isolate": ("네.,Yes\u2066.,", "direction_character"),
    "zero-width": ("네\u200b네.,Yes.,", "hidden_character"),
    "hangul-filler": ("네\u3164.,Yes.,", "hidden_character"),
    "nul": ("네\0.,Yes.,", "control_character"),
    "escape": ("네\x1b[2J.,Yes.,", "control_character"),
    "line-separator": ("네\u2028네.,Yes.,", "hidden_character"),
    "lost-letters": ("네\ufffd\ufffd.,Yes.,", "damaged_text"),
    "duplicate-sentence": (f"{GOOD[0]},Hi.,", "duplicate_sentence"),
    "long-sentence": ("가" * 301 + ",Long.,", "too_long"),
    "line-of-1-mb": ("가" * 1_000_000 + ",Long.,", "line_too_long"),
    "one-mb-of-separators": ("," * 1_000_000, "line_too_long"),
    "many-cells": ("네," * 500, "more_cells"),
    "open-quote": ('"네.,Yes.,', "bad_quotes"),
    "text-after-quote": ('"네"네,Yes.,', "bad_quotes"),
    "no-letters": ("?!,What?,", "no_letters"),
    "no-sentence": (",Yes.,", "text_missing"),
}

HOSTILE_FILES = {
    "duplicate-id": Hostile(
        "list.csv", lambda: f"id,text\na,{GOOD[0]}\na,네.\nb,{GOOD[1]}\n".encode(), "duplicate_id"
    ),
    "id-is-a-path": Hostile(
        "list.csv", lambda: f"id,text\na,{GOOD[0]}\n../../x,네.\nb,{GOOD[1]}\n".encode(), "bad_id"
    ),
    "workbook-formula": Hostile(
        "list.xlsx", lambda: _workbook(["문장"], [GOOD[0]], ["=1+1"], [GOOD[1]]), "formula"
    ),
    "workbook-formula-beside": Hostile(
        "list.xlsx",
        lambda: _workbook(["문장", "x"][:1], [GOOD[0]], ["네.", "=cmd|' /C calc'!A0"], [GOOD[1]]),
        "formula",
    ),
    "workbook-error": Hostile(
        "list.xlsx", lambda: _workbook(["문장"], [GOOD[0]], ["#REF!"], [GOOD[1]]), "cell_error"
    ),
    "subtitle-direction": Hostile(
        "list.srt",
        lambda: (
            f"1\n00:00:01,000 --> 00:00:02,000\n{GOOD[0]}\n\n"
            "2\n00:00:03,000 --> 00:00:04,000\n&#x202e;네\n\n"
            f"3\n00:00:05,000 --> 00:00:06,000\n{GOOD[1]}\n"
        ).encode(),
        "direction_character",
        line=7,
    ),
    "too-many-lines": Hostile(
        "list.txt",
        lambda: "\n".join([*GOOD, *[""] * 20_000, *["네."] * 20_000]).encode(),
        "too_many_lines",
        line=20_001,
    ),
    "empty-lines-then-one": Hostile(
        "list.csv",
        lambda: "\n".join(["문장", *GOOD]).encode() + b"\n" * 5_000_000 + "네.".encode(),
        "too_many_lines",
        line=20_001,
    ),
}

REFUSED_FILES = {
    "empty": ("list.csv", lambda: b"", "empty"),
    "blank": ("list.txt", lambda: b" \r\n\r\n\t ", "empty"),
    "only-a-mark": ("list.csv", lambda: b"\xef\xbb\xbf", "empty"),
    "only-a-header": ("list.csv", lambda: HEADER.encode(), "empty"),
    "picture": ("list.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not_text"),
    "program": ("list.txt", lambda: b"\x7fELF\2\1\1" + bytes(5000), "not_text"),
    "noise": ("list.csv", lambda: b"\xff\x81\xfe" * 1000, "unknown_encoding"),
    "workbook-as-csv": ("list.csv", lambda: _workbook(["문장"], ["네."]), "renamed_workbook"),
    "csv-as-workbook": ("list.xlsx", lambda: _with_bad(""), "workbook_damaged"),
    "cut-workbook": ("list.xlsx", lambda: _workbook(["문장"], ["네."])[:-200], "workbook_damaged"),
    "old-workbook": ("list.xlsx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "old_workbook"),
    "other-zip": (
        "list.xlsx",
        lambda: _replaced(_workbook(["문장"]), "[Content_Types].xml", b"<x/>"),
        "workbook_damaged",
    ),
    "zip-bomb": ("list.xlsx", _zip_bomb, "workbook_too_big"),
    "lying-zip-bomb": ("list.xlsx", _lying_zip_bomb, "workbook_damaged"),
    "entity-bomb": ("list.xlsx", _entity_bomb, "workbook_damaged"),
    "utf-16-without-mark": ("list.csv", lambda: "문장\n안녕 hello\n".encode("utf-16-le"), None),
    "utf-16-odd": ("list.csv", lambda: "\ufeff문장\n네".encode("utf-16-le")[:-1], None),
    "utf-32": ("list.csv", lambda: "\ufeff문장\n안녕\n".encode("utf-32-le"), "not_text"),
    "western": ("list.txt", lambda: "It’s a café.\n".encode("cp1252"), "unknown_encoding"),
    "chinese": ("list.txt", lambda: "你好，我是学生。\n".encode("gbk"), "unknown_encoding"),
    "japanese": (
        "list.txt",
        lambda: "こんにちは、元気ですか。\n".encode("euc-jp"),
        "unknown_encoding",
    ),
    "one-bad-byte": (
        "list.csv",
        lambda: _with_bad("네.,Yes.,").replace(b"Yes", b"Y\xffs"),
        "unknown_encoding",
    ),
    "no-header": ("list.csv", lambda: "네.,Yes.\n아니요.,No.\n".encode(), "no_header"),
    "no-text-column": ("list.csv", lambda: "번역,메모\nYes.,x\n".encode(), "no_text_column"),
    "not-webvtt": ("list.vtt", lambda: "네.\n".encode(), "no_webvtt"),
    "huge": ("list.txt", lambda: b"hello\n" * (MAX_FILE_BYTES // 6 + 1), "too_big"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The list's folder, with links that lead out of it."""
    folder = tmp_path / "stick"
    (folder / "sub").mkdir(parents=True)
    secret = tmp_path / "secret.wav"
    secret.write_bytes(b"RIFF")
    (folder / "link.wav").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path)
    (folder / "loop.wav").symlink_to("loop.wav")
    return folder


def _is_one_sentence(message: str) -> bool:
    return bool(message) and message.isprintable() and len(message) < 300


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_named_and_the_others_are_kept(folder: Path, case: str) -> None:
    bad, key = BAD_LINES[case]
    path = folder / "list.csv"
    path.write_bytes(_with_bad(bad))

    result = read_list(path)

    assert tuple(sentence.text for sentence in result.sentence_list.sentences) == GOOD
    assert all(sentence.audio is None for sentence in result.sentence_list.sentences)
    assert [(found.line, found.key) for found in result.problems] == [(3, key)]
    assert _is_one_sentence(result.problems[0].message)
    assert not result.is_whole


@pytest.mark.parametrize("case", HOSTILE_FILES)
def test_a_hostile_file_keeps_its_good_lines(folder: Path, case: str) -> None:
    hostile = HOSTILE_FILES[case]
    path = folder / hostile.name
    path.write_bytes(hostile.content())

    result = read_list(path)

    assert tuple(sentence.text for sentence in result.sentence_list.sentences) == hostile.good
    assert [(found.line, found.key) for found in result.problems] == [(hostile.line, hostile.key)]
    assert _is_one_sentence(result.problems[0].message)


@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(folder: Path, case: str) -> None:
    name, content, key = REFUSED_FILES[case]
    path = folder / name
    path.write_bytes(content())

    with pytest.raises(SentenceListError) as caught:
        read_list(path)

    assert _is_one_sentence(str(caught.value))
    assert name in str(caught.value)
    reason = caught.value.fields["reason_key"]
    assert reason == key if key else reason in ("not_text", "unknown_encoding")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("absent.csv", "missing"),
        ("stick", "folder"),
        ("stick.csv", "folder"),
        ("pipe.csv", "unknown_kind"),
        ("list.exe", "unknown_kind"),
        ("x" * 300 + ".csv", "cannot_read"),
        ("x\0.csv", "missing"),
    ],
)
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, key: str) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick.csv").mkdir()
    (tmp_path / "list.exe").write_bytes(b"MZ")
    os.mkfifo(tmp_path / "pipe.csv")

    with pytest.raises(SentenceListError) as caught:
        read_list(tmp_path / name)

    assert caught.value.fields["reason_key"] == key
    assert _is_one_sentence(str(caught.value))


@pytest.fixture
def store(tmp_path: Path) -> ListStore:
    """A kiosk whose teacher has a list under the hostile one's name."""
    store = ListStore(tmp_path / "kiosk" / "lists")
    old = (Sentence("mine", "내 문장.", "ko"), Sentence("second", "둘째.", "ko"))
    store.import_list(SentenceList("list", "list", "ko", old))
    return store


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_keeps_the_whole_list_out_unless_asked(
    folder: Path, store: ListStore, case: str
) -> None:
    bad, _ = BAD_LINES[case]
    path = folder / "list.csv"
    path.write_bytes(_with_bad(bad))
    before = _everything(store.folder)

    lines, done = import_file(store, path)
    assert not done
    assert len(lines) == 2
    assert lines[0].startswith("line 3")
    assert all(map(_is_one_sentence, lines))
    assert _everything(store.folder) == before

    lines, done = import_file(store, path, good_lines=True)
    assert done
    sentences = store.get("list").list.sentences
    assert tuple(s.text for s in sentences) == ("내 문장.", "둘째.", *GOOD)
    assert all(s.audio is None for s in sentences)
    store.undo()
    assert [s.text for s in store.get("list").list.sentences] == ["내 문장.", "둘째."]


@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_refused_file_changes_nothing(folder: Path, store: ListStore, case: str) -> None:
    name, content, _ = REFUSED_FILES[case]
    (folder / name).write_bytes(content())
    before = _everything(store.folder)
    with pytest.raises(SentenceListError) as caught:
        import_file(store, folder / name, good_lines=True)
    assert _is_one_sentence(str(caught.value))
    assert _everything(store.folder) == before
