"""Which bundle scores: a small file in the data folder, changed in one step.

`models activate` and `models rollback` write it, a kiosk that starts reads it, one that runs
watches it. A bundle that does not start is left by the kiosk itself for the one before it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pronounce_kiosk.bundles.load import Bundle, find_bundle, load_bundle, shipped_folders
from pronounce_kiosk.bundles.manifest import is_bundle_name, read_manifest
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import BundleInfo

ACTIVATION_NAME = "active-bundle.json"
LOCK_NAME = "active-bundle.lock"
MAX_STARTS = 2
"""A bundle that the program did not survive so often while loading it is left for the last one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A bundle that did not start, and why, in one sentence."""

    bundle: str
    why: str


@dataclass(frozen=True)
class Activation:
    """What the file says; without a file, every default.

    bundle: the name of the one that scores, "" for the best one shipped. previous: the one before
    it, to which a rollback leads; None where there is none. started: it has loaded in a kiosk
    since it was activated; starts: how often that was begun until then. failed: the last bundle
    that did not start, until another is activated or it starts after all.
    """

    bundle: str = ""
    previous: str | None = None
    started: bool = False
    starts: int = 0
    failed: Failure | None = None


def activation_file(paths: Paths) -> Path:
    """The file; absent until a bundle is first activated."""
    return paths.data_dir / ACTIVATION_NAME


def read_activation(paths: Paths) -> Activation:
    """What the file says. One that cannot be read counts as absent, and the log says so."""
    path = activation_file(paths)
    try:
        return _parsed(json_document(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Activation()
    except (OSError, ValueError, TypeError, KeyError) as error:
        _log.warning("%s cannot be read (%s): the best shipped bundle scores", path, error)
        return Activation()


def active_folder(paths: Paths) -> Path:
    """The folder of the bundle that scores. Raises `BundleError` where it is gone."""
    name = read_activation(paths).bundle
    return find_bundle(paths, name) if name else shipped_folders(paths)[0]


def activate(paths: Paths, name: str) -> Activation:
    """Let a bundle score from now on; "" is the best one shipped. Verify it first.

    In one step, and the one before it is kept for a rollback. Raises `BundleError` for what can
    be no name, OSError where the disk refuses: nothing has changed then.
    """
    if name and not is_bundle_name(name):
        raise BundleError(f"{name!r} is no bundle's name: rename its folder.", bundle=name)

    def change(now: Activation) -> Activation:
        if name == now.bundle:
            return replace(now, failed=None)
        return Activation(name, previous=now.bundle)

    return _change(paths, change)


def roll_back(paths: Paths, expected: str | None = None) -> Activation:
    """Let the bundle before the active one score again. Raises `BundleError` where there is none.

    expected: what the previous one was when it was checked; `BundleError` where it is another now.
    """

    def change(now: Activation) -> Activation:
        if now.previous is None:
            raise BundleError(
                "There is no bundle to go back to: name one with models activate instead."
            )
        if expected is not None and expected != now.previous:
            raise BundleError("Another bundle was activated just now: look with models list first.")
        return Activation(now.previous)

    return _change(paths, change)


def start_bundle(paths: Paths) -> Bundle:
    """The bundle for a kiosk that starts: the active one, or else the next that loads.

    One that was activated and does not load is given up for the one before it, in the file too,
    and so is one that ended the program while it was loading. After those come the shipped ones.
    The log and the file say what failed. Raises `BundleError` where none loads.
    """
    now = read_activation(paths)
    while now.bundle:
        name = now.bundle
        try:
            return _start_activated(paths, now)
        except BundleError as error:
            _log.warning("the bundle %s does not start: %s", name, error.message)
            reject(paths, name, error.message)
            # Not what the file says: a disk that refuses would name the same bundle for ever.
            now = _rejected(now, error.message)
    return _start_shipped(paths)


def newer_bundle(paths: Paths, running: BundleInfo) -> Bundle | None:
    """The bundle that was activated while another runs; None where the running one stays.

    It stays where it is still the active one, and where the new one does not load: that is then
    taken back in the file, and the log says why. Never raises `BundleError`.
    """
    now = read_activation(paths)
    try:
        folder = active_folder(paths)
        manifest = read_manifest(folder)
        if BundleInfo(manifest.name, manifest.sha256) == running:
            return None
        bundle = load_bundle(folder)
    except BundleError as error:
        _log.warning("%s keeps scoring: %s", running.name, error.message)
        if now.bundle:
            reject(paths, now.bundle, error.message)
        return None
    _log.info("%s scores from now on, %s no longer", bundle.manifest.name, running.name)
    _note_start(paths, now.bundle)
    return bundle


def reject(paths: Paths, name: str, why: str) -> None:
    """Take a bundle that does not start back for the one before it, and remember why."""
    _change_if_possible(paths, lambda now: _rejected(now, why) if now.bundle == name else now)


def _rejected(now: Activation, why: str) -> Activation:
    return Activation(now.previous or "", failed=Failure(now.bundle, why))


def _start_activated(paths: Paths, now: Activation) -> Bundle:
    if not now.started:
        if now.starts >= MAX_STARTS:
            raise BundleError(
                f"The bundle {now.bundle} ended the program while it was loading, "
                f"{now.starts} times: verify it.",
                bundle=now.bundle,
            )
        # Noted before it is tried: a program that is killed can note nothing.
        _change_if_possible(
            paths, lambda n: replace(n, starts=n.starts + 1) if n.bundle == now.bundle else n
        )
    bundle = load_bundle(find_bundle(paths, now.bundle))
    _note_start(paths, now.bundle)
    return bundle


def _start_shipped(paths: Paths) -> Bundle:
    """Load the best shipped bundle that loads; asked anew at every start.

    One that was damaged and is mended is taken again.
    """
    failed: dict[str, BundleError] = {}
    for folder in shipped_folders(paths):
        try:
            bundle = load_bundle(folder)
        except BundleError as error:
            _log.warning("the bundle %s does not start: %s", folder.name, error.message)
            failed[folder.name] = error
            continue
        _note_failure(paths, failed, folder.name)
        return bundle
    raise next(iter(failed.values()))


def _note_failure(paths: Paths, failed: Mapping[str, BundleError], loaded: str) -> None:
    """Remember the first that failed; forget that the one that loaded ever did."""

    def change(now: Activation) -> Activation:
        for name, error in failed.items():
            return replace(now, failed=Failure(name, error.message))
        if now.failed is not None and now.failed.bundle == loaded:
            return replace(now, failed=None)
        return now

    _change_if_possible(paths, change)


def _note_start(paths: Paths, name: str) -> None:
    """It loaded: from now on it may fail as often as the power does."""
    if name:
        _change_if_possible(
            paths, lambda now: replace(now, started=True, starts=0) if now.bundle == name else now
        )


def _change_if_possible(paths: Paths, change: Callable[[Activation], Activation]) -> None:
    """As `_change`; a disk that refuses is logged, and the file stays as it was."""
    try:
        _change(paths, change)
    except OSError as error:
        _log.warning("%s cannot be written: %s", activation_file(paths), error)


def _change(paths: Paths, change: Callable[[Activation], Activation]) -> Activation:
    """Read, change, write, with nobody in between; nothing is written where nothing changes."""
    with _lock(paths):
        now = read_activation(paths)
        new = change(now)
        if new != now:
            text = json.dumps(asdict(new), ensure_ascii=False, indent=1)
            write_atomically(activation_file(paths), f"{text}\n".encode())
    return new


@contextmanager
def _lock(paths: Paths) -> Iterator[None]:
    """One process at a time; the system frees the lock of one that dies."""
    paths.data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(paths.data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _parsed(document: object) -> Activation:
    """Raises TypeError, KeyError or ValueError where it is not what `_change` writes."""
    if not isinstance(document, dict):
        raise TypeError("not an object")
    values = dict(document)
    if values.get("failed") is not None:
        values["failed"] = Failure(**values["failed"])
        if not all(type(part) is str for part in asdict(values["failed"]).values()):
            raise TypeError("a failure is not text")
    activation = Activation(**values)
    # A damaged name must not become a path.
    if not all(name in ("", None) or is_bundle_name(name) for name in _names(activation)):
        raise ValueError("not a bundle's name")
    if type(activation.started) is not bool or type(activation.starts) is not int:
        raise TypeError("starts are not counted")
    return activation


def _names(activation: Activation) -> tuple[str | None, str | None]:
    return activation.bundle, activation.previous
