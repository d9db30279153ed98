"""The power is cut while a kiosk does all it does: what was told is kept, and nothing is half."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pronounce_kiosk
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.bundles.activation import activate, active_folder, read_activation
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings, load_settings, save_settings
from pronounce_kiosk.devices.recorder import Recorder
from pronounce_kiosk.history.records import NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.unsaved import keep_take
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.engine import PracticeEngine
from tests.fakes.microphone import FakeMicrophone

ROUNDS = int(os.environ.get("POWER_CUT_ROUNDS", "8"))
CLONE_NEWNS = 0x00020000
BUNDLES = ("classic-1", "aligned-2")

pytestmark = pytest.mark.timeout(180 + 5 * ROUNDS)


class Kiosk:
    """Everything that writes, with the parts that do it in the kiosk."""

    def __init__(self, engine: PracticeEngine, take: AudioClip, chance: random.Random) -> None:
        self.paths = Paths.default()
        self.chance = chance
        self._engine = engine
        self._take = take
        self._count = 0

    def work(self, tell: Callable[[int], None]) -> None:
        """For ever, in any order."""
        jobs = [self.practise, self.practise, self.import_list, self.activate, self.render]
        while True:
            self._count += 1
            job = self.chance.choice([*jobs, self.change_settings])
            told = job()
            if told:
                tell(told)

    def practise(self) -> int:
        """A take is recorded, scored, kept and committed; the attempt's id."""
        recorder = Recorder(FakeMicrophone(self._take, step_s=0.5))
        recorder.start()
        while recorder.poll().duration_s < 1.0:
            pass
        take = recorder.finish()
        sentence = Sentence("1", "안녕하세요", "ko")
        score = self._engine.score(take, sentence).score
        name = keep_take(self.paths.data_dir / "takes", take, room_to_leave=0)
        with HistoryStore(self.paths.data_dir) as store:
            learner = (store.learners() or (store.add_guest(),))[0]
            attempt = NewAttempt(
                learner.id, SentenceName("greetings", "1", "안녕하세요", "ko"), score
            )
            return store.add(replace(attempt, take_file=name))

    def import_list(self) -> int:
        sentences = tuple(Sentence(str(n), f"문장 {self._count} {n}", "ko") for n in range(5))
        name = f"list-{self.chance.randrange(4)}"
        self.lists().import_list(SentenceList(name, name, "ko", sentences))
        return 0

    def activate(self) -> int:
        activate(self.paths, self.chance.choice(BUNDLES))
        return 0

    def render(self) -> int:
        text = self.chance.choice(["가", "나무", "다리"]) * self.chance.randint(1, 3)
        sentence = Sentence("", text, "ko")
        self._engine.forget(sentence)
        self._engine.reference(sentence)
        return 0

    def change_settings(self) -> int:
        save_settings(Settings(silence_end_ms=self.chance.randint(300, 5000)))
        return 0

    def lists(self) -> ListStore:
        return ListStore(self.paths.data_dir / "lists")


@pytest.fixture
def one_thread() -> Iterator[None]:
    """A forked child has none of torch's other threads, and would wait for them."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_two_hundred_power_cuts(one_thread: None) -> None:
    seed = 7
    chance = random.Random(seed)
    paths = Paths.default()
    library = default_library(paths, Settings())
    engine = PracticeEngine(library, load_bundle(paths.models_dir / "classic-1").scorer)
    sentence = Sentence("1", "안녕하세요", "ko")
    take = engine.reference(sentence).clip
    # What is loaded late is loaded now, and inherited by each round.
    told = {Kiosk(engine, take, chance).practise()}
    for _ in range(ROUNDS):
        told |= cut(Kiosk(engine, take, random.Random(chance.random())), chance.uniform(0, 1.5))
        check(paths, told)
    # However slow the machine, one round comes so far as to commit an attempt.
    last = cut(Kiosk(engine, take, random.Random(chance.random())), told_first=True)
    assert last
    check(paths, told | last)


def cut(kiosk: Kiosk, after_s: float = 0.0, told_first: bool = False) -> set[int]:
    """Lets a kiosk work in a process of its own and kills it; the attempts it told of.

    told_first: not before it has told of one.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        logging.disable()
        try:
            kiosk.work(lambda told: os.write(writer, f"{told}\n".encode()) and None)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writer)
    said = os.read(reader, 65536) if told_first else b""
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while more := os.read(reader, 65536):
        said += more
    os.close(reader)
    assert os.WTERMSIG(status) == signal.SIGKILL, "it must be cut off, not fail by itself"
    return {int(line) for line in said.split()}


