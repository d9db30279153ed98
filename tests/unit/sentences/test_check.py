"""What `lists check` prints, and that every message has its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pronounce_kiosk.sentences
from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.sentences.commands import check_file
from pronounce_kiosk.sentences.messages import LIST_ERROR_MESSAGES, PROBLEM_MESSAGES


def test_a_good_list(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("문장;번역\n네.;Yes.\n".encode("cp949"))
    assert check_file(path, "ko") == (
        ("list.csv (CP949, semicolon): 1 sentence, 0 problems",),
        True,
    )


def test_a_list_with_problems(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("문장\n네.\n=1+1\n네.\n", encoding="utf-8")
    lines, ok = check_file(path, None)
    assert not ok
    assert lines[0].startswith("line 3, text: The cell begins with =, as a formula")
    assert lines[1] == "line 4, text: The same sentence is already on line 2. [네.]"
    assert lines[2] == "list.csv (UTF-8, comma): 1 sentence, 2 problems"


def test_no_list_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SentenceListError):
        check_file(tmp_path / "absent.csv", "ko")


def test_every_key_used_has_a_message_and_every_message_a_use() -> None:
    folder = Path(pronounce_kiosk.sentences.__file__).parent
    sources = [file.read_text(encoding="utf-8") for file in folder.glob("*.py")]
    code = "\n".join(text for text in sources if "PROBLEM_MESSAGES =" not in text)
    for key in (*PROBLEM_MESSAGES, *LIST_ERROR_MESSAGES):
        assert re.search(rf'"{key}"', code), key


def test_every_message_is_in_both_languages_with_the_same_fields() -> None:
    for message in (*PROBLEM_MESSAGES.values(), *LIST_ERROR_MESSAGES.values()):
        english, korean = (sorted(re.findall(r"{\w+}", text)) for text in (message.en, message.ko))
        assert english == korean, message.en
        assert re.search("[가-힣]", message.ko), message.en
        assert message.en.endswith(".")
        assert message.ko.endswith(".")
