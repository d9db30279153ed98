"""README's table of where a learner's data lies: each row is made, deleted as it says, and gone."""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.cli.main import main
from pronounce_kiosk.core.errors import HistoryError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.worker import Worker
from pronounce_kiosk.history.records import Learner, NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.unsaved import UnsavedAttempt, UnsavedAttempts, keep_take
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.drafts import DraftKey, Drafts

README = Path(__file__).resolve().parents[2] / "README.md"
NICKNAME, TEXT = "비밀이름", "비밀문장"
VOICE = AudioClip.from_array(np.linspace(-0.5, 0.5, 16_000, dtype=np.float32), 16_000)


def rows() -> list[tuple[str, list[str], list[str]]]:
    """The table: what, where (paths), what deletes it."""
    section = README.read_text(encoding="utf-8").split("## Where a learner's data lies")[1]
    table = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.split("\n## ")[0].splitlines()
        if line.startswith("| ")
    ][2:]
    return [(what, re.findall(r"`([^`]+)`", where), how.split("; ")) for what, where, how in table]


class Place:
    """A kiosk's folders with a learner and a guest in them."""

    def __init__(self, tmp_path: Path, qtbot: QtBot) -> None:
        self.paths = Paths.default()
        self.data = self.paths.data_dir
        self.elsewhere = tmp_path / "elsewhere"
        self.elsewhere.mkdir()
        self.qtbot = qtbot
        self.learner: Learner | None = None
        self.unsaved = UnsavedAttempts()

    def attempt(self, store: HistoryStore, learner: Learner) -> None:
        """Keep an attempt with its take."""
        name = keep_take(store.takes_dir, VOICE, 0)
        score = Score(Verdict.SCORED, 50.0)
        store.add(NewAttempt(learner.id, SentenceName("l", "1", TEXT, "ko"), score, name))

    def practise(self) -> None:
        """A learner with a nickname says something."""
        with HistoryStore(self.data) as store:
            self.learner = store.add_learner(NICKNAME, "owl")
            store.prefer(self.learner.id, {"language": TEXT})
            self.attempt(store, self.learner)

    def visit(self) -> None:
        """A guest says something, and the power is cut."""
        with HistoryStore(self.data) as store:
            self.attempt(store, store.add_guest())

    def cut_off(self) -> None:
        """Two takes whose attempts never came, one of them half written."""
        folder = self.data / "takes"
        keep_take(folder, VOICE, 0)
        (folder / ".x.wav.part").write_bytes(b"RIFF")

    def damage(self) -> None:
        """Files of attempts that were set aside, the second one unreadable; the learner is back."""
        self.practise()
        (self.data / "history.sqlite3").rename(self.data / "history.sqlite3.damaged-1")
        (self.data / "history.sqlite3.damaged-2").write_bytes(NICKNAME.encode())
        (self.data / "history.sqlite3.damaged-2-wal").write_bytes(NICKNAME.encode())
        with HistoryStore(self.data) as store:
            store.add_learner(NICKNAME, "owl")

    def refuse(self) -> None:
        """An attempt that the disk does not take."""
        self.practise()
        assert self.learner is not None
        attempt = UnsavedAttempt(
            self.learner, 1, SentenceName("l", "1", TEXT, "ko"), Score(Verdict.SILENCE)
        )
        (self.elsewhere / "file").write_text("")
        with pytest.raises(HistoryError):
            self.unsaved.save(HistoryStore(self.elsewhere / "file"), attempt)
        assert len(self.unsaved) == 1

    def log(self) -> None:
        """All that is done to a learner, with a log."""
        self.practise()
        out = str(self.elsewhere / "r.csv")
        main(["history", "export", "--out", out, "--learner", NICKNAME])
        main(["history", "forget", "--learner", f"{NICKNAME}?"])
        main(["history", "export", "--out", str(self.elsewhere / "no" / "r.csv")])
        logging.getLogger("pronounce_kiosk").info("the end")

    def bring_list(self) -> None:
        """A teacher's list, changed once, and a draft."""
        drafts = Drafts(self.data / "drafts.json")
        drafts.put(DraftKey("a", "1"), {"text": "네"})
        drafts.write()
        store = ListStore(self.data / "lists")
        sentences = (Sentence("1", "네.", "ko"), Sentence("2", "아니요.", "ko"))
        store.import_list(SentenceList("a", "a", "ko", sentences))
        store.import_list(SentenceList("a", "a", "ko", sentences[:1]))

    def hear(self) -> None:
        """A reference is cached."""
        default_library(self.paths, Settings()).reference(Sentence("1", "네.", "ko"))

    def ask_for_help(self) -> None:
        """A support archive."""
        self.practise()
        main(["doctor", "--quick", "--bundle", str(self.elsewhere / "s.zip")])

    def export(self) -> None:
        """Results as CSV."""
        self.practise()
        main(["history", "export", "--out", str(self.elsewhere / "r.csv")])

    # ---- what deletes ----

    def forget(self, *words: str) -> None:
        """The command; the teacher's screen calls the same."""
        assert main(["history", "forget", *words]) == 0

    def leave(self) -> None:
        """The guest leaves."""
        with HistoryStore(self.data) as store:
            self.unsaved.forget_guests(store)

    def start(self) -> None:
        """The kiosk's history starts and ends."""
        history = LearnerHistory(Worker("history"), lambda: HistoryStore(self.data))
        history.start()
        done: list[int] = []
        history.ask(lambda store: store.count(), done.append)
        self.qtbot.waitUntil(lambda: bool(done))
        assert history.close(60_000)

    def fill_room(self) -> None:
        """The room for takes is full."""
        with HistoryStore(self.data) as store:
            store.bound_takes(0)

    def save_or_end(self) -> None:
        """The program tries once more and ends."""
        with HistoryStore(self.data) as store:
            self.unsaved.save_waiting(store)
            assert store.count() == 2
        assert len(self.unsaved) == 0


