"""The stick goes away during an import and an export: one message, both sides whole.

The stick is a real file system (tmpfs) where the tests may mount one; it is full, or it is pulled
out (a lazy unmount) in the middle. Where they may not, a folder that vanishes stands for it.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.sentences import store as store_module
from pronounce_kiosk.sentences import transfer
from pronounce_kiosk.sentences.reader import read_list
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.sentences.transfer import export_list, preview_list


@dataclass
class Stick:
    folder: Path
    is_mount: bool

    def pull(self) -> None:
        if self.is_mount:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
            self.folder.rmdir()
        else:
            shutil.rmtree(self.folder)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Stick]:
    folder = tmp_path / "stick"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    yield Stick(folder, mounted)
    if folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def noise(seed: int, seconds: float = 2.0) -> AudioClip:
    samples = np.random.default_rng(seed).normal(0, 0.2, int(16_000 * seconds))
    return AudioClip.from_array(samples.astype(np.float32), 16_000)


def spoken_list(folder: Path, count: int) -> SentenceList:
    sentences = []
    for number in range(count):
        write_clip(folder / f"{number}.wav", noise(number))
        sentences.append(
            Sentence(f"s{number}", f"문장 {number}.", "ko", audio=folder / f"{number}.wav")
        )
    return SentenceList("반", "반", "ko", tuple(sentences))


@pytest.fixture
def store(tmp_path: Path) -> ListStore:
    """A kiosk with a list of five recordings."""
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    store = ListStore(tmp_path / "kiosk" / "lists")
    store.import_list(spoken_list(sounds, 5))
    return store


def pull_after_two(
    patch: pytest.MonkeyPatch, module: ModuleType, name: str, pull: Callable[[], None]
) -> None:
    """Pull the stick after the second call of a module's function."""
    calls, real = itertools.count(1), getattr(module, name)

    def call(*arguments: object) -> object:
        result = real(*arguments)
        if next(calls) == 2:
            pull()
        return result

    patch.setattr(module, name, call)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pulled_during_an_import(
    store: ListStore, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        write_clip(stick.folder / f"{number}.wav", noise(10 + number, 1.0))
    rows = "\n".join(f"새 문장 {number}.,{number}.wav" for number in range(5))
    (stick.folder / "반.csv").write_text(f"문장,음성\n{rows}\n", encoding="utf-8")
    preview = preview_list(stick.folder / "반.csv")
    assert preview.is_whole
    before = store.lists()

    pull_after_two(monkeypatch, store_module, "read_recording", stick.pull)
    with pytest.raises(SentenceListError) as caught:
        store.import_list(preview.sentence_list)

    assert "Check the stick" in caught.value.message
    assert store.lists() == before
    assert ListStore(store.folder).lists() == before


def test_pulled_between_preview_and_import(store: ListStore, stick: Stick) -> None:
    (stick.folder / "반.csv").write_text("문장\n하나.\n", encoding="utf-8")
    preview = preview_list(stick.folder / "반.csv")
    stick.pull()
    # It was read whole: what the teacher saw is what comes in.
    assert store.import_list(preview.sentence_list).added == 1


def test_pulled_during_an_export(
    store: ListStore, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(store.folder)
    path = stick.folder / "반.csv"

    pull_after_two(monkeypatch, transfer, "write_atomically", stick.pull)
    with pytest.raises(SentenceListError) as caught:
        export_list(path, store.get("반").list)

    assert "Check the stick" in caught.value.message
    # Nothing of it landed on the card, where the stick's folder was.
    assert not stick.folder.exists()
    assert everything(store.folder) == before


def test_an_older_export_survives_one_that_fails(store: ListStore, stick: Stick) -> None:
    if not stick.is_mount:
        pytest.skip("needs the right to mount")
    path = stick.folder / "반.csv"
    small = SentenceList("반", "반", "ko", store.get("반").list.sentences[:2])
    export_list(path, small)
    before = everything(stick.folder)
    fill = stick.folder / "holiday.mov"
    free = shutil.disk_usage(stick.folder).free
    fill.write_bytes(bytes(free - 100_000))

    with pytest.raises(SentenceListError, match="stick"):
        export_list(path, store.get("반").list)

    after = everything(stick.folder)
    assert {name: after[name] for name in before} == before
    assert not [name for name in after if name.endswith(".part")]
    back = read_list(path)
    assert back.is_whole
    assert [s.text for s in back.sentence_list.sentences] == ["문장 0.", "문장 1."]


def test_a_stick_full_to_its_last_byte(store: ListStore, stick: Stick) -> None:
    """Disk usage says there is room, the write says there is none."""
    if not stick.is_mount:
        pytest.skip("needs the right to mount")
    big = SentenceList(
        "big",
        "big",
        "ko",
        tuple(Sentence(f"s{i}", f"가 {i} " + "나" * 250, "ko") for i in range(3000)),
    )
    with pytest.raises(SentenceListError, match="No space left"):
        export_list(stick.folder / "big.csv", big)
    assert os.listdir(stick.folder) == []
