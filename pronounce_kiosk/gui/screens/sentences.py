"""The sentences of one list."""

from __future__ import annotations

from typing import Any

from PyQt5.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt5.QtGui import QColor, QPainter, QPen
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.widgets.scroll_buttons import ScrollButtons

ROW_PX = 92
_GAP_PX = 10
_NUMBER_PX = 64


class SentenceModel(QAbstractListModel):
    """The rows; only those in sight are ever asked for, so 10,000 sentences open at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentences: tuple[Sentence, ...] = ()

    def set_sentences(self, sentences: tuple[Sentence, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._sentences = sentences
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """How many sentences."""
        return len(self._sentences)

    def data(self, index: QModelIndex, role: int = Qt.DisplayRole) -> Any:
        """The sentence itself for the delegate; its text for those who listen."""
        if not index.isValid():
            return None
        sentence = self._sentences[index.row()]
        if role == Qt.UserRole:
            return sentence
        return sentence.text if role in (Qt.DisplayRole, Qt.AccessibleTextRole) else None


class _Row(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        sentence: Sentence = index.data(Qt.UserRole)
        box = option.rect.adjusted(1, 1, -1, -_GAP_PX)
        pressed = bool(option.state & QStyle.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.Antialiasing)
        painter.setBrush(QColor(theme.colour("accent-tint" if pressed else "surface")))
        painter.setPen(QPen(QColor(theme.colour("accent" if pressed else "line")), 2))
        painter.drawRoundedRect(box, 18, 18)
        number = QRect(box.left(), box.top(), _NUMBER_PX, box.height())
        painter.setFont(theme.font(26, bold=True))
        painter.setPen(QColor(theme.colour("accent")))
        painter.drawText(number, Qt.AlignCenter, str(index.row() + 1))
        text = box.adjusted(_NUMBER_PX, 8, -16, -8)
        half = text.height() // 2 if sentence.translation else text.height()
        upper = QRect(text.left(), text.top(), text.width(), half + 4)
        self._line(painter, upper, sentence.text, 27, True, "ink")
        if sentence.translation:
            lower = QRect(text.left(), text.top() + half + 4, text.width(), half - 4)
            self._line(painter, lower, sentence.translation, 20, False, "muted")
        painter.restore()

    @staticmethod
    def _line(
        painter: QPainter, box: QRect, text: str, size_px: int, bold: bool, colour: str
    ) -> None:
        painter.setFont(theme.font(size_px, bold))
        painter.setPen(QColor(theme.colour(colour)))
        shown = painter.fontMetrics().elidedText(text, Qt.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignLeft | Qt.AlignVCenter), shown)


class SentencesScreen(QWidget):
    """Emits the row that was tapped."""

    chosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence_list = SentenceList("", "", "ko")
        self.model = SentenceModel(self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Row(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollPerPixel)
        self.view.setEditTriggers(QAbstractItemView.NoEditTriggers)
        self.view.clicked.connect(self._on_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 8)
        layout.setSpacing(12)
        layout.addWidget(self.view, 1)
        layout.addWidget(ScrollButtons(self.view, self))
        self.retranslate()

    def show_list(self, sentence_list: SentenceList) -> None:
        """Show a list from its start; the same again stays where it was."""
        self.view.clearSelection()
        if sentence_list is self.sentence_list:
            return
        self.sentence_list = sentence_list
        self.model.set_sentences(sentence_list.sentences)
        self.view.scrollToTop()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def retranslate(self) -> None:
        """Words again."""
        self.view.setAccessibleName(self.tr("Sentences"))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
