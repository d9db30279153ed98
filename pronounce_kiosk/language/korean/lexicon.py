"""What no rule of Korean pronunciation predicts: tables of words, loaded once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Entry:
    """A row of exceptions.tsv.

    respelled: the principle first, then what the standard allows beside it.
    """

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
        rows = self.by_place[place]
        for length in range(min(LONGEST, len(text) - at), 0, -1):
            if row := rows.get(text[at : at + length]):
                return row
        return None

    def ending(self, text: str, place: str) -> Entry | None:
        """Find the longest row of a place that ``text`` ends in."""
        rows = self.by_place[place]
        for length in range(min(LONGEST, len(text)), 0, -1):
            if row := rows.get(text[-length:]):
                return row
        return None


_ENDS = "end end-open end-coda end-sonorant"
PLACES = tuple(f"any start word {_ENDS} verb noun siot no-siot homograph".split())
NOUN_ENDS = tuple(_ENDS.split())
LONGEST = 8
"""Syllables of the longest row; a longer one would not be found (a test holds that)."""


def table_rows(name: str) -> Iterator[list[str]]:
    """Read the rows of a table in data/, without its comments."""
    source = resources.files("pronounce_kiosk.language.korean") / "data" / name
    for line in source.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


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
