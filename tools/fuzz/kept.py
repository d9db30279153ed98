"""Readers of the program's own files, and of the system's answers about sticks and sound cards."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tempfile
import zipfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import PhoneTime, Reference, UnitTime
from pronounce_kiosk.bundles.activation import activation_file, read_activation
from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import DeviceError, HistoryError, SentenceListError, UsageError
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.pin import Pin
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings, load_settings, save_settings
from pronounce_kiosk.devices.cards import parse_card
from pronounce_kiosk.devices.sound_server import parse_entries, parse_source
from pronounce_kiosk.devices.stick import MALFORMED, sticks_of
from pronounce_kiosk.history.database import FILE_NAME
from pronounce_kiosk.history.records import NewAttempt, SentenceName
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.references.cache import ReferenceCache, framed
from pronounce_kiosk.references.gtts import LONGEST_WAIT_S, GttsEngine
from pronounce_kiosk.sentences.store import ListStore
from pronounce_kiosk.session.room import (
    DISTANCE_KEYS,
    MICROPHONE_KEYS,
    ROOM_KEYS,
    RoomReport,
    RoomWatch,
)
from tools.fuzz.brought import TOML, ZIP
from tools.fuzz.mutation import Target, stored_zip

# ---- settings, active bundle ----


@cache
def settings_seeds() -> tuple[bytes, ...]:
    """Return entries of every table."""
    changed = Settings(silence_end_ms=900, keep_takes=True, microphone_name="USB", threads=2)
    return (_settings_file(changed), _settings_file(Settings()))


def _settings_file(settings: Settings) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        save_settings(settings, path)
        return path.read_bytes()


def read_settings(data: bytes, folder: Path) -> None:
    """Call `load_settings`; the result can be written and read again."""
    path = folder / "settings.toml"
    path.write_bytes(data)
    try:
        settings = load_settings(path)
    except UsageError:
        return
    save_settings(settings, path)
    assert load_settings(path) == settings


def activation_seeds() -> tuple[bytes, ...]:
    """Return one file of each kind."""
    failed = {"bundle": "x", "why": "it does not load"}
    full = {"bundle": "a", "previous": "b", "failed": failed, "starts": 1, "started": False}
    return (json.dumps(full).encode(), b'{"bundle": "aligned-2"}')


def read_which_bundle(data: bytes, folder: Path) -> None:
    """Call `read_activation`, which accepts any content."""
    paths = Paths.default({HOME_VARIABLE: str(folder)})
    path = activation_file(paths)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    read_activation(paths)


# ---- the cache of references ----

_KEY = "0" * 64


@cache
def _reference() -> Reference:
    clip = AudioClip.from_array(0.3 * np.sin(np.arange(400) / 8), 16_000)
    return Reference(
        clip,
        ReferenceInfo("espeak", "ko"),
        _KEY,
        units=(UnitTime("안", 0.0, 0.01), UnitTime("녕", 0.01, 0.02)),
        phones=(PhoneTime("a", 0.0, 0.01, 0),),
    )


@cache
def _cached_parts() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        ReferenceCache(Path(folder)).put(_reference())
        file = next(Path(folder).rglob("*.npz")).read_bytes()
    with zipfile.ZipFile(io.BytesIO(file[40:])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def cached_seeds() -> tuple[bytes, ...]:
    """Return a file, its payload, and each array in it, each after a number; see `read_cached`."""
    parts = list(_cached_parts().values())
    payload = stored_zip(_cached_parts())
    arrays = [bytes([2 + at]) + part for at, part in enumerate(parts)]
    return b"\0" + framed(payload), b"\1" + payload, *arrays


def read_cached(data: bytes, folder: Path) -> None:
    """Read a file of the reference cache: it is used or recomputed.

    The first byte gives the kind of the rest: a file, its payload, or one of its arrays. The
    checksum is valid except for the first kind.
    """
    parts = dict(_cached_parts())
    kind = data[0] % (2 + len(parts)) if data else 0
    if kind >= 2:
        parts[list(parts)[kind - 2]] = data[1:]
    file = data[1:] if kind == 0 else framed(data[1:] if kind == 1 else stored_zip(parts))
    store = ReferenceCache(folder / "cache")
    made: dict[str, NDArray[Any]] = {"a": np.arange(3)}
    for name in ("reference", "x"):
        path = folder / "cache" / _KEY[:2] / f"{_KEY}.{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file)
    found = store.derived(_KEY, "x", lambda: made)
    assert all(isinstance(array, np.ndarray) for array in found.values())
    reference = store.get(_KEY)
    if reference is None:
        return
    assert reference.clip.sample_rate_hz > 0
    assert isinstance(reference.info.engine, str)
    times: list[UnitTime | PhoneTime] = [*reference.units, *reference.phones]
    assert np.isfinite([(time.start_s, time.end_s) for time in times]).all()


# ---- the teacher's lists ----


@cache
def _stored_lists() -> tuple[bytes, bytes]:
    """Return a state and a content, as the store writes them."""
    sentences = (Sentence("1", "안녕하세요.", "ko"), Sentence("2", "네.", "ko", "Yes."))
    with tempfile.TemporaryDirectory() as name:
        store = ListStore(Path(name))
        store.import_list(SentenceList("a", "A", "ko", sentences))
        store.hide_sentence("a", "1", True)
        state = sorted(Path(name).glob("states/*.json"))[-1].read_bytes()
        content = json.loads(state)["lists"][0]["content"]
        return state, (Path(name) / "contents" / f"{content}.json").read_bytes()


def store_seeds() -> tuple[bytes, ...]:
    """Return a state and a content, each after a number; see `read_store`."""
    return tuple(bytes([at]) + part for at, part in enumerate(_stored_lists()))


def read_store(data: bytes, folder: Path) -> None:
    """Read the lists of a kiosk with a damaged or replaced file in the folder."""
    state, content = _stored_lists()
    if data[:1] == b"\0":
        state = data[1:]
    else:
        old, content = hashlib.sha256(content).hexdigest(), data[1:]
        state = state.replace(old.encode(), hashlib.sha256(content).hexdigest().encode())
    home = folder / "lists"
    for path in home.rglob("*.json"):
        path.unlink()
    for part, name, file in (
        ("states", "000001", state),
        ("contents", hashlib.sha256(content).hexdigest(), content),
    ):
        (home / part).mkdir(parents=True, exist_ok=True)
        (home / part / f"{name}.json").write_bytes(file)
    store = ListStore(home)
    store.undoable()
    for each in store.lists():
        assert isinstance(each.list.name, str)
    store.visible()
    with contextlib.suppress(SentenceListError):
        store.hide_list("a", True)
    store.import_list(SentenceList("b", "B", "ko", (Sentence("1", "네.", "ko"),)))
    assert any(each.id == "b" for each in store.visible())


# ---- attempts ----


@cache
def history_seeds() -> tuple[bytes, ...]:
    """Return two learners' attempts."""
    score = Score(
        Verdict.SCORED,
        70.0,
        units=(UnitScore("가", 0.0, 0.2, 50.0),),
        reference=ReferenceInfo("espeak", "ko"),
        bundle=BundleInfo("classic-1", "0" * 64),
    )
    with tempfile.TemporaryDirectory() as name:
        with HistoryStore(Path(name)) as store:
            for learner in (store.add_learner("a", "bear"), store.add_guest()):
                for sentence in ("1", "2"):
                    store.add(
                        NewAttempt(
                            learner.id, SentenceName("l", sentence, "가", "ko"), score, "x.wav"
                        )
                    )
        # Closed, so that this one file holds everything.
        return ((Path(name) / FILE_NAME).read_bytes(),)


