"""Sentences: the sentences of one list."""

from collections.abc import Mapping
from typing import Any

from PyQt5.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QPainter
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pronounce_kiosk.core.grades import Best
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.language import TranslatedWidget
from pronounce_kiosk.gui.layouts import hbox
from pronounce_kiosk.gui.text_layout import draw_line
from pronounce_kiosk.gui.widgets.drawing import draw_box, draw_text, pen
from pronounce_kiosk.gui.widgets.scrolling import ScrollButtons, TouchList
from pronounce_kiosk.history.records import SentenceName
from pronounce_kiosk.session.progress import name_of

ROW_PX = 92
_GAP_PX = 10
_NUMBER_PX = 64
_STAR_PX = 28


class SentenceModel(QAbstractListModel):
    """Model of the rows; only visible ones are queried, so 10,000 sentences open at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._list = SentenceList("", "", "ko")
        self._bests: Mapping[SentenceName, Best] = {}

    def set_list(self, sentence_list: SentenceList) -> None:
        """Set the list."""
        self.beginResetModel()
        self._list = sentence_list
        self.endResetModel()

    def set_bests(self, bests: Mapping[SentenceName, Best]) -> None:
        """Set the learner's best scores."""
        self._bests = bests
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return the number of sentences."""
        return len(self._list.sentences)

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        """Return sentence and `Best`, if any, for the delegate; the text for accessibility."""
        if not index.isValid():
            return None
        sentence = self._list.sentences[index.row()]
        if role == Qt.UserRole:
            return sentence, self._bests.get(name_of(self._list, sentence))
        return sentence.text if role in (Qt.DisplayRole, Qt.AccessibleTextRole) else None


class _Row(QStyledItemDelegate):
    strictness = "normal"

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        sentence, best = index.data(Qt.UserRole)
        box = option.rect.adjusted(1, 1, -1, -_GAP_PX)
        pressed = bool(option.state & QStyle.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.Antialiasing)
        line = pen("accent" if pressed else "line", 2)
        draw_box(painter, box, 18, "accent-tint" if pressed else "surface", line)
        number = QRect(box.left(), box.top(), _NUMBER_PX, box.height())
        draw_text(painter, number, str(index.row() + 1), 26, "accent", bold=True)
        right = 16
        painter.setRenderHint(QPainter.SmoothPixmapTransform)
        if best is not None:
            stars = best.stars(self.strictness)
            for star in range(3):
                from_right = 14 + (3 - star) * _STAR_PX
                self._icon(painter, box, from_right, "star", "star" if star < stars else "line")
            right = 3 * _STAR_PX + 24
        if best is not None and best.to_practise:
            # Every attempt had a poor or missing unit, whatever its stars.
            self._icon(painter, box, right + _STAR_PX, "again", "poor")
            right += _STAR_PX + 12
        text = box.adjusted(_NUMBER_PX, 8, -right, -8)
        half = text.height() // 2 if sentence.translation else text.height()
        upper = QRect(text.left(), text.top(), text.width(), half + 4)
        draw_line(painter, upper, sentence.text, 27, True, "ink")
        if sentence.translation:
            lower = QRect(text.left(), text.top() + half + 4, text.width(), half - 4)
            draw_line(painter, lower, sentence.translation, 20, False, "muted")
        painter.restore()

    @staticmethod
    def _icon(painter: QPainter, box: QRect, from_right: int, name: str, colour_name: str) -> None:
        left, top = box.right() - from_right, box.center().y() - _STAR_PX // 2
        picture = theme.pixmap(name, colour_name, 2 * _STAR_PX)
        painter.drawPixmap(QRect(left, top, _STAR_PX, _STAR_PX), picture)


class SentencesScreen(TranslatedWidget):
    """Shows a list. chosen: the row that was tapped."""

    chosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SentenceModel(self)
        self._row = _Row(self)
        self.sentence_list = SentenceList("", "", "ko")
        self.view = TouchList(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._row)
        self.view.clicked.connect(lambda index: self.chosen.emit(index.row()))
        hbox(
            (self.view, 1),
            ScrollButtons(self.view, self),
            margins_px=(16, 4, 16, 8),
            spacing_px=12,
            parent=self,
        )
        self._retranslate()

    def show_list(self, sentence_list: SentenceList) -> None:
        """Show a list from its start; a list that is shown already keeps its place."""
        self.view.clearSelection()
        if sentence_list is not self.sentence_list:
            self.sentence_list = sentence_list
            self.model.set_list(sentence_list)
            self.view.scrollToTop()

    def set_progress(self, bests: Mapping[SentenceName, Best], strictness: str) -> None:
        """Show each sentence's best score as stars."""
        self._row.strictness = strictness
        self.model.set_bests(bests)

    def _retranslate(self) -> None:
        self.view.setAccessibleName(self.tr("Sentences"))
