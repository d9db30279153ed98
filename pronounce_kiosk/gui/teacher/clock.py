"""Set date and time on a device without a network."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime

from PyQt5.QtCore import QCoreApplication
from PyQt5.QtWidgets import QLabel, QVBoxLayout

from pronounce_kiosk.gui.double_touch import let_type
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.teacher import texts
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.teacher.page_widgets import ChoiceButton
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.gui.widgets.text_button import TextButton

translate = QCoreApplication.translate

PARTS = ("year", "month", "day", "hour", "minute")
_FIRST_YEAR, _LAST_YEAR = 2020, 2099
_STEP_PX = 72


def stepped(moment: datetime, part: str, step: int) -> datetime:
    """Step one part of a moment, wrapping at its end; the day stays within its month."""
    if part == "year":
        year = min(max(moment.year + step, _FIRST_YEAR), _LAST_YEAR)
        return _dated(moment, year, moment.month, moment.day)
    if part == "month":
        return _dated(moment, moment.year, (moment.month - 1 + step) % 12 + 1, moment.day)
    if part == "day":
        days = calendar.monthrange(moment.year, moment.month)[1]
        return moment.replace(day=(moment.day - 1 + step) % days + 1)
    if part == "hour":
        return moment.replace(hour=(moment.hour + step) % 24)
    return moment.replace(minute=(moment.minute + step) % 60)


def _dated(moment: datetime, year: int, month: int, day: int) -> datetime:
    last = calendar.monthrange(year, month)[1]
    return moment.replace(year=year, month=month, day=min(day, last))


class ClockPage(Page):
    """Shows a column with more and less for each part of date and time. now: the clock."""

    def __init__(self, area: PageStack, now: Callable[[], datetime] = datetime.now) -> None:
        super().__init__(area)
        self.moment = now().replace(second=0, microsecond=0)
        self.more: dict[str, ChoiceButton] = {}
        self.less: dict[str, ChoiceButton] = {}
        self._values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        self.prompt_label = text_label(self, "setting", wraps=True)
        columns = hbox(spacing_px=10)
        for part in PARTS:
            columns.addLayout(self._column(part), 1)
        self.set_button = TextButton("check", "main", parent=self, act=self._set)
        self.body.addWidget(self.prompt_label)
        self.body.addLayout(columns, 1)
        self.body.addWidget(self.set_button)
        self._retranslate()

    def title(self) -> str:
        """Return the title for the top bar."""
        return translate("Teacher", "Date and time")

    def _column(self, part: str) -> QVBoxLayout:
        column = vbox(spacing_px=4)
        name = self._names[part] = text_label(self, "muted", centred=True)
        value = self._values[part] = text_label(self, "typed", centred=True)
        value.setFixedHeight(58)
        self.more[part] = self._button("up", part, 1)
        self.less[part] = self._button("down", part, -1)
        for widget in (name, self.more[part], value, self.less[part]):
            column.addWidget(widget)
        return column

    def _button(self, icon: str, part: str, step: int) -> ChoiceButton:
        button = ChoiceButton(icon, _STEP_PX, 36, self, lambda: self._step(part, step))
        button.setAutoRepeat(True)
        let_type(button)
        return button

    def _step(self, part: str, step: int) -> None:
        self.moment = stepped(self.moment, part, step)
        self._show()

    def _show(self) -> None:
        for part, label in self._values.items():
            value = getattr(self.moment, part)
            label.setText(f"{value}" if part == "year" else f"{value:02}")

    def _set(self) -> None:
        self.set_button.setEnabled(False)
        self.model.set_clock(self.moment, self.here(self._was_set), self.here(self._was_refused))

    def _was_set(self, _: object) -> None:
        self.area.close_page(self)
        self.area.show_message(lambda: translate("Teacher", "The clock is set."))

    def _was_refused(self, error: Exception) -> None:
        self.set_button.setEnabled(True)
        self.area.show_message(lambda: texts.clock_error_text(error), "info")

    def _retranslate(self) -> None:
        names = {
            "year": translate("Teacher", "Year"),
            "month": translate("Teacher", "Month"),
            "day": translate("Teacher", "Day"),
            "hour": translate("Teacher", "Hour"),
            "minute": translate("Teacher", "Minute"),
        }
        more = translate("Teacher", "{name}: more")
        less = translate("Teacher", "{name}: less")
        for part, name in names.items():
            self._names[part].setText(name)
            self.more[part].setAccessibleName(more.replace("{name}", name))
            self.less[part].setAccessibleName(less.replace("{name}", name))
        self.prompt_label.setText(
            translate("Teacher", "Results are dated by this clock. A network corrects it.")
        )
        self.set_button.set_text(translate("Teacher", "Set"))
        self._show()
