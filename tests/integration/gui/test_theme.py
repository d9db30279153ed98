"""Colours that can be read and letters that are there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QFontInfo, QImage, QPainter

from pronounce_kiosk.app import pronunciation
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.gui import theme

TEXT_PAIRS = (
    ("ink", "paper"),
    ("ink", "surface"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent-dark", "accent-tint"),
    ("accent", "accent-tint"),
    ("ink", "accent-tint"),
    ("ink", "accent-light"),
    ("muted", "accent-tint"),
    ("accent-dark", "surface"),
    ("accent-dark", "paper"),
    ("accent-dark", "fair-tint"),
    ("accent-dark", "poor-tint"),
    ("surface", "accent"),
    ("surface", "accent-dark"),
    ("surface", "poor"),
    ("ink", "good-tint"),
    ("ink", "fair-tint"),
    ("ink", "poor-tint"),
    ("good", "good-tint"),
    ("fair", "fair-tint"),
    ("poor", "poor-tint"),
    ("left_out", "left_out-tint"),
    ("voice", "surface"),
    ("voice", "paper"),
    ("poor", "surface"),
    ("good", "paper"),
    ("fair", "paper"),
    ("poor", "paper"),
)
"""Text and ground that lie on each other somewhere."""


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(text: str, ground: str) -> float:
    light, dark = sorted((luminance(text), luminance(ground)))[::-1]
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_contrast(text: str, ground: str) -> None:
    assert contrast(theme.colour(text), theme.colour(ground)) >= 4.5


def rules() -> list[tuple[str, dict[str, str]]]:
    """Every selector of the style sheet with its declarations, colours filled in."""
    text = re.sub(r"/\*.*?\*/", "", theme.style_sheet(), flags=re.DOTALL)
    found = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        declared = {name.strip(): value.strip() for name, value in pairs}
        found += [(selector.strip(), declared) for selector in selectors.split(",")]
    return found


def kind_of(selector: str) -> str:
    """What a selector is a state of: ``QPushButton#main`` for ``...#main:pressed``."""
    return re.sub(r"(:[a-z-]+|\[[^]]*\])+$", "", selector.split(" ")[-1])


def test_every_text_of_the_style_sheet_can_be_read() -> None:
    """Each rule's colour on each rule's ground for the same thing, and on what it lies on."""
    base = {"QPushButton": ("#1d2733", "#ffffff")}
    checked = 0
    for selector, declared in rules():
        ground, colour = declared.get("background"), declared.get("color")
        kind = kind_of(selector)
        usual_colour, usual_ground = base.get(kind, base.get(kind.split("#")[0], (None, None)))
        colour = colour or usual_colour or theme.colour("ink")
        grounds = [ground or usual_ground] if (ground or usual_ground) else ["paper", "surface"]
        for one in grounds:
            if one in ("transparent", "none"):
                continue
            hexadecimal = theme.COLOURS.get(str(one), str(one))
            if not re.fullmatch(r"#[0-9a-f]{6}", hexadecimal):
                continue
            if "disabled" in selector:
                # What cannot be tapped is pale on purpose, but still to be made out.
                assert contrast(colour, hexadecimal) >= 3.0, selector
                continue
            assert contrast(colour, hexadecimal) >= 4.5, f"{selector}: {colour} on {hexadecimal}"
            checked += 1
        if ":" not in selector and "[" not in selector:
            base[kind] = (colour, ground or usual_ground)
    assert checked > 30


def test_the_style_sheet_names_only_colours_of_the_theme() -> None:
    assert "@" not in theme.style_sheet()
    assert re.search(r"#[0-9a-f]{6}", theme.style_sheet())
    written = Path(theme.__file__).with_name("style.qss").read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,6}\s*;", written)


def test_the_font_is_the_one_that_is_wanted(qapp: object) -> None:
    assert QFontInfo(theme.font(24)).family() == theme.FONT_FAMILIES[0]


def ink(text: str) -> int:
    image = QImage(90, 90, QImage.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(theme.font(48, bold=True))
    painter.drawText(image.rect(), Qt.AlignCenter, text)
    painter.end()
    pixels = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
    return int((pixels < 128).sum())


def test_every_letter_of_the_lists_is_drawn(qapp: object, lists: tuple[SentenceList, ...]) -> None:
    letters = {
        letter
        for found in lists
        for sentence in found.sentences
        for letter in sentence.text + pronunciation(sentence) + sentence.translation
    }
    assert "멷" in letters
    blank = sorted(letter for letter in letters if letter.strip() and not ink(letter))
    assert not blank


def test_every_verdict_has_a_picture(qapp: object) -> None:
    for verdict in Verdict:
        if verdict is not Verdict.SCORED:
            assert not theme.picture(verdict.value, 100).toImage().allGray()


def test_an_icon_takes_the_colour(qapp: object) -> None:
    image = theme.pixmap("stop", "poor", 48).toImage()
    assert image.pixelColor(24, 24).name() == theme.colour("poor")
