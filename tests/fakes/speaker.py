"""A speaker that keeps what it is given."""

from __future__ import annotations

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.speaker import OnFinished


class FakeSpeaker:
    """Stands for a speaker in tests: keeps what it was given, ends when told.

    played: every clip that was started, in order. position_s: how much of the clip was heard, as
    the test has it.
    """

    def __init__(self) -> None:
        self.played: list[AudioClip] = []
        self.present = True
        self.position_s = 0.0
        self.gain_db = 0.0
        self._on_finished: OnFinished | None = None
        self._playing = False

    @property
    def playing(self) -> bool:
        return self._playing

    def play(self, clip: AudioClip, on_finished: OnFinished | None = None) -> None:
        """See `Speaker.play`."""
        self.stop()
        if not self.present:
            raise DeviceError("No speaker was found: plug it in and try again.")
        self.played.append(clip)
        self.position_s = 0.0
        self._on_finished = on_finished
        self._playing = True
        if not len(clip.samples):
            self.finish()

    def stop(self) -> None:
        """See `Speaker.stop`."""
        self._playing = False

    def set_gain_db(self, gain_db: float) -> None:
        """See `Speaker.set_gain_db`."""
        self.gain_db = gain_db

    def finish(self) -> None:
        """Lets the clip come to its end; nothing where none is played."""
        if not self._playing:
            return
        self._playing = False
        if self._on_finished is not None:
            self._on_finished()
