"""Import an untrusted bundle from a stick: a folder, a zip or a tar.

Only a bundle's own files are copied, by names from its manifest and never from the archive; the
copy is verified and then renamed into place.
"""

import bz2
import filecmp
import gzip
import logging
import lzma
import os
import re
import shutil
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pronounce_kiosk.bundles.load import MAX_MODEL_BYTES, load_bundle
from pronounce_kiosk.bundles.manifest import (
    CARD_NAME,
    MANIFEST_NAME,
    MAX_MANIFEST_BYTES,
    MODEL_NAME,
    Manifest,
    read_manifest,
)
from pronounce_kiosk.bundles.verify import MAX_GOLDEN_TAKES, ScoreWith, verify_bundle
from pronounce_kiosk.core.atomic import flush_folder
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.lock import locked
from pronounce_kiosk.core.paths import Paths

MAX_ARCHIVE_BYTES = 256 * 1024 * 1024
"""Size limit of an archive, packed and unpacked."""
MAX_CARD_BYTES = 1_000_000
MAX_GOLDEN_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 10_000

_INCOMING = ".incoming-"
_LOCK_NAME = ".import.lock"
_NO_ARCHIVE = "it is no whole zip or tar archive; copy it again"
_PACKERS: dict[bytes, Callable[..., Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
"""What opens a packed tar, by its first bytes."""

_Open = Callable[[], Any]
_Files = dict[PurePosixPath, _Open]
"""What opens the plain files of a folder or an archive, by their names relative to it."""

_log = logging.getLogger(__name__)


class _RefusedError(BundleError):
    """Why a source cannot be imported, for a sentence with its name."""


@dataclass(frozen=True)
class Imported:
    """An installed bundle. already: an identical one was there before."""

    folder: Path
    manifest: Manifest
    already: bool = False


def import_bundle(paths: Paths, source: Path, score_with: ScoreWith) -> Imported:
    """Copy a bundle from a folder or an archive, verify it, and install it atomically.

    It is not activated. A failed import leaves nothing behind; an interrupted one is removed by the
    next.

    Raises:
        BundleError: The source is no valid bundle.
    """
    source = Path(source)
    try:
        with _staging(paths.imported_models_dir) as staging:
            folder = staging / (re.sub(r"\W", "_", source.stem) or "bundle")
            _copy(source, folder)
            manifest = read_manifest(folder)
            there = _already_there(paths, manifest, folder)
            if there is not None:
                return Imported(there, manifest, already=True)
            verify_bundle(folder, score_with).require()
            return Imported(_settle(paths, folder, manifest), manifest)
    except (_RefusedError, OSError) as error:
        _log.info("importing %s", source, exc_info=True)
        raise BundleError(f"{source.name} cannot be imported: {_reason(error)}.") from error


def _reason(error: _RefusedError | OSError) -> str:
    if isinstance(error, _RefusedError):
        return error.message
    # gzip and bz2 report damaged data by an OSError without a number.
    if error.errno is None:
        return _NO_ARCHIVE
    return f"{error.strerror}; check the stick and the space left"


@contextmanager
def _staging(models: Path) -> Iterator[Path]:
    """Provide an empty folder beside the imported bundles; remove that of an interrupted import."""
    with locked(models / _LOCK_NAME):
        # One import at a time, so other staged folders are leftovers.
        for left in models.glob(f"{_INCOMING}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(
            prefix=_INCOMING, dir=models, ignore_cleanup_errors=True
        ) as staging:
            yield Path(staging)


def _copy(source: Path, into: Path) -> None:
    """Copy a bundle's own files, each within its size limit."""
    into.mkdir()
    with _opened(source, into.parent) as files:
        root = _root(files)

        def copy(name: str, limit: int) -> None:
            _copy_file(files.get(root / name), into / name, limit)

        copy(MANIFEST_NAME, MAX_MANIFEST_BYTES)
        manifest = read_manifest(into)
        if len(manifest.golden) > MAX_GOLDEN_TAKES:
            raise _RefusedError(f"it has over {MAX_GOLDEN_TAKES} golden takes")
        copy(MODEL_NAME, MAX_MODEL_BYTES)
        if root / CARD_NAME in files:
            copy(CARD_NAME, MAX_CARD_BYTES)
        for audio in sorted({take.audio for take in manifest.golden}):
            # The manifest reader checked that names lie inside the folder; here none may occur
            # twice.
            if (into / audio).exists() or ".." in PurePosixPath(audio).parts:
                raise _RefusedError(f"its golden take {audio} has no name of its own")
            (into / audio).parent.mkdir(parents=True, exist_ok=True)
            copy(audio, MAX_GOLDEN_BYTES)
    for folder, _, _ in os.walk(into):
        flush_folder(Path(folder))


def _root(files: _Files) -> PurePosixPath:
    """Return the folder in the source that holds the manifest: its top, or one folder down."""
    roots = [name.parent for name in files if name.name == MANIFEST_NAME]
    roots = [root for root in roots if len(root.parts) <= 1]
    if PurePosixPath() in roots:
        return PurePosixPath()
    if not roots:
        raise _RefusedError(f"it holds no {MANIFEST_NAME}, so it is no bundle")
    if len(roots) > 1:
        raise _RefusedError("it holds several bundles: take out all but one")
    return roots[0]


def _already_there(paths: Paths, manifest: Manifest, folder: Path) -> Path | None:
    """Return an identical bundle of that name; `BundleError` where it differs."""
    for models in (paths.models_dir, paths.imported_models_dir):
        place = models / manifest.name
        if not place.exists():
            continue
        own = (MANIFEST_NAME, MODEL_NAME)
        same, _, _ = filecmp.cmpfiles(place, folder, own, shallow=False)
        if len(same) == len(own):
            return place
        if models == paths.models_dir or _loads(place):
            raise BundleError(
                f"There is another bundle named {manifest.name}: give this one another name in "
                f"its {MANIFEST_NAME}."
            )
    return None


def _loads(folder: Path) -> bool:
    """Tell whether an installed bundle loads; a damaged one may be replaced."""
    try:
        load_bundle(folder)
    except BundleError:
        return False
    return True


def _settle(paths: Paths, folder: Path, manifest: Manifest) -> Path:
    """Rename the staged folder. A damaged bundle of that name is moved out of the way."""
    place = paths.imported_models_dir / manifest.name
    if place.exists():
        os.rename(place, folder.parent / "damaged")
    os.rename(folder, place)
    flush_folder(place.parent)
    return place


def _copy_file(opened: _Open | None, to: Path, limit: int) -> None:
    """Copy one file to the disk; refuse it where it is missing, damaged or too big."""
    if opened is None:
        raise _RefusedError(f"it has no {to.name}")
    with _refusing(f"its {to.name} is damaged"), opened() as read, to.open("wb") as write:
        # By what it holds: the size that an archive declares may be false.
        if not _copy_at_most(read, write, limit):
            most = _megabytes(limit)
            raise _RefusedError(f"its {to.name} is over {most}, which no bundle's is")
        write.flush()
        os.fsync(write.fileno())


@contextmanager
def _refusing(why: str) -> Iterator[None]:
    """Refuse what hostile bytes make zipfile and tarfile raise: many kinds of errors."""
    try:
        yield
    except (BundleError, OSError):
        raise
    except Exception as error:
        raise _RefusedError(why) from error


def _megabytes(limit: int) -> str:
    return f"{limit / 1024**2:.0f} MB"


def _copy_at_most(read: IO[bytes], write: IO[bytes], limit: int) -> bool:
    left = limit
    while block := read.read(min(left + 1, 1 << 20)):
        left -= len(block)
        if left < 0:
            return False
        write.write(block)
    return True


@contextmanager
def _opened(source: Path, scratch: Path) -> Iterator[_Files]:
    """Open a folder, a zip or a tar (gz, bz2, xz). scratch: where a packed tar may be unpacked."""
    if source.is_dir():
        yield _folder_files(source)
        return
    if not source.is_file():
        raise _RefusedError("it is no file and no folder; name a bundle")
    if source.stat().st_size > MAX_ARCHIVE_BYTES:
        raise _RefusedError(f"it is over {_megabytes(MAX_ARCHIVE_BYTES)}, which no bundle is")
    with source.open("rb") as file:
        head = file.read(6)
    with ExitStack() as stack:
        with _refusing(_NO_ARCHIVE):
            # Not is_zipfile alone: it accepts a tar whose last member is a zip.
            if head.startswith(b"PK") and zipfile.is_zipfile(source):
                files = _zip_files(stack.enter_context(zipfile.ZipFile(source)))
            else:
                tar = _unpacked(source, head, scratch)
                files = _tar_files(stack.enter_context(tarfile.open(tar, "r:")))
        yield files


def _unpacked(source: Path, head: bytes, scratch: Path) -> Path:
    """Unpack a packed tar to the disk, up to the size limit; an unpacked one stays where it is."""
    unpack = next((_PACKERS[magic] for magic in _PACKERS if head.startswith(magic)), None)
    if unpack is None:
        return source
    tar = scratch / "archive.tar"
    with unpack(source) as packed, tar.open("wb") as write:
        if not _copy_at_most(packed, write, MAX_ARCHIVE_BYTES):
            raise _RefusedError(
                f"it unpacks to over {_megabytes(MAX_ARCHIVE_BYTES)}, which no bundle is"
            )
    return tar


def _folder_files(folder: Path) -> _Files:
    """List its files and those one or two folders down; links are not followed."""
    found: _Files = {}
    for parent, folders, files in os.walk(folder):
        here = Path(parent).relative_to(folder)
        for name in files:
            path = Path(parent, name)
            if stat.S_ISREG(path.lstat().st_mode):
                found[PurePosixPath(here / name)] = partial(_open_no_link, path)
        if len(here.parts) >= 2 or len(found) > MAX_ENTRIES:
            folders.clear()
    return found


def _open_no_link(path: Path) -> IO[bytes]:
    return open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")


def _zip_files(archive: zipfile.ZipFile) -> _Files:
    found: _Files = {}
    for entry in archive.infolist():
        name = _safe(entry.filename, len(found))
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not entry.is_dir() and kind in (0, stat.S_IFREG):
            found[name] = partial(archive.open, entry)
    return found


def _tar_files(archive: tarfile.TarFile) -> _Files:
    found: _Files = {}
    for count, member in enumerate(archive):
        name = _safe(member.name, count)
        if member.isreg() and not member.issparse():
            found[name] = partial(archive.extractfile, member)
    return found


def _safe(text: str, count: int) -> PurePosixPath:
    """Check an archive's file name.

    Raises:
        BundleError: It leads out of the archive.
    """
    name = PurePosixPath(text.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or re.match("[A-Za-z]:", text):
        raise _RefusedError("it holds paths that lead out of it, which no bundle does")
    if count > MAX_ENTRIES:
        raise _RefusedError(f"it holds over {MAX_ENTRIES} files, which no bundle does")
    return name