def read_history(data: bytes, folder: Path) -> None:
    """Query a damaged file for every overview, and continue a lesson: answered or refused."""
    for path in folder.iterdir():
        path.unlink()
    (folder / FILE_NAME).write_bytes(data)
    with HistoryStore(folder) as store:
        for ask in (
            store.learners,
            store.count,
            store.learners_overview,
            store.sentences_overview,
            store.missed_units,
            store.days,
            store.attempts,
            lambda: list(store.export_rows()),
            lambda: store.list_summary(1, [SentenceName("l", "1", "가", "ko")]),
            lambda: store.best_scores(1),
            lambda: store.past(1, SentenceName("l", "1", "가", "ko")),
        ):
            with contextlib.suppress(HistoryError):
                ask()
        with contextlib.suppress(HistoryError):
            learner = store.add_guest()
            score = Score(Verdict.SCORED, 60.0, units=(UnitScore("가", 0.0, 0.2, 50.0),))
            store.add(NewAttempt(learner.id, SentenceName("l", "1", "가", "ko"), score))


# ---- small files ----


def pin_seeds() -> tuple[bytes, ...]:
    """Return the file of a PIN."""
    return (json.dumps({"salt": "00" * 16, "hash": "00" * 64, "wrong": 4}).encode(),)


def read_pin(data: bytes, folder: Path) -> None:
    """Check that `Pin` is set or not, and that no wait is endless."""
    path = folder / "pin.json"
    path.write_bytes(data)
    pin = Pin(path)
    pin.is_set()
    assert 0 <= pin.wait_s() < 3600


