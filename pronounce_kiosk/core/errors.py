"""Errors for users. Each is one sentence that says what to do.

``key`` names the message in the interface's translations; ``fields`` fill it in. ``str(error)`` is
the English sentence, which the command line prints after ``error: ``.
"""


class KioskError(Exception):
    """Base of every error a user may see."""

    key = "error"

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class UsageError(KioskError):
    """A command-line argument or a setting is wrong."""

    key = "usage"


class UnreadableAudioError(KioskError):
    """A file is missing, is not audio, or holds no samples."""

    key = "unreadable"


class SentenceListError(KioskError):
    """A sentence list cannot be read at all (single bad lines are problems, not errors)."""

    key = "sentence_list"


class ReferenceFailedError(KioskError):
    """No speech engine could synthesise the sentence."""

    key = "reference"


class BundleError(KioskError):
    """A model bundle is missing, damaged, hostile or of another architecture."""

    key = "bundle"


class DeviceError(KioskError):
    """A microphone or speaker is missing, went away or refuses."""

    key = "device"


class HistoryError(KioskError):
    """Attempts cannot be written or read: the disk is full, read-only or damaged."""

    key = "history"


class TrainingError(KioskError):
    """The corpus is missing or not as documented."""

    key = "training"
