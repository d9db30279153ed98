"""A teacher's own recording, from the folder of the sentence list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError, UnreadableAudioError
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.engine import reference_key

MAX_DURATION_S = 60.0
MAX_BYTES = 100_000_000


class RecordingEngine:
    """References from `Sentence.audio`.

    Args:
        folders: The folders of the lists in use. A recording must lie inside one of them; without
            any, inside the folder that the sentence names. Links that lead out are refused, so that
            a list on a USB stick cannot reach the device's own files.
    """

    name = "recording"

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = tuple(folders)

    def voice(self, language: str) -> str:
        """Return the voice's name, equal for all recordings."""
        return "teacher"

    def version(self) -> str:
        """Return the reader's version; the recording's bytes are part of the key."""
        return "1"

    def key(self, sentence: Sentence) -> str:
        """Return the content address, over the file's bytes too.

        Raises:
            ReferenceFailedError: The file cannot be read.
        """
        path = self._path(sentence)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise _failed(path, "cannot be read: copy it again") from error
        voice = self.voice(sentence.language)
        return reference_key(sentence, self.name, voice, self.version(), content)

    def render(self, sentence: Sentence) -> Reference:
        """Read the recording as a reference, without times.

        Raises:
            ReferenceFailedError: The file cannot be read.
        """
        path = self._path(sentence)
        try:
            clip = read_clip(path, max_duration_s=MAX_DURATION_S)
        except UnreadableAudioError as error:
            raise ReferenceFailedError(error.message, **error.fields) from error
        if clip.peak == 0.0:
            raise _failed(path, "holds no sound: record it again")
        info = ReferenceInfo(self.name, self.voice(sentence.language))
        return Reference(clip, info, self.key(sentence))

    def _path(self, sentence: Sentence) -> Path:
        """Return the recording's real path, checked to lie inside an allowed folder."""
        if sentence.audio is None:
            raise ReferenceFailedError(
                f"{sentence.text!r} has no recording: name one in the list's audio column.",
                text=sentence.text,
            )
        folders = self._folders or (sentence.audio.parent,)
        try:
            path = sentence.audio.resolve()
            inside = any(path.is_relative_to(folder.resolve()) for folder in folders)
        except (OSError, RuntimeError, ValueError) as error:
            raise _failed(sentence.audio, "cannot be found: check its name") from error
        if ".." in sentence.audio.parts or not inside:
            raise _failed(sentence.audio, "lies outside the list's folder: copy it there")
        if not path.is_file():
            raise _failed(sentence.audio, "is missing: copy it beside the list")
        if path.stat().st_size > MAX_BYTES:
            raise _failed(sentence.audio, "is too large: cut it to one sentence")
        return path


def _failed(path: Path, what: str) -> ReferenceFailedError:
    return ReferenceFailedError(f"The recording {path.name} {what}.", path=str(path))
