"""Content-addressed cache of references and of data derived from them.

A file holds a header (magic, SHA-256 of the rest) and an npz. It is written to a temporary file,
flushed and renamed, so that a power cut or a second process leaves a complete file; the checksum
detects what the disk damages. A file that fails the check is recomputed.
"""

import hashlib
import io
import json
import logging
import re
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import PhoneTime, Reference, UnitTime
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.documents import json_document
from pronounce_kiosk.core.errors import UnreadableAudioError
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence

Arrays = dict[str, NDArray[Any]]

_MAGIC = b"PKCACHE1"
_KEY = re.compile(r"[0-9a-f]{16,128}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,80}")
_LEFTOVER_AGE_S = 24 * 3600

FORMAT_VERSION = 1
"""Version of a cached reference's content and of the method for its times; increase it when either
changes."""
LIMIT_BYTES = 1_000_000_000
"""Size limit of the cache; a sentence takes about 300 kB for each bundle that has scored it."""
ROOM_BYTES = 300_000_000
"""Disk space that the cache leaves free, for results."""
_LOOK_EVERY = 50  # writes between two checks of the size

_log = logging.getLogger(__name__)


class ReferenceCache:
    """References and derived arrays by content address, in ``folder`` (made when first needed).

    A file that cannot be read counts as missing; data that cannot be written (full disk, read-only
    card) are logged and returned all the same.

    limit_bytes, room_bytes: see `LIMIT_BYTES` and `ROOM_BYTES`; `make_room` enforces them.
    """

    def __init__(
        self, folder: Path, limit_bytes: int = LIMIT_BYTES, room_bytes: int = ROOM_BYTES
    ) -> None:
        self.folder = Path(folder)
        self._limit_bytes = limit_bytes
        self._room_bytes = room_bytes
        self._writes = 0
        self._remove_leftovers()

    def get(self, key: str) -> Reference | None:
        """Return the reference of a key; None where there is none, or a damaged one."""
        arrays = _read(self._path(key, "reference"))
        if arrays is None:
            return None
        try:
            return _unpacked(key, arrays)
        except (KeyError, ValueError, TypeError, OverflowError, UnreadableAudioError) as error:
            _log.warning("cached reference %s does not hold what it should: %s", key[:12], error)
            return None

    def put(self, reference: Reference) -> Reference:
        """Store a reference. Returns it as `get` will: samples rounded to 16 bits."""
        arrays = _packed(reference)
        self._write(self._path(reference.key, "reference"), arrays)
        return _unpacked(reference.key, arrays)

    def derived(self, key: str, name: str, compute: Callable[[], Arrays]) -> Arrays:
        """Return the arrays stored under a reference's key and a name, computing missing ones.

        Args:
            key: The reference's.
            name: Lower-case letters, digits, ``_ . -``; it should name the model and its version.
            compute: Called where they are missing.

        Raises:
            TypeError: An array holds Python objects: reading a cache must not run code.
        """
        path = self._path(key, _checked(_NAME, name, "name"))
        arrays = _read(path)
        if arrays is None:
            arrays = {label: np.asarray(array) for label, array in compute().items()}
            self._write(path, arrays)
        return arrays

    def make_room(self) -> int:
        """Delete files over the limit; return the bytes freed. Never raises.

        Derived data go before references, the oldest of each first: all of it can be recomputed, a
        gTTS voice only with a network.
        """
        freed = 0
        try:
            files = [(path, path.stat()) for path in self.folder.glob("*/*.npz")]
            excess = sum(status.st_size for _, status in files) - self._limit_bytes
            room = shutil.disk_usage(self.folder).free
            excess = max(excess, self._room_bytes - room)
            files.sort(key=lambda each: (_is_reference(each[0]), each[1].st_mtime))
            for path, status in files:
                if freed >= excess:
                    break
                path.unlink(missing_ok=True)
                freed += status.st_size
        except OSError as error:
            _log.info("the cache in %s stays as it is: %s", self.folder, error)
        if freed:
            _log.info("the cache gave %d bytes back", freed)
        return freed

    def _write(self, path: Path, arrays: Arrays) -> None:
        if self._writes % _LOOK_EVERY == 0:
            self.make_room()
        self._writes += 1
        if any(array.dtype.hasobject for array in arrays.values()):
            raise TypeError("arrays of Python objects are not kept")
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
        try:
            write_atomically(path, framed(buffer.getvalue()))
        except OSError as error:
            _log.warning("the cache cannot keep %s: %s", path.name, error)

    def _path(self, key: str, kind: str) -> Path:
        key = _checked(_KEY, key, "key")
        return self.folder / key[:2] / f"{key}.{kind}.npz"

    def _remove_leftovers(self) -> None:
        """Delete temporary files of a process killed while writing."""
        try:
            for path in self.folder.glob("*/.*.part"):
                if time.time() - path.stat().st_mtime > _LEFTOVER_AGE_S:
                    path.unlink(missing_ok=True)
        except OSError as error:
            _log.info("leftovers in %s stay: %s", self.folder, error)


