"""`Playback`: a queue of clips for the learner."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QObject, pyqtSignal

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui.sound import Sound, SoundRequest
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.session.spoken import SpokenExample, SpokenUnit

POSITION_MS = 40
"""Interval at which the playback position is read."""

Piece = tuple[str, AudioClip]
"""``reference`` or ``take``, and a clip of it."""


class Playback(QObject):
    """Plays clips one after the other.

    playing: ``reference`` or ``take``, "" for neither; changed follows it. in_turn: whether example
    and take are played one after the other. unit: the unit being played, None for whole clips.
    said: the unit of an example at the playback position, None for none; said_changed follows it.
    """

    changed = pyqtSignal(str)
    said_changed = pyqtSignal()

    def __init__(self, sound: Sound, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.playing = ""
        self.in_turn = False
        self.unit: UnitView | None = None
        self._sound = sound
        self.said: SpokenUnit | None = None
        self._queue: list[Piece] = []
        self._example: SpokenExample | None = None
        self._position_timer = make_timer(self, POSITION_MS, self._read_position)

    def begin_example(self, request: SoundRequest, example: SpokenExample) -> None:
        """Play an example and track the unit at the playback position."""
        self.begin(request, [("reference", example.clip)])
        self._example = example
        self._position_timer.start()

    def begin(
        self,
        request: SoundRequest,
        pieces: Sequence[Piece],
        in_turn: bool = False,
        unit: UnitView | None = None,
    ) -> None:
        """Play clips one after the other."""
        self.in_turn, self.unit = in_turn, unit
        self._queue = list(pieces)
        self.play_next(request)

    def toggle(
        self,
        request: SoundRequest,
        pieces: Sequence[Piece],
        in_turn: bool = False,
        unit: UnitView | None = None,
    ) -> None:
        """Play clips one after the other; stop where they are playing already."""
        same = (self.in_turn, self.unit) == (in_turn, unit) and self.playing != ""
        if unit is None and not in_turn:
            same = same and self.playing == pieces[0][0]
        self.stop_audio()
        if pieces and not same:
            self.begin(request, pieces, in_turn, unit)

    def play_next(self, request: SoundRequest) -> bool:
        """Play the next clip of the queue; False where none is left."""
        if not self._queue:
            return False
        which, clip = self._queue.pop(0)
        self._set_playing(which)
        self._sound.play(request, clip)
        return True

    def stop_audio(self) -> None:
        """Stop playback and recording."""
        self._sound.stop_audio()
        self.end()

    def end(self) -> None:
        """Reset the state after playback has stopped."""
        self._queue = []
        self.in_turn = False
        self.unit = None
        self._example = None
        self._position_timer.stop()
        self._set_said(None)
        self._set_playing("")

    def _read_position(self) -> None:
        if self._example is not None:
            self._set_said(self._example.unit_at(self._sound.position_s))

    def _set_said(self, unit: SpokenUnit | None) -> None:
        if unit is not self.said:
            self.said = unit
            self.said_changed.emit()

    def _set_playing(self, which: str) -> None:
        if which != self.playing:
            self.playing = which
            self.changed.emit(which)
