"""Learners: choose or create a profile of a picture and a nickname. No accounts."""

from collections.abc import Sequence

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtGui import QPixmap
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.history import LearnerHistory
from pronounce_kiosk.gui.language import TranslatedWidget, interface_language
from pronounce_kiosk.gui.layouts import hbox, vbox
from pronounce_kiosk.gui.particles import with_particles
from pronounce_kiosk.gui.teacher.keyboard import Keyboard
from pronounce_kiosk.gui.widgets.buttons import Card, TextButton
from pronounce_kiosk.gui.widgets.labels import FittedLabel, picture_label
from pronounce_kiosk.gui.widgets.scrolling import CardGrid
from pronounce_kiosk.history.records import ANIMALS, NICKNAME_LENGTH, Learner, namesakes

_COLUMNS = 4
_MARGINS = (16, 4, 16, 12)
_PICTURE_PX = 76


class FaceButton(Card):
    """A picture with a name below it."""

    def __init__(self, picture: QPixmap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        face = picture_label(self, picture, _PICTURE_PX)
        face.setAlignment(Qt.AlignCenter)
        self._name = FittedLabel(22, 14, parent=self)
        self._name.setFixedHeight(30)
        centred = (face, 1, Qt.AlignHCenter)
        self.fill(vbox(centred, self._name, margins_px=(6, 8, 6, 8), spacing_px=2))

    def set_name(self, name: str, accessible_name: str = "") -> None:
        """Set the name below the picture."""
        self._name.set_text(name)
        self.setAccessibleName(accessible_name or name)


class _FacesScreen(TranslatedWidget):
    """Shows learners as cards. chosen: a `Learner`, None for a guest. new_wanted: none of them."""

    chosen = pyqtSignal(object)
    new_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[FaceButton] = []
        self.new_card = FaceButton(theme.pixmap("add", "accent", _PICTURE_PX), self)
        self.new_card.clicked.connect(self.new_wanted)
        self._grid = CardGrid(_COLUMNS, self)
        vbox(self._grid, margins_px=_MARGINS, parent=self)

    def _set_learners(self, learners: Sequence[Learner]) -> None:
        for card in self.cards:
            card.deleteLater()
        self.cards = [self._card(learner) for learner in learners]

    def _card(self, learner: Learner) -> FaceButton:
        card = FaceButton(theme.animal(learner.animal, _PICTURE_PX))
        name = face_name(learner)
        card.set_name(name, f"{name}, {messages.animal_name(learner.animal)}")
        card.clicked.connect(lambda: self.chosen.emit(learner))
        return card


class LearnersScreen(_FacesScreen):
    """Shows the learners, a guest, and "I am new"."""

    def __init__(self, history: LearnerHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self.guest_card = FaceButton(theme.animal("guest", _PICTURE_PX), self)
        self.guest_card.clicked.connect(lambda: self.chosen.emit(None))
        history.learners_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the learners."""
        self.setWindowTitle(self.tr("Who is practising?"))
        self._set_learners(self._history.learners)
        self.guest_card.set_name(self.tr("Guest"))
        self.new_card.set_name(self.tr("I am new"))
        self._grid.set_cards((self.guest_card, self.new_card, *self.cards))

    _retranslate = refresh


class TakenScreen(_FacesScreen):
    """Asks whether the learner is one with this nickname and animal already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken: Sequence[Learner] = ()

    def ask(self, taken: Sequence[Learner]) -> None:
        """Ask whether the learner is one of these."""
        self._taken = taken
        self._retranslate()

    def _retranslate(self) -> None:
        name = face_name(self._taken[0]) if self._taken else ""
        title = self.tr("{name} is taken. Is that you?").format(name=name)
        self.setWindowTitle(with_particles(title))
        self._set_learners(self._taken)
        self.new_card.set_name(self.tr("No, I am new"))
        self._grid.set_cards((*self.cards, self.new_card))


class AnimalScreen(TranslatedWidget):
    """Offers the animals for a new learner's picture."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = {name: FaceButton(theme.animal(name, _PICTURE_PX)) for name in ANIMALS}
        for name, card in self.cards.items():
            card.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
        grid = CardGrid(_COLUMNS, self)
        grid.set_cards(tuple(self.cards.values()))
        vbox(grid, margins_px=_MARGINS, parent=self)
        self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Choose your animal"))
        for name, card in self.cards.items():
            card.set_name(messages.animal_name(name))


class NicknameScreen(TranslatedWidget):
    """Asks for a nickname, which may stay empty. done: it is in `text`."""

    done = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.animal = ANIMALS[0]
        self.text = ""
        self._picture = picture_label(self, None, _PICTURE_PX)
        self.name_label = FittedLabel(40, 22, parent=self)
        self.ready_button = TextButton("next", "main", parent=self, act=self.done.emit)
        self.ready_button.setFixedWidth(220)
        self.keyboard = Keyboard(self)
        self.keyboard.typed.connect(self._on_typed)
        self.keyboard.entered.connect(self.done)
        top = hbox(self._picture, (self.name_label, 1), self.ready_button, spacing_px=12)
        vbox((top, 1), self.keyboard, margins_px=(16, 4, 16, 10), spacing_px=8, parent=self)
        self._retranslate()

    def begin(self, animal: str) -> None:
        """Start with an animal and the keyboard layout of the interface's language."""
        self.animal = animal
        self._picture.setPixmap(theme.animal(animal, _PICTURE_PX))
        self._picture.setAccessibleName(messages.animal_name(animal))
        self.keyboard.begin("", interface_language())
        self._on_typed("")

    def _on_typed(self, text: str) -> None:
        self.text = text[:NICKNAME_LENGTH]
        if self.text != text:
            self.keyboard.begin(self.text, "ko" if self.keyboard.layer.startswith("ko") else "en")
        self.name_label.set_text(self.text or messages.animal_name(self.animal))

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("What is your nickname?"))
        self.ready_button.set_text(self.tr("Ready"))
        self._on_typed(self.text)


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
        for screen in (self.learners, self.taken):
            screen.chosen.connect(self._choose)
        self.learners.new_wanted.connect(lambda: self.show_wanted.emit(self.animals))
        self.animals.chosen.connect(self._choose_animal)
        self.nickname.done.connect(self._create)
        self.taken.new_wanted.connect(self._create_namesake)

    def _choose(self, learner: Learner | None) -> None:
        self._history.choose(learner)
        self.done.emit()

    def _choose_animal(self, animal: str) -> None:
        self.nickname.begin(animal)
        self.show_wanted.emit(self.nickname)

    def _create(self) -> None:
        taken = namesakes(self._history.learners, self.nickname.text, self.nickname.animal)
        if taken:
            self.taken.ask(taken)
            self.show_wanted.emit(self.taken)
        else:
            self._create_namesake()

    def _create_namesake(self) -> None:
        """Create a learner, even where another has this nickname and animal."""
        self._history.create(self.nickname.text, self.nickname.animal)
        self.done.emit()


def face_name(learner: Learner | None) -> str:
    """Return a learner's short name; "" for a guest."""
    if learner is None or learner.guest:
        return ""
    return learner.numbered(learner.nickname or messages.animal_name(learner.animal))
