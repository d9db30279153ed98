"""`doctor`: its judgements, its output for people and for fleets, its archive without names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pronounce_kiosk.cli import doctor as cli_doctor
from pronounce_kiosk.cli.doctor import NOTE, OK, PROBLEM, Finding, judge_power, pinned
from pronounce_kiosk.cli.main import main
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings, save_settings
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.sentences.store import ListStore


@pytest.mark.parametrize(
    ("flags", "level", "word"),
    [
        (0x0, OK, "no under-voltage"),
        (0x1, PROBLEM, "now: under-voltage"),
        (0x50005, PROBLEM, "throttled"),
        (0x50000, NOTE, "since power on: under-voltage, throttled"),
        (0x80008, PROBLEM, "too hot"),
    ],
)
def test_what_the_firmware_says_of_its_supply(flags: int, level: str, word: str) -> None:
    found = judge_power(flags)
    assert found.level == level
    assert word in found.text
    assert bool(found.advice) == (level != OK)


def test_pins_of_this_machine_only() -> None:
    here = os.uname().machine
    found = pinned(
        [
            f'torch==2.0; platform_machine == "{here}"',
            'torch==1.0; platform_machine == "vax"',
            'late==1; python_version >= "9.9"',
            "plain==3.1",
            "loose>=2",
            'dev==1; extra == "dev"',
        ]
    )
    assert found == {"torch": "2.0", "plain": "3.1"}


def test_a_full_disk_and_a_folder_nobody_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli_doctor.check_disk(tmp_path / "not" / "yet" / "there").level in (OK, NOTE)
    monkeypatch.setattr(cli_doctor, "LEAST_FREE_BYTES", 10**18)
    assert cli_doctor.check_disk(tmp_path).level == PROBLEM
    (tmp_path / "file").write_text("")
    found = cli_doctor.check_writable(tmp_path / "file" / "data")
    assert found.level == PROBLEM
    assert "ls -ld" in found.advice


def test_a_check_that_breaks_is_a_finding_with_advice() -> None:
    def breaks() -> Finding:
        raise RuntimeError("boom")

    found = cli_doctor._run("power", breaks)
    assert (found.level, bool(found.advice)) == (PROBLEM, True)


def test_json_for_fleets_and_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--quick", "--json"])
    document = json.loads(capsys.readouterr().out)
    problems = [each for each in document["findings"] if each["level"] == PROBLEM]
    assert code == (1 if problems else 0)
    assert document["ok"] == (not problems)
    names = {each["name"] for each in document["findings"]}
    assert {"python", "packages", "disk", "clock", "sound server"} <= names
    assert not names & {"microphone", "bundle", "gTTS"}
    for each in document["findings"]:
        assert each["level"] in (OK, NOTE, PROBLEM)
        assert bool(each["advice"]) or each["level"] == OK, each


def test_damaged_settings_are_a_finding_and_stop_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = Paths.default().settings_file
    path.parent.mkdir(parents=True)
    path.write_text("[sound\n")
    assert main(["doctor", "--quick"]) == 1
    printed = capsys.readouterr().out
    assert "WRONG  settings" in printed
    assert "Mend it, or remove it" in printed
    assert "data folder" in printed


def test_the_archive_is_what_its_name_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, is_one in (("a.zip", zipfile.is_zipfile), ("a.tgz", tarfile.is_tarfile)):
        assert main(["doctor", "--quick", "--bundle", str(tmp_path / name)]) in (0, 1)
        assert is_one(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert "pronounce-kiosk-support/doctor.json" in archive.namelist()
        assert archive.testzip() is None
    assert main(["doctor", "--quick", "--bundle", str(tmp_path / "a.7z")]) == 2
    assert "let it end in .zip or .tar.gz" in capsys.readouterr().err
    assert not (tmp_path / "a.7z").exists()


def test_damaged_files_with_nicknames_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--quick"]) in (0, 1)
    assert "no damaged file" in capsys.readouterr().out
    damaged = Paths.default().data_dir / "history.sqlite3.damaged-1"
    damaged.write_bytes(b"attempts")
    assert main(["doctor", "--quick"]) in (0, 1)
    assert damaged.name in capsys.readouterr().out
    assert main(["history", "forget", "--all"]) == 0
    assert not damaged.exists()


def test_the_archive_holds_no_names_and_no_voices(tmp_path: Path) -> None:
    paths = Paths.default()
    with HistoryStore(paths.data_dir) as store:
        store.add_learner("김서연", "fox")
    save_settings(Settings(microphone_name="Minji's microphone"))
    log = paths.data_dir / "log" / "pronounce-kiosk.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(
        "INFO history: 김서연 has a new attempt\n"
        "INFO lists: 박지훈의 반 is imported\n"
        "INFO reader: /media/kiosk/최유진/숙제 하준.csv: 3 sentences\n",
        encoding="utf-8",
    )
    sentences = (Sentence("1", "안녕하세요", "ko"),)
    ListStore(paths.data_dir / "lists").import_list(
        SentenceList("class", "박지훈의 반", "ko", sentences)
    )
    take = paths.data_dir / "takes" / "1.flac"
    take.parent.mkdir(exist_ok=True)
    take.write_bytes(b"fLaC voice")
    archive = tmp_path / "support.tar.gz"
    # Another process, because the log is opened by the command.
    done = subprocess.run(
        [sys.executable, "-m", "pronounce_kiosk.cli", "doctor", "--quick", "--bundle", archive],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    with tarfile.open(archive) as opened:
        assert {each.uname for each in opened} == {"root"}
        files = [each for each in opened if each.isfile()]
        parts = {each.name.split("/", 1)[1]: opened.extractfile(each) for each in files}
        texts = {name: part.read().decode() for name, part in parts.items() if part is not None}
    assert "(name) has a new attempt" in texts["log/pronounce-kiosk.log"]
    assert "/media/(name): 3 sentences" in texts["log/pronounce-kiosk.log"]
    together = "\n".join(texts.values())
    for word in ("김서연", "박지훈", "최유진", "하준", "Minji", "fLaC", Path.home().name + "/"):
        assert word not in together, word
    assert "numpy" in texts["packages.txt"]
    assert json.loads(texts["doctor.json"])["findings"]
