"""The power is cut while a kiosk does all it does: what was told is kept, and nothing is half."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import random
import signal
import sqlite3
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.bundles.activation import activate, active_folder, read_activation
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.audio import AudioClip
from pronounce_kiosk.core.audio_file import read_clip
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings, load_settings, save_settings
from pronounce_kiosk.devices.microphone import FakeMicrophone
from pronounce_kiosk.devices.recorder import Recorder
from pronounce_kiosk.history.records import NewAttempt
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.takes import keep_take
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.engine import PracticeEngine

ROUNDS = int(os.environ.get("POWER_CUT_ROUNDS", "8"))
CLONE_NEWNS = 0x00020000
BUNDLES = ("classic-1", "aligned-1")

pytestmark = pytest.mark.timeout(60 + 5 * ROUNDS)


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
            attempt = NewAttempt(learner.id, "greetings", "1", "안녕하세요", "ko", score)
            return store.add(replace(attempt, take_file=name)).id

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
    assert len(told) > 1, "no round came so far as to commit an attempt"


def cut(kiosk: Kiosk, after_s: float) -> set[int]:
    """Lets a kiosk work in a process of its own and kills it; the attempts it told of."""
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
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    said = b""
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


@pytest.mark.parametrize("hindrance", ["full", "read-only"])
def test_every_write_refused_is_said_and_leaves_what_was(one_thread: None, hindrance: str) -> None:
    """The kernel refuses all growth of files (as a full disk does), or no file may be made."""
    paths = Paths.default()
    library = default_library(paths, Settings())
    engine = PracticeEngine(library, load_bundle(paths.models_dir / "classic-1").scorer)
    sentence = Sentence("1", "안녕하세요", "ko")
    take = engine.reference(sentence).clip
    kiosk = Kiosk(engine, take, random.Random(1))
    before = kiosk.practise()
    for job in (kiosk.import_list, kiosk.activate, kiosk.change_settings):
        job()
    child = os.fork()
    if child == 0:
        code = 1
        logging.disable()
        try:
            hinder(hindrance, paths)
            code = refused(kiosk, engine, take)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == 0, "see refused() for what each number means"
    check(paths, {before})


def hinder(how: str, paths: Paths) -> None:
    import resource

    if how == "full":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        return
    home = paths.data_dir.parent
    if os.geteuid() == 0:  # who may write anywhere but on a read-only mount, here only the child's
        unshared = ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS)
        assert unshared == 0
        for words in (
            ["--make-rprivate", "/"],
            ["--bind", home, home],
            ["-o", "remount,ro,bind", home],
        ):
            subprocess.run(["mount", *words], check=True, capture_output=True)
        os.chdir("/")
        return
    for path in [home, *home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def refused(kiosk: Kiosk, engine: PracticeEngine, take: AudioClip) -> int:
    """0 where each write was refused with an error that the kiosk knows how to tell, and a take
    is scored all the same; else the number of what went wrong."""
    known = (KioskError, OSError)
    if engine.score(take, Sentence("1", "안녕하세요", "ko")).score.score is None:
        return 2  # no score without a disk
    if len(engine.reference(Sentence("", "새 문장입니다", "ko")).clip.samples) == 0:
        return 3  # no new reference without a disk
    if keep_take(kiosk.paths.data_dir / "takes", take, room_to_leave=0):
        return 4  # a take counts as kept
    for number, job in enumerate(
        (kiosk.practise, kiosk.import_list, kiosk.activate, kiosk.change_settings), 5
    ):
        try:
            job()
        except known:
            continue
        return number  # nothing was said
    return 0


def test_logs_are_bounded(kiosk_home: Path) -> None:
    from pronounce_kiosk.cli import _file_handler

    path = kiosk_home / "log" / "pronounce-kiosk.log"
    handler = _file_handler(path)
    record = logging.LogRecord("x", logging.INFO, "", 0, "y" * 1000, None, None)
    for _ in range(5000):
        handler.emit(record)
    handler.close()
    assert sum(each.stat().st_size for each in path.parent.iterdir()) < 3_100_000
