"""Every sentence of the interface has its Korean, and the compiled file is up to date."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PyQt5.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.devices.microphone import MicrophoneStatus
from pronounce_kiosk.gui import language, messages
from pronounce_kiosk.gui.language import FOLDER, Language
from pronounce_kiosk.session.advice import ADVICE_KEYS
from pronounce_kiosk.session.naming import Advice

TS = FOLDER / "pronounce_kiosk_ko.ts"
SOURCES = sorted(str(path) for path in FOLDER.parent.rglob("*.py"))
Messages = dict[tuple[str, str], str]


def read(path: Path) -> Messages:
    found: Messages = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            done = translation.get("type") is None and bool(translation.text)
            found[name, message.findtext("source", "")] = (translation.text or "") if done else ""
    return found


def sources() -> dict[tuple[str, str], str]:
    """Every text that is asked for, by (context, text), with where: read from the code itself.

    pylupdate5 skips a call that ends in a comma, and says nothing of it.
    """
    found: dict[tuple[str, str], str] = {}

    def look(node: ast.AST, kind: str, path: str) -> None:
        for child in ast.iter_child_nodes(node):
            inside = child.name if isinstance(child, ast.ClassDef) else kind
            if isinstance(child, ast.Call):
                name = getattr(child.func, "attr", getattr(child.func, "id", ""))
                given = [a.value if isinstance(a, ast.Constant) else None for a in child.args]
                where = f"{path}:{child.lineno}"
                if name == "translate" and isinstance(given[0], str):
                    _, text = given
                    assert isinstance(text, str), f"{where}: no literal"
                    found[given[0], text] = where
                elif name == "tr":
                    (text,) = given
                    assert isinstance(text, str), f"{where}: no literal"
                    found[kind, text] = where
            look(child, inside, path)

    for path in SOURCES:
        look(ast.parse(Path(path).read_text(encoding="utf-8")), "", path)
    return found


def test_no_text_of_the_code_is_missing_in_the_file() -> None:
    asked, written = sources(), read(TS)
    assert len(asked) > 300
    missing = {where: text for text, where in asked.items() if text not in written}
    assert not missing, "pylupdate5 did not see these: no comma after a call's last text"
    assert not set(written) - set(asked), "run gui/translations/update"
    assert [text for text, korean in written.items() if not korean] == []


def test_every_source_string_is_translated(tmp_path: Path) -> None:
    copy = tmp_path / TS.name
    shutil.copy(TS, copy)
    tool = Path(sys.executable).with_name("pylupdate5")
    command = [str(tool) if tool.exists() else "pylupdate5", "-noobsolete", *SOURCES, "-ts", copy]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    fresh, written = read(copy), read(TS)
    assert len(fresh) > 60
    assert set(fresh) == set(written), "run gui/translations/update"
    assert [source for source, korean in fresh.items() if not korean] == []


def test_korean_keeps_the_fields_and_is_korean() -> None:
    for (_, source), korean in read(TS).items():
        # In another order where the language has one.
        fields = (sorted(re.findall(r"{\w+}", text)) for text in (source, korean))
        assert next(fields) == next(fields), source
        assert re.search("[가-힣]", korean), source


def test_the_compiled_file_is_up_to_date(qapp: QCoreApplication) -> None:
    language = Language("ko")
    try:
        for (context, source), korean in read(TS).items():
            assert QCoreApplication.translate(context, source) == korean, "run lrelease"
    finally:
        language.set("en")


@pytest.mark.parametrize("interface", ["ko", "en"])
def test_every_key_has_words(qapp: QCoreApplication, interface: str) -> None:
    language = Language(interface)
    try:
        for key in ADVICE_KEYS:
            signs = {"target_ko": "ㅃ", "heard_ko": "ㅂ", "target_en": "pp", "heard_en": "b"}
            text = messages.advice_text(Advice(key, {"text": "물", "said": "무", **signs}))
            assert text.endswith((".", "!"))
            assert "{" not in text
        for verdict in Verdict:
            assert bool(messages.verdict_title(verdict)) == (verdict is not Verdict.SCORED)
        for status in MicrophoneStatus:
            if not status.usable:
                assert messages.notice_text(status.key)
        unknown = messages.error_text(ValueError("detail"))
        for kind in KioskError.__subclasses__():
            assert "detail" not in messages.error_text(kind("detail"))
        assert unknown == messages.error_text(KioskError("detail"))
    finally:
        language.set("en")


def test_a_confusion_is_told_by_the_interface_s_own_signs(qapp: QCoreApplication) -> None:
    signs = {"target_ko": "ㅃ", "heard_ko": "ㅂ", "target_en": "pp", "heard_en": "b"}
    advice = Advice("heard", {"text": "뿔", **signs})
    language = Language("en")
    assert messages.advice_text(advice) == "In “뿔” I heard b, not pp."
    try:
        language.set("ko")
        assert messages.advice_text(advice) == "“뿔”의 ㅃ이 ㅂ처럼 들렸어요."
        vowel = Advice("heard", {"text": "어", "target_ko": "ㅓ", "heard_ko": "ㅗ"})
        assert messages.advice_text(vowel) == "“어”의 ㅓ가 ㅗ처럼 들렸어요."
        english = Advice("heard", {"text": "think", "target_ko": "th", "heard_ko": "s"})
        assert messages.advice_text(english) == "“think”의 th가 s처럼 들렸어요."
    finally:
        language.set("en")


def test_another_language_is_refused(qapp: QCoreApplication) -> None:
    language = Language("en")
    with pytest.raises(ValueError, match="fr"):
        language.set("fr")
    assert language.other == "ko"


def test_an_update_may_write_the_translation_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    file = tmp_path / "pronounce_kiosk_ko.qm"
    file.write_bytes((language.FOLDER / file.name).read_bytes())
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    speech = language.Language("ko")
    before = QCoreApplication.translate("PracticeScreen", "Listen")
    # In place, as a copy does: whoever had it mapped would die at the next word.
    with file.open("r+b") as qm:
        qm.truncate(0)
    assert QCoreApplication.translate("PracticeScreen", "Listen") == before != "Listen"
    speech.set("en")
    with pytest.raises(ValueError, match="damaged"):
        speech.set("ko")
