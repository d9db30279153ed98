"""What no rule of Korean pronunciation predicts: tables of words, loaded once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Entry:
    """A row of exceptions.tsv; of what is respelled the principle comes first."""

    written: str
    respelled: tuple[str, ...]
    where: str
    article: str
    source: str


@dataclass(frozen=True)
class Lexicon:
    """The tables, by how they are looked up; each maps what is written to its row."""

    by_place: Mapping[str, Mapping[str, Entry]]
    adnominals: Mapping[str, str]

    def starting(self, text: str, at: int, place: str) -> Entry | None:
        """Find the longest row of a place that ``text`` holds at index ``at``."""
        return self._first(place, (text[at : at + length] for length in range(LONGEST, 0, -1)))

    def ending(self, text: str, place: str) -> Entry | None:
        """Find the longest row of a place that ``text`` ends in."""
        return self._first(place, (text[-length:] for length in range(LONGEST, 0, -1)))

    def _first(self, place: str, candidates: Iterator[str]) -> Entry | None:
        rows = self.by_place[place]
        return next((rows[text] for text in candidates if text in rows), None)


_ENDS = "end end-open end-coda end-sonorant"
PLACES = tuple(f"any start word {_ENDS} verb noun siot no-siot homograph".split())
NOUN_ENDS = tuple(_ENDS.split())
LONGEST = 8
"""Syllables of the longest row; a longer one would not be found (a test holds that)."""


@cache
def table_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Read the rows of a table in data/, without its comments."""
    source = resources.files("pronounce_kiosk.language.korean") / "data" / name
    lines = source.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line and line[0] != "#")


@cache
def readings(kind: str) -> Mapping[str, str]:
    """Map what is written to its reading, in the rows of one kind in readings.tsv."""
    rows = ((*row, "") for row in table_rows("readings.tsv") if row[0] == kind)
    return {row[1]: row[2] for row in rows}


@cache
def pattern(regex: str) -> re.Pattern[str]:
    """Compile a regular expression in which <name> is any word of that name.

    The name is one in patterns.tsv, or a kind in readings.tsv.
    """
    return re.compile(re.sub(r"<([\w-]+)>", lambda match: _alternatives(match[1]), regex))


@cache
def _alternatives(name: str) -> str:
    words = {row[0]: row[1] for row in table_rows("patterns.tsv")}.get(name)
    if words is None:
        longest_first = sorted(readings(name), key=len, reverse=True)
        return f"(?:{'|'.join(map(re.escape, longest_first))})"
    return f"(?:{pattern('|'.join(words.split())).pattern})"


def exceptions() -> Iterator[Entry]:
    """Read the rows of exceptions.tsv, in its order."""
    for written, respelled, where, article, source in table_rows("exceptions.tsv"):
        yield Entry(written, tuple(respelled.split("|")), where, article, source)


@cache
def lexicon() -> Lexicon:
    """Load the tables (about 20 ms, once)."""
    by_place: dict[str, dict[str, Entry]] = {place: {} for place in PLACES}
    for row in exceptions():
        by_place[row.where][row.written] = row
    adnominals = {
        form: kind for kind, forms in table_rows("adnominals.tsv") for form in forms.split()
    }
    return Lexicon(by_place, adnominals)
