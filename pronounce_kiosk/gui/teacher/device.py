"""Actions on the device itself."""

from __future__ import annotations

from PyQt5.QtCore import QCoreApplication

from pronounce_kiosk.gui.teacher import texts
from pronounce_kiosk.gui.teacher.navigation import PageStack

translate = QCoreApplication.translate


def ask_switch_off(area: PageStack) -> None:
    """Ask, then switch the device off; show a message where it fails."""

    def refused(error: Exception) -> None:
        area.show_message(lambda: texts.power_error_text(error), "info")

    area.ask(
        lambda: translate("Teacher", "Switch this device off?"),
        lambda: translate("Teacher", "Switch off"),
        lambda: area.model.power_off(refused),
        "power",
        lambda: translate("Teacher", "All results are saved already."),
    )