def reference_key(
    sentence: Sentence, engine: str, voice: str, version: str, content: bytes = b""
) -> str:
    """Compute a hex SHA-256 over everything a reference depends on; a file name in the cache.

    Args:
        content: Further data it depends on, such as the bytes of a recording.
    """
    digest = hashlib.sha256()
    said = (sentence.text, sentence.pronunciation, sentence.language)
    texts = (str(FORMAT_VERSION), *said, engine, voice, version)
    for part in (*(text.encode("utf-8", "surrogatepass") for text in texts), content):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _is_reference(path: Path) -> bool:
    return path.name.endswith(".reference.npz")


def _checked(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"{value!r} is not a {what} of the cache")
    return value


def _packed(reference: Reference) -> Arrays:
    about = {
        "sample_rate_hz": reference.clip.sample_rate_hz,
        "engine": reference.info.engine,
        "voice": reference.info.voice,
        "units": [unit.text for unit in reference.units],
        "phones": [[phone.phone, phone.unit] for phone in reference.phones],
    }
    return {
        "pcm": reference.clip.pcm16(),
        "about": np.frombuffer(json.dumps(about).encode("utf-8"), np.uint8),
        "unit_times_s": _times(reference.units),
        "phone_times_s": _times(reference.phones),
    }


def _times(parts: tuple[UnitTime, ...] | tuple[PhoneTime, ...]) -> NDArray[np.float64]:
    return np.array([(p.start_s, p.end_s) for p in parts], np.float64).reshape(-1, 2)


def _unpacked(key: str, arrays: Mapping[str, NDArray[Any]]) -> Reference:
    """Read the arrays that `_packed` made.

    Raises:
        KeyError, ValueError, TypeError, OverflowError, UnreadableAudioError: They are malformed.
    """
    about = json_document(arrays["about"].tobytes())
    times = (arrays["unit_times_s"], arrays["phone_times_s"])
    if not all(np.isfinite(each).all() for each in times):
        raise ValueError("a time is no number")
    units = zip(about["units"], times[0].tolist(), strict=True)
    phones = zip(about["phones"], times[1].tolist(), strict=True)
    said = [about["engine"], about["voice"], *about["units"], *(ph for ph, _ in about["phones"])]
    if not all(isinstance(each, str) for each in said):
        raise TypeError("a name is no text")
    return Reference(
        clip=AudioClip.from_array(arrays["pcm"], about["sample_rate_hz"]),
        info=ReferenceInfo(about["engine"], about["voice"]),
        key=key,
        units=tuple(UnitTime(text, start, end) for text, (start, end) in units),
        phones=tuple(PhoneTime(ph, start, end, unit) for (ph, unit), (start, end) in phones),
    )


def framed(payload: bytes) -> bytes:
    """Return a cache file's content for a payload: header, checksum and payload."""
    return _MAGIC + hashlib.sha256(payload).digest() + payload


def _read(path: Path) -> Arrays | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("the cache cannot read %s: %s", path.name, error)
        return None
    payload = data[len(framed(b"")) :]
    if data != framed(payload):
        _log.warning("the cache's %s is damaged and is made again", path.name)
        return None
    try:
        with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        # numpy returns bytes for an entry that is not an array.
        if not all(isinstance(array, np.ndarray) for array in found.values()):
            raise TypeError("it holds something other than arrays")
    except Exception as error:  # zipfile, zlib and numpy raise many kinds of errors
        _log.warning("the cache's %s cannot be used: %s", path.name, error)
        return None
    return found
