"""`SignIn`: the screens on which learners say who they are."""

from __future__ import annotations

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.screens.learners import (
    AnimalScreen,
    LearnersScreen,
    NicknameScreen,
    TakenScreen,
)
from pronounce_kiosk.history.records import Learner


class SignIn(QObject):
    """Creates the screens and handles their choices; the window shows them.

    show_wanted: the screen to show next. done: a learner or a guest was chosen or created.
    """

    show_wanted = pyqtSignal(QWidget)
    done = pyqtSignal()

    def __init__(self, history: LearnerHistory, parent: QWidget) -> None:
        super().__init__(parent)
        self._history = history
        self.learners = LearnersScreen(history, parent)
        self.animals = AnimalScreen(parent)
        self.nickname = NicknameScreen(parent)
        self.taken = TakenScreen(parent)
        self.learners.chosen.connect(self._choose)
        self.learners.new_wanted.connect(lambda: self.show_wanted.emit(self.animals))
        self.animals.chosen.connect(self._choose_animal)
        self.nickname.done.connect(self._create)
        self.taken.chosen.connect(self._choose)
        self.taken.new_wanted.connect(self._create_namesake)

    def _choose(self, learner: Learner | None) -> None:
        self._history.choose(learner)
        self.done.emit()

    def _choose_animal(self, animal: str) -> None:
        self.nickname.begin(animal)
        self.show_wanted.emit(self.nickname)

    def _create(self, nickname: str) -> None:
        taken = self._history.namesakes(nickname, self.nickname.animal)
        if taken:
            self.taken.ask(nickname, taken)
            self.show_wanted.emit(self.taken)
            return
        self._create_namesake(nickname)

    def _create_namesake(self, nickname: str) -> None:
        """Create a learner, even where another has this nickname and animal."""
        self._history.create(nickname, self.nickname.animal)
        self.done.emit()
