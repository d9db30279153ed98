"""Errors for users. Each is one sentence that says what to do.

``key`` names the message in the interface's translations; ``fields`` fill it in. ``str(error)`` is
the English sentence, which the command line prints after ``error: ``.
"""


class KioskError(Exception):
    """Base of every error a user may see."""

    key = "error"

    def __init_subclass__(cls, key: str = "") -> None:
        cls.key = key or cls.key

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class UsageError(KioskError, key="usage"):
    """A command-line argument or a setting is wrong."""


class UnreadableAudioError(KioskError, key="unreadable"):
    """A file is missing, is not audio, or holds no samples."""


class SentenceListError(KioskError, key="sentence_list"):
    """A sentence list cannot be read at all (single bad lines are problems, not errors)."""


class ReferenceFailedError(KioskError, key="reference"):
    """No speech engine could synthesise the sentence."""


class BundleError(KioskError, key="bundle"):
    """A model bundle is missing, damaged, hostile or of another architecture."""


class DeviceError(KioskError, key="device"):
    """A microphone or speaker is missing, went away or refuses."""


class HistoryError(KioskError, key="history"):
    """Attempts cannot be written or read: the disk is full, read-only or damaged."""


class TrainingError(KioskError, key="training"):
    """The corpus is missing or not as documented."""
