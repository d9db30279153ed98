"""Transfer a list between a stick and the kiosk: preview, and export with recordings."""

import itertools
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.errors import SentenceListError
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.sentences.reader import ReadResult, read_list
from pronounce_kiosk.sentences.recordings import read_recording
from pronounce_kiosk.sentences.writer import write_list, writing

_NOT_IN_FAT = re.compile(r'[\x00-\x1f"*/:<>?\\|]')
_FAULTS = {"audio_unreadable": "audio_bad", "audio_silent": "audio_empty"}


def preview_list(
    path: Path, language: str | None = None, on_recording: Callable[[int], None] | None = None
) -> ReadResult:
    """Read a list and its recordings as an import would, with every problem by line.

    Raises as `read_list` does.

    Args:
        on_recording: Called with the number of finished recordings; its errors end the preview.
    """
    numbers = itertools.count(1)

    def check(recording: Path) -> str:
        if on_recording:
            on_recording(next(numbers))
        try:
            read_recording(recording)
        except SentenceListError as error:
            return _FAULTS[str(error.fields["reason_key"])]
        return ""

    return read_list(path, language, check)


def export_list(path: Path, sentence_list: SentenceList) -> tuple[Path, ...]:
    """Write a list as CSV, its recordings in the folder ``<name>-audio`` beside it.

    The recordings come first, under names that depend on their content, and the CSV last and
    atomically: an interruption leaves an older export intact.

    Returns:
        The files.

    Raises:
        SentenceListError: The folder is missing or the stick was pulled out.
    """
    folder = path.parent / f"{path.stem}-audio"
    spoken = {s.id: s.audio for s in sentence_list.sentences if s.audio is not None}
    copies = {
        name: folder / f"{file_name(name)}-{audio.stem[:8]}{audio.suffix}"
        for name, audio in spoken.items()
    }
    with writing(path):
        if copies:
            # Without parents: after the stick is pulled they would be made on the card.
            folder.mkdir(exist_ok=True)
            if folder.is_symlink():  # on an untrusted stick it may lead elsewhere
                raise OSError(20, "it is a link to another folder", str(folder))
        for name, copy in copies.items():
            _copy(spoken[name], copy)
    moved = tuple(replace(s, audio=copies.get(s.id)) for s in sentence_list.sentences)
    write_list(path, replace(sentence_list, sentences=moved))
    return (path, *copies.values())


def file_name(text: str, limit: int = 80) -> str:
    """Derive a file name that is valid on FAT, which most sticks have."""
    plain = _NOT_IN_FAT.sub("_", text).strip(" .")[:limit].strip(" .")
    return plain or "list"


def free_path(path: Path) -> Path:
    """Find an unused path: the path itself, or ``name-2.csv`` and so on.

    A teacher's file on a stick (the list with lines still to be corrected) is never replaced.
    """
    numbered = (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in itertools.count(2))
    return next(each for each in itertools.chain([path], numbered) if not each.exists())


def _copy(source: Path, target: Path) -> None:
    if not target.parent.is_dir():
        raise FileNotFoundError(2, "the stick is not there", str(target.parent))
    data = source.read_bytes()
    if shutil.disk_usage(target.parent).free < len(data):
        raise OSError(28, "no space left on the stick", str(target))
    write_atomically(target, data)