def room_seeds() -> tuple[bytes, ...]:
    """Return the file of a room check."""
    report = RoomReport(-55.0, -25.0, "good", "good", "good", "2026-01-01T00:00:00+00:00")
    return (json.dumps(asdict(report)).encode(),)


def read_room(data: bytes, folder: Path) -> None:
    """Check that `RoomWatch` gives a report that the screens can show, or none."""
    path = folder / "room.json"
    path.write_bytes(data)
    report = RoomWatch(path).report
    if report is None:
        return
    assert np.isfinite(report.snr_db)
    assert report.microphone in MICROPHONE_KEYS
    assert report.distance in DISTANCE_KEYS
    assert report.room in ROOM_KEYS
    assert isinstance(report.at, str)


def wait_seeds() -> tuple[bytes, ...]:
    """Return the state after two refusals."""
    return (b'{"until_s": 4000000000.5, "failures": 2}',)


def read_wait(data: bytes, folder: Path) -> None:
    """Check that `GttsEngine` never waits more than a day."""
    path = folder / "wait.json"
    path.write_bytes(data)
    assert 0 <= GttsEngine(path, clock=lambda: 4e9).wait_s() <= LONGEST_WAIT_S


# ---- output of other programs ----


def stick_seeds() -> tuple[bytes, ...]:
    """Return lsblk's output about a stick and a card."""
    part = {"path": "/dev/sda1", "fstype": "vfat", "label": "학교", "mountpoints": ["/media/a"]}
    stick = {"path": "/dev/sda", "tran": "usb", "rm": True, "model": "Flash", "children": [part]}
    card = {"path": "/dev/mmcblk0", "tran": None, "rm": False, "mountpoints": [None], "size": 9}
    return (json.dumps({"blockdevices": [stick, card]}).encode(),)


def read_sticks(data: bytes, folder: Path) -> None:
    """Parse the sticks in lsblk's output; labels are free text."""
    with contextlib.suppress(*MALFORMED):
        sticks = tuple(sticks_of(json_document(data.decode("utf-8", "surrogateescape"))))
        assert all(stick.label.isprintable() and stick.size_bytes >= 0 for stick in sticks)


def card_seeds() -> tuple[bytes, ...]:
    """Return pactl's output about a card and a source."""
    card = {
        "name": "alsa_card.usb-X",
        "properties": {"device.description": "USB", "alsa.card": "1"},
        "active_profile": "input:mono",
        "profiles": {"input:mono": {"sources": 1, "sinks": 0, "priority": 5, "available": True}},
    }
    source = {
        "name": "alsa_input.usb-X.mono",
        "description": "USB",
        "mute": False,
        "volume": {"mono": {"value_percent": "80%"}},
        "ports": [{"name": "mic", "availability": "unknown"}],
        "active_port": "mic",
    }
    return json.dumps([card]).encode(), json.dumps([source]).encode()


def read_cards(data: bytes, folder: Path) -> None:
    """Parse the sound server's output; cards' names are free text."""
    listing = data.decode("utf-8", "replace")
    with contextlib.suppress(DeviceError):
        assert all(found.name for found in parse_entries(parse_card, listing))
        assert all(found.name for found in parse_entries(parse_source, listing))


_JSON: tuple[bytes, ...] = (
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"1e999",
    b'"',
    b"NaN",
    b"-1",
    b"\\ud800",
    b"[" * 20_000,
)
_JSON += (b"true", b"[]", b"{}", b'""', b",", b":", b"9" * 5000, b"\xff", b"1e308", b"\\u0000")
_SQL: tuple[bytes, ...] = (
    b"NULL",
    b"\0",
    b"\xff",
    b"\x7f\xff\xff\xff",
    b"scored",
    b"2026",
    b"\x80",
    b"SQLite format 3",
)

KEPT = (
    Target("settings", settings_seeds, read_settings, TOML),
    Target("activation", activation_seeds, read_which_bundle, _JSON),
    Target(
        "cached", cached_seeds, read_cached, (*ZIP, *_JSON, b"'descr'", b"'|O'", b"'<f8'", b"(9,)")
    ),
    Target("stores", store_seeds, read_store, _JSON, cases=200),
    Target("histories", history_seeds, read_history, _SQL, cases=200),
    Target("pins", pin_seeds, read_pin, _JSON),
    Target("rooms", room_seeds, read_room, (*_JSON, b'"good"', b'"clipped"')),
    Target("waits", wait_seeds, read_wait, _JSON),
    Target("sticks", stick_seeds, read_sticks, _JSON),
    Target("cards", card_seeds, read_cards, _JSON),
)