def check(paths: Paths, told: set[int]) -> None:
    """Everything on the disk is whole; a warning in the log fails the test as well."""
    with HistoryStore(paths.data_dir) as store:
        kept = store.attempts(limit=100_000)
    assert told <= {attempt.id for attempt in kept}
    database = paths.data_dir / "history.sqlite3"
    if database.exists():
        with contextlib.closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for attempt in kept:
        if attempt.take_file:
            clip = read_clip(paths.data_dir / "takes" / attempt.take_file)
            assert np.isfinite(clip.samples).all()
    for stored in ListStore(paths.data_dir / "lists").lists():
        assert len(stored.list.sentences) == 5
        assert len({sentence.text.split()[1] for sentence in stored.list.sentences}) == 1
    load_settings()
    assert read_activation(paths).bundle in ("", None, *BUNDLES)
    assert active_folder(paths).name in BUNDLES
    cache = default_library(paths, Settings()).cache
    for path in cache.folder.glob("*/*.reference.npz"):
        assert cache.get(path.name.split(".")[0]) is not None


def test_every_write_refused_is_said_and_leaves_what_was(one_thread: None) -> None:
    """The disk is full, the kernel refuses all growth of files, or no file may be made."""
    paths = Paths.default()
    library = default_library(paths, Settings())
    engine = PracticeEngine(library, load_bundle(paths.models_dir / "classic-1").scorer)
    sentence = Sentence("1", "안녕하세요", "ko")
    take = engine.reference(sentence).clip
    kiosk = Kiosk(engine, take, random.Random(1))
    before = kiosk.practise()
    for job in (kiosk.import_list, kiosk.activate, kiosk.change_settings):
        job()
    for hindrance in ("full", "no growth", "read-only"):
        assert what_goes_wrong(hindrance, kiosk, engine, take) == "", hindrance
        check(paths, {before})


