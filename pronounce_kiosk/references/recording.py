"""A teacher's own recording, from the folder of the sentence list."""

from pathlib import Path

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import ReferenceFailedError, UnreadableAudioError
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.cache import reference_key

MAX_DURATION_S = 60.0
MAX_BYTES = 100_000_000
_ENGINE, _VOICE, _VERSION = "recording", "teacher", "1"


def recorded(sentence: Sentence) -> Reference:
    """Read `Sentence.audio` as a reference, without times; its bytes are part of the key.

    Links that lead out of the recording's folder are refused, so that a list on a USB stick cannot
    reach the device's own files.

    Raises:
        ReferenceFailedError: The file cannot be read, or the sentence has none.
    """
    if sentence.audio is None:
        raise ReferenceFailedError(
            f"{sentence.text!r} has no recording: name one in the list's audio column.",
            text=sentence.text,
        )
    path = _checked(sentence.audio)
    try:
        content = path.read_bytes()
        clip = read_clip(path, max_duration_s=MAX_DURATION_S)
    except UnreadableAudioError as error:
        raise ReferenceFailedError(error.message, **error.fields) from error
    except OSError as error:
        raise _failed(path, "cannot be read: copy it again") from error
    if clip.peak == 0.0:
        raise _failed(path, "holds no sound: record it again")
    key = reference_key(sentence, _ENGINE, _VOICE, _VERSION, content)
    return Reference(clip, ReferenceInfo(_ENGINE, _VOICE), key)


def _checked(audio: Path) -> Path:
    """Return the recording's real path, checked to lie inside its folder."""
    try:
        path = audio.resolve()
        inside = path.is_relative_to(audio.parent.resolve())
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(audio, "cannot be found: check its name") from error
    if ".." in audio.parts or not inside:
        raise _failed(audio, "lies outside the list's folder: copy it there")
    if not path.is_file():
        raise _failed(audio, "is missing: copy it beside the list")
    if path.stat().st_size > MAX_BYTES:
        raise _failed(audio, "is too large: cut it to one sentence")
    return path


def _failed(path: Path, what: str) -> ReferenceFailedError:
    return ReferenceFailedError(f"The recording {path.name} {what}.", path=str(path))
