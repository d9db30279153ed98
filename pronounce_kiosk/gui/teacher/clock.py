"""Set date and time on a device without a network."""

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime
from functools import partial

from pronounce_kiosk.gui.double_touch import let_type
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.messages import translate
from pronounce_kiosk.gui.teacher.navigation import Page, PageStack
from pronounce_kiosk.gui.widgets.buttons import TextButton
from pronounce_kiosk.gui.widgets.labels import text_label
from pronounce_kiosk.history.clock import mark_clock_set

PARTS = ("year", "month", "day", "hour", "minute")
_FIRST_YEAR, _LAST_YEAR = 2020, 2099


def stepped(moment: datetime, part: str, step: int) -> datetime:
    """Step one part of a moment, wrapping at its end; the day stays within its month."""
    parts = {each: getattr(moment, each) for each in PARTS}
    days = range(1, monthrange(moment.year, moment.month)[1] + 1)
    values = {"month": range(1, 13), "day": days, "hour": range(24), "minute": range(60)}
    if part in values:
        parts[part] = values[part][(parts[part] - values[part].start + step) % len(values[part])]
    else:
        parts[part] = min(max(parts[part] + step, _FIRST_YEAR), _LAST_YEAR)
    parts["day"] = min(parts["day"], monthrange(parts["year"], parts["month"])[1])
    return datetime(**parts)


class ClockPage(Page):
    """Shows a column with more and less for each part of date and time. now: the clock."""

    def __init__(self, area: PageStack, now: Callable[[], datetime] = datetime.now) -> None:
        super().__init__(area, lambda: translate("Teacher", "Date and time"))
        self.moment = now().replace(second=0, microsecond=0)
        self._names = {part: text_label(self, "muted", centred=True) for part in PARTS}
        self._values = {part: text_label(self, "typed", centred=True) for part in PARTS}
        self.more = {part: self._button("up", part, 1) for part in PARTS}
        self.less = {part: self._button("down", part, -1) for part in PARTS}
        columns = hbox(spacing_px=10)
        for part in PARTS:
            self._values[part].setFixedHeight(58)
            column = self._names[part], self.more[part], self._values[part], self.less[part]
            columns.addLayout(vbox(*column, spacing_px=4), 1)
        self.prompt_label = text_label(self, "setting", wraps=True)
        self.set_button = TextButton("check", "main", parent=self, act=self._set)
        self.lay_out(self.prompt_label, (columns, 1), self.set_button)

    def _button(self, icon: str, part: str, step: int) -> TextButton:
        button = TextButton(icon, "choice", 36, 72, self, partial(self._step, part, step))
        button.setAutoRepeat(True)
        let_type(button)
        return button

    def _step(self, part: str, step: int) -> None:
        self.moment = stepped(self.moment, part, step)
        self._show()

    def _show(self) -> None:
        for part, label in self._values.items():
            label.setText(f"{getattr(self.moment, part):02}")

    def _set(self) -> None:
        clock, moment = self.model.clock, self.moment

        def work() -> None:
            clock.set(moment)
            # Results count as dated until the device is switched off.
            mark_clock_set()

        self.set_button.setEnabled(False)
        self.model.do("clock", work, self.here(self._was_set), self.here(self._was_refused))

    def _was_set(self, _: None) -> None:
        self.area.close_page(self)
        self.area.show_message(lambda: translate("Teacher", "The clock is set."))

    def _was_refused(self, error: Exception) -> None:
        self.set_button.setEnabled(True)
        self.area.show_error(error, "clock")

    def _retranslate(self) -> None:
        names = {
            "year": translate("Teacher", "Year"),
            "month": translate("Teacher", "Month"),
            "day": translate("Teacher", "Day"),
            "hour": translate("Teacher", "Hour"),
            "minute": translate("Teacher", "Minute"),
        }
        more, less = translate("Teacher", "{name}: more"), translate("Teacher", "{name}: less")
        for part, name in names.items():
            self._names[part].setText(name)
            self.more[part].setAccessibleName(more.format(name=name))
            self.less[part].setAccessibleName(less.format(name=name))
        self.prompt_label.setText(
            translate("Teacher", "Results are dated by this clock. A network corrects it.")
        )
        self.set_button.set_text(translate("Teacher", "Set"))
        self._show()