def what_goes_wrong(hindrance: str, kiosk: Kiosk, engine: PracticeEngine, take: AudioClip) -> str:
    """In a process of its own, which alone has the hindrance; "" where all is as it should be."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        logging.disable()
        try:
            hinder(hindrance, kiosk.paths)
            said = "\n".join(refused(kiosk, engine, take))
        except BaseException:
            said = traceback.format_exc()
        os.write(writer, said.encode()[:60_000])
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, encoding="utf-8") as answer:
        return answer.read()


def hinder(how: str, paths: Paths) -> None:
    import resource

    home = paths.data_dir.parent
    if how == "no growth" or (how == "full" and os.geteuid() != 0):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        return
    if os.geteuid() == 0:  # who may write anywhere but on a read-only mount, here only the child's
        unshared = ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS)
        assert unshared == 0
        mount("--make-rprivate", "/")
        if how == "full":
            copy = home.with_name("copy")
            shutil.copytree(home, copy)
            mount("-t", "tmpfs", "-o", "size=64M", "small", home)
            shutil.copytree(copy, home, dirs_exist_ok=True)
            with contextlib.suppress(OSError), (home / "filler").open("wb", buffering=0) as filler:
                while True:
                    filler.write(bytes(4096))
        else:
            mount("--bind", home, home)
            mount("-o", "remount,ro,bind", home)
        os.chdir("/")
        return
    for path in [home, *home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def mount(*words: str | Path) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def refused(kiosk: Kiosk, engine: PracticeEngine, take: AudioClip) -> list[str]:
    """Nothing where each write was refused with an error that the kiosk knows how to tell, and a
    take is scored all the same; else what went wrong."""
    wrong = []
    if engine.score(take, Sentence("1", "안녕하세요", "ko")).score.score is None:
        wrong.append("no score without a disk")
    if len(engine.reference(Sentence("", "새 문장입니다", "ko")).clip.samples) == 0:
        wrong.append("no new reference without a disk")
    for name, write in writers(kiosk, engine, take).items():
        try:
            kept = write()
        except (KioskError, OSError):
            continue
        if name not in NOTHING_SAID or kept:
            wrong.append(f"{name}: written, or nothing was said")
    left = [path for path in kiosk.paths.data_dir.parent.rglob("*.part") if path.is_file()]
    return wrong + [f"half written: {path}" for path in left]


NOTHING_SAID = ("take", "log", "wait for gTTS")
"""What is done without: the attempt counts, work goes on. All else says that it was not kept."""

WHO_WRITES = {
    "bundles/activation.py": "active bundle",
    "bundles/importing.py": "import of a bundle",
    "cli/support.py": "support archive",
    "audio/files.py": "recording",
    "core/pin.py": "PIN",
    "core/settings.py": "settings",
    "gui/teacher/results.py": "",  # the PDF: the same one call, of bytes it has made before
    "history/database.py": "attempt",
    "references/cache.py": "",  # a new reference, above: without a word, and there all the same
    "references/gtts.py": "wait for gTTS",
    "sentences/store.py": "list",
    "sentences/transfer.py": "",  # to a stick: tests/unit/sentences/test_stick_pulled.py
    "sentences/writer.py": "export of a list",
    "batch/scoring.py": "results of a batch",
    "batch/compare.py": "comparison",
    "batch/results.py": "export of results",
    "session/drafts.py": "draft",
    "session/room.py": "room",
}
"""The modules that write what a kiosk keeps, and which of `writers` tries it."""


def writers(kiosk: Kiosk, engine: PracticeEngine, take: AudioClip) -> dict[str, Callable[[], Any]]:
    """All that writes, by name; each gives something true where it counts as kept."""
    from pronounce_kiosk.batch import compare, results
    from pronounce_kiosk.batch import scoring as batch
    from pronounce_kiosk.bundles.importing import import_bundle
    from pronounce_kiosk.cli.log import file_handler as _file_handler
    from pronounce_kiosk.cli.support import write_support_archive
    from pronounce_kiosk.core.pin import Pin
    from pronounce_kiosk.references.gtts import GttsEngine
    from pronounce_kiosk.sentences.writer import write_list
    from pronounce_kiosk.session.drafts import NEW, DraftKey, Drafts
    from pronounce_kiosk.session.golden import golden_scorer
    from pronounce_kiosk.session.room import RoomReport, RoomWatch

    paths = kiosk.paths
    data, home = paths.data_dir, paths.data_dir.parent
    sentences = SentenceList("x", "x", "ko", (Sentence("1", "가", "ko"),))
    some_list = kiosk.lists().lists()[0]
    scored = batch.BatchResult("1", engine.score(take, Sentence("1", "안녕하세요", "ko")).score)

    def draft() -> bool:
        drafts = Drafts(data / "drafts.json")
        drafts.put(DraftKey("x", NEW), {"text": "가"})
        drafts.write()
        return True

    def record() -> object:
        number = some_list.list.sentences[0].id
        return kiosk.lists().set_recording(some_list.list.id, number, take)

    def log() -> bool:
        handler = _file_handler(data / "log" / "pronounce-kiosk.log")
        handler.emit(logging.LogRecord("x", logging.INFO, "", 0, "y", None, None))
        return False

    def remember_wait() -> bool:
        GttsEngine(paths.cache_dir / "gtts.json")._back_off(60.0)
        return (paths.cache_dir / "gtts.json").exists()

    return {
        "attempt": kiosk.practise,
        "take": lambda: keep_take(data / "takes", take, room_to_leave=0),
        "list": lambda: kiosk.import_list() == 0,
        "recording": record,
        "draft": draft,
        "active bundle": lambda: kiosk.activate() == 0,
        "import of a bundle": lambda: import_bundle(
            paths, paths.models_dir / "classic-1", golden_scorer(paths)
        ),
        "settings": lambda: kiosk.change_settings() == 0,
        "PIN": lambda: Pin(paths.config_dir / "pin.json").set("1234") is None,
        "room": lambda: RoomWatch(data / "room.json").keep(
            RoomReport(-60, -20, "good", "good", "good")
        ) is None,
        "export of results": lambda: results.write_results(home / "results.csv", []) == 0,
        "export of a list": lambda: write_list(home / "list.csv", sentences) is None,
        "support archive": lambda: write_support_archive(home / "s.tar.gz", [], paths) is None,
        "results of a batch": lambda: batch.write_results(home / "batch.tsv", [scored]),
        "comparison": lambda: compare.write_pairs(home / "pairs.tsv", []) is None,
        "log": log,
        "wait for gTTS": remember_wait,
    }  # fmt: skip


def test_no_writer_is_forgotten() -> None:
    package = Path(pronounce_kiosk.__file__).parent
    signs = re.compile(
        r"write_atomically\(|\.write_(text|bytes)\(|open\([^)]*\"w|sqlite3\.connect\("
    )
    # Training runs in no kiosk; brightness is no file; a demo writes where it is told; the doctor
    # deletes what it writes; a lock's file is empty.
    others = ("training/", "core/atomic.py", "core/lock.py", "devices/", "demo/", "cli/doctor.py")
    writing = {
        name
        for path in package.rglob("*.py")
        if signs.search(path.read_text())
        and not (name := str(path.relative_to(package))).startswith(others)
    }
    assert writing == set(WHO_WRITES)


def test_logs_are_bounded(kiosk_home: Path) -> None:
    from pronounce_kiosk.cli.log import file_handler as _file_handler

    path = kiosk_home / "log" / "pronounce-kiosk.log"
    handler = _file_handler(path)
    record = logging.LogRecord("x", logging.INFO, "", 0, "y" * 1000, None, None)
    for _ in range(5000):
        handler.emit(record)
    handler.close()
    assert sum(each.stat().st_size for each in path.parent.iterdir()) < 3_100_000
