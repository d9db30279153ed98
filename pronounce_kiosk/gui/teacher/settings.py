"""Settings of the kiosk, and its software."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from importlib import metadata

from PyQt5.QtWidgets import QLabel, QStackedWidget, QWidget

import pronounce_kiosk
from pronounce_kiosk.core.score import BundleInfo
from pronounce_kiosk.devices.panel import has_brightness
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.clock import ClockPage
from pronounce_kiosk.gui.teacher.lock import PinPage
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import Choices, Row, RowsView, choice_button
from pronounce_kiosk.gui.teacher.texts import room_text
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.history.clock import clock_is_set

TABS = ("practice", "device", "about")
IDLE_S = (60, 120, 300, 600)
KEPT_TAKES_MB = (500, 2000)
PAUSE_WAIT_MS = (1000, 2000, 3000, 5000)
_STEP_PERCENT = 10
OTHER_LICENCES = {
    "espeak-ng": "GPL-3.0-or-later",
    "Qt 5": "LGPL-3.0 / GPL",
    "Nanum": "OFL-1.1",
    "FFmpeg": "LGPL-2.1-or-later / GPL",
}


class Percent(QWidget):
    """A setting in per cent with buttons for less and more."""

    def __init__(self, changed: Callable[[int], None], least: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._changed, self._least, self._value = changed, least, 0
        self.less = choice_button("remove", parent=self, act=lambda: self._step(-_STEP_PERCENT))
        self.more = choice_button("add", parent=self, act=lambda: self._step(_STEP_PERCENT))
        self.label = text_label(self, "setting", centred=True)
        hbox((self.less, 1), (self.label, 1), (self.more, 1), spacing_px=8, parent=self)

    def show_value(self, value: int, name: str) -> None:
        """Set the value in per cent."""
        self._value = value
        self.label.setText(f"{value} %")
        self.less.setEnabled(value > self._least)
        self.more.setEnabled(value < 100)
        self.less.setAccessibleName(translate("Teacher", "{name}: less").format(name=name))
        self.more.setAccessibleName(translate("Teacher", "{name}: more").format(name=name))

    def _step(self, step: int) -> None:
        # Round to tens: a value set by hand may lie between.
        value = (self._value + step) // _STEP_PERCENT * _STEP_PERCENT
        self._changed(min(max(value, self._least), 100))


class SettingsPage(Page):
    """Shows three tabs, none of which scrolls."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area, lambda: translate("Teacher", "Settings"))
        self.tab = "practice"
        self._model_text = ""
        self._licences: list[Row] = []
        self._labels: dict[str, QLabel] = {}
        change = self.model.change_settings
        self.tabs = Choices(self.show_tab, self, TABS, height_px=56)
        self.strictness = Choices(lambda v: change(strictness=v), self)
        self.pause = Choices(lambda v: change(pause_wait_ms=v), self)
        self.idle = Choices(lambda v: change(idle_s=v), self)
        self.keep = Choices(self._keep_takes, self)
        self.pin_button = choice_button("lock", parent=self, act=self._change_pin)
        self.language = Choices(self._language, self)
        self.volume = Percent(lambda v: change(volume=v), 0, self)
        self.brightness: Percent | QLabel = (
            Percent(lambda v: change(brightness=v), 10, self)
            if has_brightness()
            else text_label(self, "muted", wraps=True)
        )
        self.clock_button = choice_button(
            "edit", parent=self, act=lambda: area.push(ClockPage(area))
        )
        self.about = RowsView(parent=self)
        self.stack = QStackedWidget(self)
        practice = self._form(
            strictness=self.strictness,
            pause=self.pause,
            idle=self.idle,
            keep=self.keep,
            pin=self.pin_button,
        )
        device = self._form(
            language=self.language,
            volume=self.volume,
            brightness=self.brightness,
            clock=self.clock_button,
        )
        for tab in (practice, device, self.about):
            self.stack.addWidget(tab)
        self.lay_out(self.tabs, (self.stack, 1))
        self.model.settings_changed.connect(self._retranslate)
        self.model.do("licences", licence_rows, self.here(self._got_licences))
        self.model.with_engine(
            "model", lambda engine: engine.scorer.info, self.here(self._got_bundle)
        )

    def show_tab(self, name: str) -> None:
        """Show one of `TABS`."""
        self.tab = name
        self.stack.setCurrentIndex(TABS.index(name))
        self._retranslate()

    def _form(self, **controls: QWidget) -> QWidget:
        form = QWidget(self)
        column = vbox(margins_px=(0, 4, 0, 0), spacing_px=10, parent=form)
        for name, control in controls.items():
            self._labels[name] = text_label(form, "setting", wraps=True)
            self._labels[name].setFixedWidth(250)
            column.addLayout(hbox(self._labels[name], (control, 1), spacing_px=12), 1)
        return form

    def _language(self, value: str) -> None:
        self.model.change_settings(interface_language=value)
        self.area.language.set_usual(value)

    def _keep_takes(self, megabytes: int) -> None:
        if not megabytes:
            self.model.change_settings(keep_takes=False)
        elif self.model.settings.keep_takes:
            self.model.change_settings(kept_takes_mb=megabytes)
        else:
            self._retranslate()
            self.area.ask(
                lambda: translate("Teacher", "Keep what learners say?"),
                lambda: translate("Teacher", "Yes, keep"),
                lambda: self.model.change_settings(keep_takes=True, kept_takes_mb=megabytes),
                "record",
                lambda: kept_text(megabytes),
            )

    def _change_pin(self) -> None:
        def changed() -> None:
            self.area.back_to(self)
            self.area.show_message(lambda: translate("Teacher", "The new PIN holds from now on."))

        self.area.push(PinPage(self.area, "set", changed))

    def _got_bundle(self, info: BundleInfo) -> None:
        self._model_text = f"{info.name}  ·  {info.sha256[:12]}"
        self._retranslate()

    def _got_licences(self, rows: list[Row]) -> None:
        self._licences = rows
        self._retranslate()

    def _retranslate(self) -> None:
        settings = self.model.settings
        tabs = {
            "practice": translate("Teacher", "Practice"),
            "device": translate("Teacher", "Device"),
            "about": translate("Teacher", "About"),
        }
        self.tabs.show_choices(tabs, self.tab)
        labels = {
            "strictness": translate("Teacher", "Points for 1, 2, 3 stars"),
            "pause": translate("Teacher", "Pause in a sentence"),
            "idle": translate("Teacher", "Home after"),
            "keep": translate("Teacher", "Keep takes"),
            "pin": translate("Teacher", "PIN"),
            "language": translate("Teacher", "Language at start"),
            "volume": translate("Teacher", "Volume"),
            "brightness": translate("Teacher", "Brightness"),
            "clock": translate("Teacher", "Date and time"),
        }
        for name, label in self._labels.items():
            label.setText(labels[name])
        stars = {"gentle": "50 · 70 · 85", "normal": "60 · 80 · 90", "strict": "70 · 85 · 95"}
        seconds, minutes = translate("Teacher", "{n} s"), translate("Teacher", "{n} min")
        # A value set by hand is shown too.
        waits_ms = sorted({*PAUSE_WAIT_MS, settings.pause_wait_ms})
        rooms = sorted({*KEPT_TAKES_MB, settings.kept_takes_mb})
        waits = {wait_ms: seconds.format(n=f"{wait_ms / 1000:g}") for wait_ms in waits_ms}
        idle = {idle_s: minutes.format(n=idle_s // 60) for idle_s in IDLE_S}
        keep = {0: translate("Teacher", "Off"), **{mb: room_text(mb) for mb in rooms}}
        kept = settings.kept_takes_mb if settings.keep_takes else 0
        self.strictness.show_choices(stars, settings.strictness, labels["strictness"])
        self.pause.show_choices(waits, settings.pause_wait_ms, labels["pause"])
        self.idle.show_choices(idle, settings.idle_s, labels["idle"])
        self.keep.show_choices(keep, kept, labels["keep"])
        self.language.show_choices(
            messages.LANGUAGE_NAMES, settings.interface_language, labels["language"]
        )
        self.pin_button.set_text(translate("Teacher", "Change the PIN"))
        now = f"{datetime.now():%Y-%m-%d %H:%M}"
        if not clock_is_set():
            now = translate("Teacher", "{now}, not set").format(now=now)
        self.clock_button.set_text(now, f"{labels['clock']}: {now}")
        self.volume.show_value(settings.volume, labels["volume"])
        if isinstance(self.brightness, Percent):
            self.brightness.show_value(settings.brightness or 100, labels["brightness"])
        else:
            self.brightness.setText(
                translate("Teacher", "This screen's brightness cannot be changed from here.")
            )
        self.about.name(tabs["about"])
        self.about.set_rows(self._about())

    def _about(self) -> list[Row]:
        version = f"{pronounce_kiosk.__version__}  ·  GPL-3.0-or-later"
        model = self._model_text or translate("Teacher", "loading…")
        data_dir = str(self.model.paths.data_dir)
        return [
            Row(None, "pronounce_kiosk", version, "info"),
            Row(None, translate("Teacher", "Scoring model"), model, "info"),
            Row(None, translate("Teacher", "Data folder"), data_dir, "folder"),
            *self._licences,
        ]


def kept_text(megabytes: int) -> str:
    """Return what a teacher should know before takes are kept."""
    notice = translate("Teacher", "Learners see a notice while it is on. Ask parents first.")
    bound = translate("Teacher", "Once {room} are full, the oldest go first.")
    return f"{notice} {bound.format(room=room_text(megabytes))}"


def licence_rows() -> list[Row]:
    """Return the packages with their licences, from their metadata."""
    licences = dict(OTHER_LICENCES)
    with contextlib.suppress(metadata.PackageNotFoundError):
        for requirement in metadata.requires("pronounce-kiosk") or ():
            name = requirement.split(";")[0].split("=")[0].strip()
            if "extra ==" not in requirement:
                with contextlib.suppress(metadata.PackageNotFoundError):
                    info = metadata.metadata(name)
                    licences[f"{info['Name']} {info['Version']}"] = _licence(info)
    return [Row(None, name, licence, "file") for name, licence in licences.items()]


def _licence(info: metadata.PackageMetadata) -> str:
    written = "".join(info.get_all("License-Expression") or info.get_all("License") or ())
    classifiers = (
        line.rsplit("::", 1)[-1].strip()
        for line in info.get_all("Classifier") or ()
        # "OSI Approved" alone names no licence.
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    )
    return written.strip().partition("\n")[0][:60] or ", ".join(classifiers)
