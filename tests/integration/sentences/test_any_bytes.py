"""Whatever bytes a file holds, it is read or refused; nothing else happens."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.sentences.columns import SUFFIXES
from pronounce_kiosk.sentences.reader import read_list

_PIECES = [
    *"\n\r\t,;\"'=+-@\0\x1b\u202e\u200b\ufeff<>{}[]&#",
    "\r\n",
    "text",
    "문장",
    "id",
    "audio",
    "language",
    "WEBVTT\n\n",
    "00:00:01,000 --> 00:00:02,000\n",
    "../x",
    "안녕하세요",
    "Hello",
    "ko",
    "sep=;",
    "가" * 400,
]
_list_like = st.tuples(
    st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=60).map("".join),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp949", "utf-32"]),
).map(lambda made: made[0].encode(made[1], errors="ignore"))

_KEPT_SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["문장", "번역", 1.5])
    book.active.append(["안녕", "=1+1", True])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WORKBOOK = _workbook()


def _read_or_refuse(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        result = read_list(path)
    except SentenceListError:
        return
    assert result.sentence_list.sentences or result.problems
    for found in result.problems:
        assert found.message.isprintable()
    ids = [sentence.id for sentence in result.sentence_list.sentences]
    assert len(ids) == len(set(ids))
    for sentence in result.sentence_list.sentences:
        cells = (sentence.text, sentence.translation, sentence.note, sentence.pronunciation)
        for ch in "".join(cells):
            assert unicodedata.category(ch) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        assert not sentence.text.startswith(("=", "@")) or len(sentence.text) < 2
        assert 0 < len(sentence.text) <= 300
        assert sentence.audio is None or sentence.audio.parent.is_relative_to(path.parent.resolve())


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.binary(max_size=400))
@_KEPT_SETTINGS
def test_arbitrary_bytes(tmp_path: Path, suffix: str, data: bytes) -> None:
    _read_or_refuse(tmp_path / f"list{suffix}", data)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=_list_like)
@_KEPT_SETTINGS
def test_list_like_text(tmp_path: Path, suffix: str, data: bytes) -> None:
    _read_or_refuse(tmp_path / f"list{suffix}", data)


@given(
    at=st.integers(0, len(WORKBOOK) - 1), patch=st.binary(min_size=1, max_size=8), cut=st.booleans()
)
@_KEPT_SETTINGS
def test_damaged_workbooks(tmp_path: Path, at: int, patch: bytes, cut: bool) -> None:
    rest = b"" if cut else WORKBOOK[at + len(patch) :]
    _read_or_refuse(tmp_path / "list.xlsx", WORKBOOK[:at] + patch + rest)


@given(data=st.data())
@_KEPT_SETTINGS
def test_workbooks_with_damaged_parts(tmp_path: Path, data: st.DataObject) -> None:
    """The archive is sound, the XML inside it is not what it was."""
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name])))
    patch = data.draw(st.sampled_from([b"", b"0", b'"', b"<", b"-1", b"99999999999", b"\xff"]))
    length = data.draw(st.integers(0, 6))
    parts[name] = parts[name][:at] + patch + parts[name][at + length :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for part, content in parts.items():
            new.writestr(part, content)
    _read_or_refuse(tmp_path / "list.xlsx", out.getvalue())
