"""Box layouts in one call."""

from typing import TypedDict, TypeVar, Unpack

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

Aligned = Qt.Alignment | Qt.AlignmentFlag
Item = QWidget | QLayout | int | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Aligned]
"""An item of a layout; with its stretch; a widget with stretch and alignment; empty stretch."""
ANYHOW = Qt.Alignment()
"""No alignment: a widget fills its cell."""
Margins = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""
Box = TypeVar("Box", bound=QBoxLayout)


class Options(TypedDict, total=False):
    """Options of a box layout.

    spacing_px: space between two items, by default the style's. margins_px: space around all items,
    by default none. parent: the widget that the layout fills, none for a layout inside another.
    """

    spacing_px: int
    margins_px: Margins
    parent: QWidget


def hbox(*items: Item, **options: Unpack[Options]) -> QHBoxLayout:
    """Lay items out from left to right."""
    return _filled(QHBoxLayout(), items, **options)


def vbox(*items: Item, **options: Unpack[Options]) -> QVBoxLayout:
    """Lay items out from top to bottom."""
    return _filled(QVBoxLayout(), items, **options)


def centred_row(
    *items: tuple[QWidget | QLayout, Aligned], margins_px: Margins = (0, 0, 0, 0)
) -> QGridLayout:
    """Lay three items out, with alignment; equal outer columns keep the second in the middle."""
    grid = QGridLayout()
    grid.setContentsMargins(*margins_px)
    for column, (content, alignment) in enumerate(items):
        if isinstance(content, QLayout):
            grid.addLayout(content, 0, column, alignment)
        else:
            grid.addWidget(content, 0, column, alignment)
        grid.setColumnStretch(column, 0 if column == 1 else 1)
    return grid


def stack(parent: QWidget, *pages: QWidget, fixed: bool = False) -> QStackedWidget:
    """Put widgets in one place, of which one is shown. fixed: the place does not grow."""
    stacked = QStackedWidget(parent)
    stacked.setObjectName("see-through")
    if fixed:
        stacked.setSizePolicy(QSizePolicy.Fixed, QSizePolicy.Fixed)
    for page in pages:
        stacked.addWidget(page)
    return stacked


def keep_place(*widgets: QWidget) -> None:
    """Let widgets keep their place while they are hidden, so that no other moves."""
    for widget in widgets:
        policy = widget.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        widget.setSizePolicy(policy)


def _filled(
    layout: Box,
    items: tuple[Item, ...],
    spacing_px: int | None = None,
    margins_px: Margins = (0, 0, 0, 0),
    parent: QWidget | None = None,
) -> Box:
    layout.setContentsMargins(*margins_px)
    if spacing_px is not None:
        layout.setSpacing(spacing_px)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
            continue
        content, *how = item if isinstance(item, tuple) else (item,)
        if isinstance(content, QLayout):
            layout.addLayout(content, *how)
        else:
            layout.addWidget(content, *how)
    if parent is not None:
        parent.setLayout(layout)
    return layout
