"""`Playback`: a queue of clips for the learner."""

from collections.abc import Sequence
from dataclasses import replace

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.sound import Sound, SoundUser
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.view_models import UnitView

POSITION_MS = 40
"""Interval at which the playback position is read."""

Piece = tuple[str, AudioClip]
"""A name, such as ``reference`` or ``take``, and its clip."""


class Playback(QObject):
    """Plays clips one after the other.

    playing: name of the clip being played, "" for none; changed follows it. moved: the position in
    the clip, in seconds, again and again; -1 after the end. ended: the last clip has ended.
    in_turn: whether several whole clips are played one after the other. unit: the unit being
    played, None for whole clips.
    """

    changed = pyqtSignal(str)
    moved = pyqtSignal(float)
    ended = pyqtSignal()

    def __init__(self, sound: Sound, user: SoundUser, parent: QObject) -> None:
        super().__init__(parent)
        self.playing = ""
        self.in_turn = False
        self.unit: UnitView | None = None
        self._sound = sound
        self._user = replace(user, played=self._play_next)
        self._names: list[str] = []
        self._queue: list[Piece] = []
        self._timer = make_timer(self, POSITION_MS, lambda: self.moved.emit(sound.position_s))

    @property
    def alone(self) -> str:
        """Return the name of the whole clip that is played alone; "" for none."""
        return "" if self.in_turn or self.unit is not None else self.playing

    def begin(self, pieces: Sequence[Piece], unit: UnitView | None = None) -> None:
        """Play clips one after the other."""
        self._names = [name for name, _ in pieces]
        self.in_turn, self.unit = unit is None and len(pieces) > 1, unit
        self._queue = list(pieces)
        self._timer.start()
        self._play_next()

    def toggle(self, pieces: Sequence[Piece], unit: UnitView | None = None) -> None:
        """Play clips one after the other; stop where they are playing already."""
        names = [name for name, _ in pieces]
        same = self.playing != "" and (names, unit) == (self._names, self.unit)
        self.stop_audio()
        if pieces and not same:
            self.begin(pieces, unit)

    def stop_audio(self) -> None:
        """Stop playback and recording."""
        self._sound.stop_audio()
        self.end()

    def end(self) -> None:
        """Reset the state after playback has stopped."""
        self._queue = []
        self.in_turn = False
        self.unit = None
        self._timer.stop()
        self.moved.emit(-1.0)
        self._set_playing("")

    def _play_next(self) -> None:
        if not self._queue:
            self.end()
            self.ended.emit()
            return
        which, clip = self._queue.pop(0)
        self._set_playing(which)
        self._sound.play(self._user, clip)

    def _set_playing(self, which: str) -> None:
        if which != self.playing:
            self.playing = which
            self.changed.emit(which)
