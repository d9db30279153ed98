"""Settings of the kiosk, and its software."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import metadata

from PyQt5.QtCore import QCoreApplication
from PyQt5.QtWidgets import QLabel, QStackedWidget, QWidget

import pronounce_kiosk
from pronounce_kiosk.core.score import BundleInfo
from pronounce_kiosk.gui import messages
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.teacher.clock import ClockPage
from pronounce_kiosk.gui.teacher.lock import PinPage
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import ChoiceButton, Choices, Row, RowsView
from pronounce_kiosk.gui.teacher.texts import room_text
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.history.clock import clock_is_set

translate = QCoreApplication.translate

TABS = ("practice", "device", "about")
IDLE_S = (60, 120, 300, 600)
KEPT_TAKES_MB = (500, 2000)
PAUSE_WAIT_MS = (1000, 2000, 3000, 5000)
_STEP_PERCENT = 10
OTHER_LICENCES = (
    ("espeak-ng", "GPL-3.0-or-later"),
    ("Qt 5", "LGPL-3.0 / GPL"),
    ("Nanum", "OFL-1.1"),
    ("FFmpeg", "LGPL-2.1-or-later / GPL"),
)


class Percent(QWidget):
    """A setting in per cent with buttons for less and more."""

    def __init__(
        self, changed: Callable[[int], None], least: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._changed, self._least = changed, least
        self.value = 0
        self.less = ChoiceButton("remove", parent=self, act=lambda: self._step(-_STEP_PERCENT))
        self.more = ChoiceButton("add", parent=self, act=lambda: self._step(_STEP_PERCENT))
        self.label = text_label(self, "setting", centred=True)
        hbox((self.less, 1), (self.label, 1), (self.more, 1), spacing_px=8, parent=self)

    def show_value(self, value: int, name: str) -> None:
        """Set the value in per cent."""
        self.value = value
        self.label.setText(f"{value} %")
        self.less.setEnabled(value > self._least)
        self.more.setEnabled(value < 100)
        self.less.setAccessibleName(translate("Teacher", "{name}: less").replace("{name}", name))
        self.more.setAccessibleName(translate("Teacher", "{name}: more").replace("{name}", name))

    def _step(self, step: int) -> None:
        value = min(max(self.value + step, self._least), 100)
        # Round to tens: a value set by hand may lie between.
        value = value // _STEP_PERCENT * _STEP_PERCENT
        self._changed(max(value, self._least))


class SettingsPage(Page):
    """Shows three tabs, none of which scrolls."""

    def __init__(self, area: PageStack) -> None:
        super().__init__(area)
        self.tab = "practice"
        self._bundle: BundleInfo | None = None
        self._labels: dict[str, QLabel] = {}
        self.tabs = Choices(self.show_tab, self, TABS, height_px=56)
        self.strictness = Choices(lambda v: self.model.change_settings(strictness=v), self)
        self.pause = Choices(lambda v: self.model.change_settings(pause_wait_ms=v), self)
        self.idle = Choices(lambda v: self.model.change_settings(idle_s=v), self)
        self.keep = Choices(self._keep_takes, self)
        self.pin_button = ChoiceButton("lock", parent=self, act=self._change_pin)
        self.language = Choices(self._language, self)
        self.volume = Percent(lambda v: self.model.change_settings(volume=v), 0, self)
        self.brightness = Percent(lambda v: self.model.change_settings(brightness=v), 10, self)
        self.clock_button = ChoiceButton(
            "edit", parent=self, act=lambda: area.push(ClockPage(area))
        )
        self.no_brightness = text_label(self, "muted", wraps=True)
        self.about = RowsView(parent=self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(
            self._form(
                ("strictness", self.strictness),
                ("pause", self.pause),
                ("idle", self.idle),
                ("keep", self.keep),
                ("pin", self.pin_button),
            )
        )
        bright = QWidget(self)
        vbox(self.brightness, self.no_brightness, parent=bright)
        self.stack.addWidget(
            self._form(
                ("language", self.language),
                ("volume", self.volume),
                ("brightness", bright),
                ("clock", self.clock_button),
            )
        )
        self.stack.addWidget(self.about)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self.model.settings_changed.connect(self._retranslate)
        self.model.look_at_panel(self.here(lambda _: self._retranslate()))
        self.model.with_engine(
            "model", lambda engine: engine.scorer.info, self.here(self._got_bundle)
        )
        self.licences: list[Row] = []
        self.model.do("licences", licence_rows, self.here(self._got_licences))
        self._retranslate()

    def title(self) -> str:
        """Return the title for the top bar."""
        return translate("Teacher", "Settings")

    def shown(self) -> None:
        """Show the clock, which may have been set."""
        self._retranslate()

    def show_tab(self, name: str) -> None:
        """Show one of `TABS`."""
        self.tab = name
        self.stack.setCurrentIndex(TABS.index(name))
        self._retranslate()

    def _form(self, *rows: tuple[str, QWidget]) -> QWidget:
        form = QWidget(self)
        column = vbox(margins_px=(0, 4, 0, 0), spacing_px=10, parent=form)
        for name, control in rows:
            label = text_label(form, "setting", wraps=True)
            label.setFixedWidth(250)
            self._labels[name] = label
            row = hbox(label, (control, 1), spacing_px=12)
            column.addLayout(row, 1)
        if len(rows) < 4:
            column.addStretch(4 - len(rows))
        return form

    def _language(self, value: object) -> None:
        self.model.change_settings(interface_language=value)
        self.area.language.set_usual(str(value))

    def _keep_takes(self, value: object) -> None:
        megabytes = int(str(value))
        if not megabytes:
            self.model.change_settings(keep_takes=False)
            return
        if self.model.settings.keep_takes:
            self.model.change_settings(kept_takes_mb=megabytes)
            return
        self._retranslate()
        self.area.ask(
            lambda: translate("Teacher", "Keep what learners say?"),
            lambda: translate("Teacher", "Yes, keep"),
            lambda: self.model.change_settings(keep_takes=True, kept_takes_mb=megabytes),
            "record",
            lambda: kept_text(megabytes),
        )

    def _change_pin(self) -> None:
        page = PinPage(self.area, "set", lambda: self._pin_changed(page))
        self.area.push(page)

    def _pin_changed(self, page: Page) -> None:
        self.area.close_page(page)
        self.area.show_message(lambda: translate("Teacher", "The new PIN holds from now on."))

    def _got_bundle(self, info: BundleInfo) -> None:
        self._bundle = info
        self._retranslate()

    def _got_licences(self, rows: list[Row]) -> None:
        self.licences = rows
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
        self.strictness.show_choices(stars, settings.strictness, labels["strictness"])
        seconds = translate("Teacher", "{n} s")
        waits_ms = sorted({*PAUSE_WAIT_MS, settings.pause_wait_ms})
        self.pause.show_choices(
            {ms: seconds.replace("{n}", f"{ms / 1000:g}") for ms in waits_ms},
            settings.pause_wait_ms,
            labels["pause"],
        )
        minutes = translate("Teacher", "{n} min")
        self.idle.show_choices(
            {s: minutes.replace("{n}", str(s // 60)) for s in IDLE_S},
            settings.idle_s,
            labels["idle"],
        )
        # A value set by hand is shown too.
        rooms = sorted({*KEPT_TAKES_MB, settings.kept_takes_mb})
        self.keep.show_choices(
            {0: translate("Teacher", "Off"), **{mb: room_text(mb) for mb in rooms}},
            settings.kept_takes_mb if settings.keep_takes else 0,
            labels["keep"],
        )
        change = translate("Teacher", "Change the PIN")
        self.pin_button.set_text(change)
        now = f"{datetime.now():%Y-%m-%d %H:%M}"
        if not clock_is_set():
            now = translate("Teacher", "{now}, not set").replace("{now}", now)
        self.clock_button.set_text(now, f"{labels['clock']}: {now}")
        self.language.show_choices(
            messages.LANGUAGE_NAMES,
            settings.interface_language,
            labels["language"],
        )
        self.volume.show_value(settings.volume, labels["volume"])
        self.brightness.show_value(settings.brightness or 100, labels["brightness"])
        self.brightness.setVisible(self.model.has_brightness)
        self.no_brightness.setVisible(not self.model.has_brightness)
        self.no_brightness.setText(
            translate("Teacher", "This screen's brightness cannot be changed from here.")
        )
        self.about.name(tabs["about"])
        self.about.set_rows(self._about())

    def _about(self) -> list[Row]:
        bundle = self._bundle
        model = translate("Teacher", "loading…")
        if bundle is not None:
            model = f"{bundle.name}  ·  {bundle.sha256[:12]}"
        return [
            Row(
                None,
                "pronounce_kiosk",
                f"{pronounce_kiosk.__version__}  ·  GPL-3.0-or-later",
                "info",
            ),
            Row(None, translate("Teacher", "Scoring model"), model, "info"),
            Row(
                None,
                translate("Teacher", "Data folder"),
                str(self.model.paths.data_dir),
                "folder",
            ),
            *self.licences,
        ]


def kept_text(megabytes: int) -> str:
    """Return what a teacher should know before takes are kept."""
    notice = translate("Teacher", "Learners see a notice while it is on. Ask parents first.")
    bound = translate("Teacher", "Once {room} are full, the oldest go first.")
    return f"{notice} {bound.replace('{room}', room_text(megabytes))}"


def licence_rows() -> list[Row]:
    """Return the packages with their licences, from their metadata."""
    rows = [Row(None, name, licence, "file") for name, licence in OTHER_LICENCES]
    try:
        required = metadata.requires("pronounce-kiosk") or []
    except metadata.PackageNotFoundError:
        return rows
    for requirement in required:
        if "extra ==" in requirement:
            continue
        name = requirement.split(";")[0].split("=")[0].strip()
        try:
            info = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        row = Row(None, f"{info['Name']} {info['Version']}", _licence(info), "file")
        if row not in rows:
            rows.append(row)
    return rows


def _licence(info: metadata.PackageMetadata) -> str:
    classifiers = [
        line.rsplit("::", 1)[-1].strip()
        for line in info.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    # "OSI Approved" alone names no licence.
    named = [text for text in classifiers if text != "OSI Approved"]
    lines = [*(info.get_all("License-Expression") or ()), *(info.get_all("License") or ())]
    written = str(lines[0]) if lines else ""
    first = written.strip().splitlines()[0] if written.strip() else ""
    return first[:60] or ", ".join(named)
