"""JSON and TOML by others: read, or ValueError."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.core.documents import json_document, read_kept, toml_document


def test_documents_are_read() -> None:
    assert json_document(b'{"a": [1]}') == {"a": [1]}
    assert toml_document("a = '가'\r\nb = 2\n".encode()) == {"a": "가", "b": 2}


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 50_000, b"9" * 5000, b"\xff\xfe\xff"])
def test_json_that_is_none(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of many kinds
        json_document(data)


@pytest.mark.parametrize(
    "data", [b"a", b"a = " + b"[" * 50_000, b"a = " + b"{b=" * 9000, b"a = " + b"9" * 5000, b"\xff"]
)
def test_toml_that_is_none(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of many kinds
        toml_document(data)


def test_a_kept_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    assert read_kept(path, int, 0, "nothing is lost") == 0
    path.write_text("7")
    assert read_kept(path, int, 0, "nothing is lost") == 7


@pytest.mark.parametrize("damage", ["", "{", "[]", '"a"', "1e999"])
def test_a_damaged_file_counts_as_missing(
    damage: str, tmp_path: Path, expected_log: Callable[[str], None]
) -> None:
    path = tmp_path / "kept.json"
    path.write_text(damage)
    expected_log("kept.json cannot be read .*: the count begins anew")
    assert read_kept(path, int, 0, "the count begins anew") == 0
