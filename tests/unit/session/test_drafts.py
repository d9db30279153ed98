"""Texts that were typed and not saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pronounce_kiosk.session.drafts import MOST, NEW, DraftKey, Drafts


def test_a_draft_outlives_the_program(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts.json")
    drafts.put(DraftKey("반", NEW), {"text": "고마워", "note": ""})
    drafts.write()
    again = Drafts(tmp_path / "drafts.json")
    assert again.get(DraftKey("반", NEW)) == {"text": "고마워", "note": ""}
    assert again.drop(DraftKey("반", NEW))
    again.write()
    assert Drafts(tmp_path / "drafts.json").keys == ()


def test_the_oldest_go_first(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts.json")
    for number in range(MOST + 2):
        drafts.put(DraftKey("반", str(number)), {"text": "가"})
    drafts.put(DraftKey("반", "2"), {"text": "나"})
    assert len(drafts.keys) == MOST
    assert drafts.keys[0] == DraftKey("반", "3")
    assert drafts.keys[-1] == DraftKey("반", "2")


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"drafts": [{"list": 1}]}', b"\xff"])
def test_a_damaged_file_holds_none(
    tmp_path: Path, data: bytes, expected_log: Callable[[str], None]
) -> None:
    expected_log("drafts.* cannot be read")
    (tmp_path / "drafts.json").write_bytes(data)
    assert Drafts(tmp_path / "drafts.json").keys == ()
