"""The active bundle: a small file in the data folder, changed atomically.

`models activate` and `models rollback` write it, a starting kiosk reads it and a running one
watches it. A kiosk replaces a bundle that fails to load by the one before it.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pronounce_kiosk.bundles.load import Bundle, find_bundle, load_bundle, shipped_folders
from pronounce_kiosk.bundles.manifest import is_bundle_name, read_manifest
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import read_kept
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.lock import locked
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import BundleInfo

ACTIVATION_NAME = "active-bundle.json"
LOCK_NAME = "active-bundle.lock"
MAX_STARTS = 2
"""Crashes while loading after which a bundle is replaced by the previous one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A bundle that failed to load, and why, in one sentence."""

    bundle: str
    why: str


@dataclass(frozen=True)
class Activation:
    """Content of the file; without a file, every default.

    Attributes:
        bundle: Name of the active bundle, "" for the best one shipped.
        previous: The one before it, to which a rollback leads; None where there is none.
        started: It has loaded in a kiosk since it was activated.
        starts: How often loading was begun until then.
        failed: The last bundle that failed to load, until another is activated or it loads.
    """

    bundle: str = ""
    previous: str | None = None
    started: bool = False
    starts: int = 0
    failed: Failure | None = None


def activation_file(paths: Paths) -> Path:
    """Return the path of the file; absent until a bundle is first activated."""
    return paths.data_dir / ACTIVATION_NAME


def read_activation(paths: Paths) -> Activation:
    """Read the file. An unreadable one counts as absent and is logged."""
    consequence = "the best shipped bundle scores"
    return read_kept(activation_file(paths), _parsed, Activation(), consequence)


def active_folder(paths: Paths) -> Path:
    """Return the folder of the active bundle.

    Raises:
        BundleError: It is gone.
    """
    name = read_activation(paths).bundle
    return find_bundle(paths, name) if name else shipped_folders(paths)[0]


def activate(paths: Paths, name: str) -> Activation:
    """Make a bundle the active one; "" is the best one shipped. Verify it first.

    Atomic; the previous bundle is kept for a rollback.

    Raises:
        BundleError: The name cannot be a bundle's.
        OSError: The file cannot be written; nothing has changed.
    """
    if name and not is_bundle_name(name):
        raise BundleError(f"{name!r} is no bundle's name: rename its folder.")

    def change(now: Activation) -> Activation:
        if name == now.bundle:
            return replace(now, failed=None)
        return Activation(name, previous=now.bundle)

    return _change(paths, change)


def roll_back(paths: Paths, expected: str | None = None) -> Activation:
    """Activate the previous bundle again.

    Args:
        expected: The name of the previous bundle when it was checked.

    Raises:
        BundleError: There is none, or it is not the expected one.
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
    """Load the bundle for a starting kiosk: the active one, or else the next that loads.

    A bundle that does not load, or that ended the program while loading, is replaced by the one
    before it, in the file too; after those come the shipped ones. Failures are logged and stored.

    Raises:
        BundleError: None loads.
    """
    now = read_activation(paths)
    while now.bundle:
        try:
            return _start_activated(paths, now)
        except BundleError as error:
            _log.warning("the bundle %s does not start: %s", now.bundle, error.message)
            reject(paths, now.bundle, error.message)
            # Not read from the file: on a read-only disk it would name the failed bundle for ever.
            now = _rejected(now, error.message)
    return _start_shipped(paths)


def newer_bundle(paths: Paths, running: BundleInfo) -> Bundle | None:
    """Load a bundle that was activated while another runs; None where the running one stays.

    One that does not load is taken back in the file and logged. Never raises `BundleError`.
    """
    name = read_activation(paths).bundle
    try:
        folder = active_folder(paths)
        if read_manifest(folder).info == running:
            return None
        bundle = load_bundle(folder)
    except BundleError as error:
        _log.warning("%s keeps scoring: %s", running.name, error.message)
        reject(paths, name, error.message)
        return None
    _log.info("%s scores from now on, %s no longer", bundle.manifest.name, running.name)
    _note_start(paths, name)
    return bundle


def reject(paths: Paths, name: str, why: str) -> None:
    """Replace a bundle that does not load by the previous one, and store the reason."""
    _note(paths, name, lambda now: _rejected(now, why))


def _rejected(now: Activation, why: str) -> Activation:
    return Activation(now.previous or "", failed=Failure(now.bundle, why))


def _start_activated(paths: Paths, now: Activation) -> Bundle:
    if not now.started:
        if now.starts >= MAX_STARTS:
            raise BundleError(
                f"The bundle {now.bundle} ended the program while it was loading, "
                f"{now.starts} times: verify it."
            )
        # Counted before loading: a killed program cannot count.
        _note(paths, now.bundle, lambda now: replace(now, starts=now.starts + 1))
    bundle = load_bundle(find_bundle(paths, now.bundle))
    _note_start(paths, now.bundle)
    return bundle


def _note_start(paths: Paths, name: str) -> None:
    """Store that the bundle loaded: later failures may be power cuts."""
    _note(paths, name, lambda now: replace(now, started=True, starts=0))


def _start_shipped(paths: Paths) -> Bundle:
    """Load the best shipped bundle that loads; checked anew at every start."""
    failed: list[Failure] = []
    for folder in shipped_folders(paths):
        try:
            bundle = load_bundle(folder)
        except BundleError as error:
            _log.warning("the bundle %s does not start: %s", folder.name, error.message)
            failed.append(Failure(folder.name, error.message))
            continue
        _note_failure(paths, failed[0] if failed else None, folder.name)
        return bundle
    raise BundleError(failed[0].why)


def _note_failure(paths: Paths, failed: Failure | None, loaded: str) -> None:
    """Store the first failure; clear one of the bundle that loaded."""

    def change(now: Activation) -> Activation:
        mended = now.failed is not None and now.failed.bundle == loaded
        return replace(now, failed=failed) if failed or mended else now

    _change_if_possible(paths, change)


def _note(paths: Paths, name: str, change: Callable[[Activation], Activation]) -> None:
    """Change what is stored of an activated bundle while it is active; log a disk that refuses."""
    if name:
        _change_if_possible(paths, lambda now: change(now) if now.bundle == name else now)


def _change_if_possible(paths: Paths, change: Callable[[Activation], Activation]) -> None:
    try:
        _change(paths, change)
    except OSError as error:
        _log.warning("%s cannot be written: %s", activation_file(paths), error)


def _change(paths: Paths, change: Callable[[Activation], Activation]) -> Activation:
    """Read, change and write the file under a lock between processes; write only changes."""
    with locked(paths.data_dir / LOCK_NAME):
        now = read_activation(paths)
        new = change(now)
        if new != now:
            text = json.dumps(asdict(new), ensure_ascii=False, indent=1)
            write_atomically(activation_file(paths), f"{text}\n".encode())
    return new


def _parsed(document: Any) -> Activation:
    """Parse the document; TypeError, KeyError or ValueError where it is malformed."""
    now = Activation(**document)
    if now.failed is not None:
        now = replace(now, failed=Failure(**document["failed"]))
        if not all(type(part) is str for part in document["failed"].values()):
            raise TypeError("a failure is not text")
    # A damaged name must not become a path.
    if not all(name in ("", None) or is_bundle_name(name) for name in (now.bundle, now.previous)):
        raise ValueError("not a bundle's name")
    if type(now.started) is not bool or type(now.starts) is not int:
        raise TypeError("starts are not counted")
    return now
