"""Room check: five silent seconds, then one sentence; reports microphone, distance and noise."""

from datetime import datetime

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QProgressBar

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.model import TeacherSound
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import Row, RowsView
from pronounce_kiosk.gui.timers import make_timer
from pronounce_kiosk.gui.view_models import LevelView
from pronounce_kiosk.gui.widgets.bars import LevelMeter
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.labels import FittedLabel, picture_label
from pronounce_kiosk.session.room import RoomReport

QUIET_MS = 5_000
SPEAK_MS = 15_000
_TICK_MS = 100
_PICTURE_PX = 170


class RoomPage(Page):
    """step: ``report`` (the stored one, or none), ``quiet``, ``speak`` or ``measuring``."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area, lambda: translate("Teacher", "Room check"))
        self.step = "report"
        self._quiet: AudioClip | None = None
        self._fresh: RoomReport | None = None
        self._elapsed_ms = 0
        self.quiet_ms, self.speak_ms = QUIET_MS, SPEAK_MS
        self.prompt_label = FittedLabel(34, 22, parent=self)
        self.sentence_label = FittedLabel(44, 26, "accent", parent=self)
        self.meter = LevelMeter(self)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.rows = RowsView(parent=self)
        self.start_button = TextButton("room", "main", parent=self, act=self._toggle)
        self.picture = picture_label(self, theme.picture("room", _PICTURE_PX), _PICTURE_PX)
        self.lay_out(
            (self.prompt_label, 2),
            (self.picture, 0, Qt.AlignHCenter),
            (self.sentence_label, 2),
            (self.rows, 9),
            self.meter,
            self.progress,
            hbox(1, (self.start_button, 2), 1),
        )
        self._timer = make_timer(self, _TICK_MS, self._tick)
        self._user = TeacherSound(
            self._on_sound_failed,
            self._on_sound_failed,
            level=self._on_level,
            speech_ended=self._on_speech_ended,
            recorded=self._on_recorded,
        )
        self.model.room_changed.connect(self._retranslate)

    @property
    def _records(self) -> bool:
        return self.step in ("quiet", "speak")

    def left(self) -> None:
        """Stop recording."""
        self._timer.stop()
        self.model.sound.stop_audio()

    def _toggle(self) -> None:
        if self._records:
            self._stop()
        elif self.step == "report":
            self._begin("quiet")

    def _begin(self, step: str) -> None:
        self.step = step
        self._elapsed_ms = 0
        self.model.sound.record(self._user)
        self._timer.start()
        self._retranslate()

    def _stop(self) -> None:
        self.left()
        self.step = "report"
        self._retranslate()

    def _tick(self) -> None:
        self._elapsed_ms += _TICK_MS
        whole = self.quiet_ms if self.step == "quiet" else self.speak_ms
        self.progress.setRange(0, whole)
        self.progress.setValue(min(self._elapsed_ms, whole))
        if self._elapsed_ms >= whole:
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self.model.sound.finish()

    def _on_speech_ended(self) -> None:
        if self.step == "speak" and self._timer.isActive():
            self._end()

    def _on_level(self, level: LevelView) -> None:
        self.meter.set_level(level)

    def _on_recorded(self, clip: AudioClip) -> None:
        if self.step == "quiet":
            self._quiet = clip
            self._begin("speak")
        elif self.step == "speak" and self._quiet is not None:
            self.step = "measuring"
            at = datetime.now().astimezone().isoformat(timespec="minutes")
            self.model.measure_room(self._quiet, clip, at, self.here(self._on_measured))
            self._retranslate()

    def _on_measured(self, report: RoomReport) -> None:
        self._fresh = report
        self.step = "report"
        self._retranslate()

    def _on_sound_failed(self, error: Exception) -> None:
        if self._records:
            self._stop()
            self.area.show_error(error)

    def _retranslate(self) -> None:
        running = self._records
        report = self._fresh or self.model.room.report
        self.rows.name(self.title())
        self.rows.setVisible(self.step == "report" and report is not None)
        self.picture.setVisible(self.step == "quiet" or not (running or report is not None))
        self.sentence_label.setVisible(self.step == "speak")
        self.sentence_label.set_text(
            "안녕하세요. 오늘도 즐겁게 연습해요."
            if self.area.language.current == "ko"
            else "Hello. Let us practise together today."
        )
        self.meter.setVisible(running)
        self.progress.setVisible(running)
        self.progress.setAccessibleName(translate("Teacher", "Progress"))
        self.progress.setValue(0)
        self.prompt_label.set_text(self._prompt(report))
        if report is not None:
            self.rows.set_rows(report_rows(report, self.model.room.changed_db))
        stop, check = translate("Teacher", "Stop"), translate("Teacher", "Check the room")
        self.start_button.set_icon("stop" if running else "room")
        self.start_button.set_text(stop if running else check)
        self.start_button.setEnabled(self.step != "measuring")

    def _prompt(self, report: RoomReport | None) -> str:
        if self.step == "quiet":
            return translate("Teacher", "Please be quiet for five seconds.")
        if self.step == "speak":
            return translate("Teacher", "Now say this from where learners stand:")
        if self.step == "measuring":
            return translate("Teacher", "Measuring…")
        if report is None:
            return translate("Teacher", "It takes 20 seconds: the room alone, then one sentence.")
        if report.good:
            return translate("Teacher", "Microphone and distance are good.")
        return translate("Teacher", "Something can be better:")


def report_rows(report: RoomReport, louder_db: float | None) -> list[Row]:
    """Return a report as rows, each with what to do."""
    microphone = {
        "good": translate("Teacher", "The microphone hears well."),
        "no_voice": translate("Teacher", "No voice was heard. Check the microphone."),
        "clipped": translate("Teacher", "Too loud: turn the microphone down or step back."),
        "quiet": translate("Teacher", "Quiet: turn the microphone up or come closer."),
    }[report.microphone]
    distance = {
        "good": translate("Teacher", "The distance is good."),
        "fair": translate("Teacher", "A little closer would be better."),
        "far": translate("Teacher", "Too far or too noisy: come closer than 30 cm."),
        "unknown": translate("Teacher", "The distance could not be judged."),
    }[report.distance]
    room = {
        "good": translate("Teacher", "The room is quiet enough."),
        "loud": translate("Teacher", "The room is loud. Close windows and doors."),
    }[report.room]
    snr = translate("Teacher", "{n} dB above the room").format(n=f"{report.snr_db:.0f}")
    rows = []
    if louder_db is not None:
        text = translate("Teacher", "Louder by {n} dB since this check: check again.")
        rows.append(Row(None, text.format(n=f"{louder_db:.0f}"), "", "info", tone="fair"))
    when = report.at[:16].replace("T", " ")
    for text, found, number in (
        (microphone, report.microphone, f"{report.voice_dbfs:.0f} dB"),
        (distance, report.distance, snr),
        (room, report.room, f"{report.noise_dbfs:.0f} dB"),
    ):
        icon, tone = ("check", "") if found == "good" else ("info", "fair")
        rows.append(Row(None, text, when, icon, number, tone=tone))
    return rows
