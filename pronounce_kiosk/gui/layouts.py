"""Box layouts in one call."""

from __future__ import annotations

from typing import TypeVar

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Aligned = Qt.Alignment | Qt.AlignmentFlag
Item = QWidget | QLayout | int | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Aligned]
"""An item of a layout; with its stretch; a widget with stretch and alignment; empty stretch."""
Margins = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""
Box = TypeVar("Box", bound=QBoxLayout)


def hbox(
    *items: Item,
    spacing_px: int | None = None,
    margins_px: Margins = (0, 0, 0, 0),
    parent: QWidget | None = None,
) -> QHBoxLayout:
    """Lay items out from left to right.

    Args:
        items: In their order.
        spacing_px: Space between two items; None is the style's.
        margins_px: Space around the items.
        parent: The widget that the layout fills; None for a layout inside another.
    """
    return _filled(QHBoxLayout(), items, spacing_px, margins_px, parent)


def vbox(
    *items: Item,
    spacing_px: int | None = None,
    margins_px: Margins = (0, 0, 0, 0),
    parent: QWidget | None = None,
) -> QVBoxLayout:
    """Lay items out from top to bottom; see `hbox`."""
    return _filled(QVBoxLayout(), items, spacing_px, margins_px, parent)


def _filled(
    layout: Box,
    items: tuple[Item, ...],
    spacing_px: int | None,
    margins_px: Margins,
    parent: QWidget | None,
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