MAKE: dict[str, Callable[[Place], None]] = {
    "a learner's profile, choices (language, volume, voice), attempts and schedule": Place.practise,
    "a learner's kept takes": Place.practise,
    "a guest's attempts and takes": Place.visit,
    "takes cut off by a power cut": Place.cut_off,
    "damaged files of attempts": Place.damage,
    "attempts that a full disk refused": Place.refuse,
    "log": Place.log,
    "lists, undo copies, drafts, recordings": Place.bring_list,
    "cached references": Place.hear,
    "support archive": Place.ask_for_help,
    "exported results": Place.export,
}
DELETE: dict[str, Callable[[Place], None]] = {
    "deleting the learner": lambda place: place.forget("--learner", NICKNAME),
    "deleting the learner (the whole file where it cannot be read)": (
        lambda place: place.forget("--learner", NICKNAME)
    ),
    "deleting everybody": lambda place: place.forget("--all"),
    "deleting guests": lambda place: place.forget("--guests"),
    "the guest's leaving": Place.leave,
    "the next start": Place.start,
    "a full room, the oldest first": Place.fill_room,
    "the end of the program, which tries once more": Place.save_or_end,
}
HARMLESS = "not needed: "
"""What holds no learner's data, for a reason that follows."""
TOLD = ("`doctor` names them",)
OTHERS = ("whoever has them",)


def files(place: Place, where: list[str]) -> list[Path]:
    """What lies there now."""
    found: list[Path] = []
    for pattern in where:
        cache = "~/.cache/pronounce-kiosk/"
        if pattern.startswith(cache):
            found += place.paths.cache_dir.glob(pattern.removeprefix(cache))
        elif pattern == "doctor --bundle":
            found += place.elsewhere.glob("*.zip")
        else:
            found += place.data.glob(pattern)
    return [path for path in found if path.is_file()]


def holds_a_learner(path: Path) -> bool:
    """Whether a nickname, a sentence or a voice is in it."""
    data = path.read_bytes()
    named = any(word.encode() in data for word in (NICKNAME, TEXT))
    return named or path.parent.name == "takes"


CASES = [(what, where, how) for what, where, ways in rows() for how in ways]


def test_every_row_is_known() -> None:
    assert {what for what, _, _ in rows()} == set(MAKE)


@pytest.mark.parametrize(("what", "where", "how"), CASES, ids=lambda value: str(value)[:40])
def test_a_row(
    what: str, where: list[str], how: str, tmp_path: Path, qtbot: QtBot,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    place = Place(tmp_path, qtbot)
    MAKE[what](place)
    if how.startswith(HARMLESS):
        assert files(place, where)
        assert not any(holds_a_learner(path) for path in files(place, where))
    elif how in TOLD:
        main(["doctor", "--quick"])
        assert all(path.name in capsys.readouterr().out for path in files(place, where)[:1])
    elif how in OTHERS:
        (out,) = place.elsewhere.glob("*.csv")
        place.forget("--all")
        with out.open(encoding="utf-8-sig", newline="") as file:
            assert [row["learner"] for row in csv.DictReader(file)] == [NICKNAME]
    else:
        assert where or what == "attempts that a full disk refused"
        assert not where or any(holds_a_learner(path) for path in files(place, where))
        DELETE[how](place)
        if where:
            assert not any(holds_a_learner(path) for path in files(place, where))


def test_no_other_file_holds_a_learner(tmp_path: Path, qtbot: QtBot, kiosk_home: Path) -> None:
    """Everything at once: what holds a learner lies where the table says, and all of it goes."""
    place = Place(tmp_path, qtbot)
    for make in dict.fromkeys(MAKE.values()):
        make(place)
    known = {path for _, where, _ in rows() for path in files(place, where)}
    holding = {path for path in kiosk_home.rglob("*") if path.is_file() and holds_a_learner(path)}
    assert holding <= known
    assert len(holding) > 3
    place.forget("--all")
    assert [
        path for path in kiosk_home.rglob("*") if path.is_file() and holds_a_learner(path)
    ] == []
