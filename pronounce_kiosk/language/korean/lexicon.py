"""Pronunciations that no rule predicts: tables of words, loaded once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pronounce_kiosk.core.documents import read_table


@dataclass(frozen=True)
class Entry:
    """A row of exceptions.tsv; of alternative respellings the principle comes first."""

    written: str
    respelled: tuple[str, ...]
    where: str


NOUN_ENDS = ("end", "end-open", "end-coda", "end-sonorant")
LONGEST = 8
"""Syllables of the longest row; a longer one would not be found (a test checks this)."""


@cache
def table(name: str) -> list[dict[str, str]]:
    """Read the rows of a table in data/, by the columns that its header names."""
    return read_table(Path(__file__).with_name("data") / f"{name}.tsv")


@cache
def readings(kind: str) -> Mapping[str, str]:
    """Map each spelling to its reading, in the rows of one kind in readings.tsv."""
    return {row["written"]: row["read"] for row in table("readings") if row["kind"] == kind}


@cache
def pattern(regex: str) -> re.Pattern[str]:
    """Compile a regular expression in which <kind> is any word of patterns.tsv or readings.tsv."""
    return re.compile(re.sub(r"<([\w-]+)>", lambda match: _alternatives(match[1]), regex))


@cache
def _alternatives(kind: str) -> str:
    for row in table("patterns"):
        if row["kind"] == kind:
            return f"(?:{pattern('|'.join(row['written'].split())).pattern})"
    words = sorted(readings(kind), key=len, reverse=True)  # the longest is tried first
    if not words:
        raise KeyError(kind)
    return f"(?:{'|'.join(map(re.escape, words))})"


@cache
def entries(where: str) -> Mapping[str, Entry]:
    """Map each spelling to its row, in the rows of one place in exceptions.tsv."""
    rows = [row for row in table("exceptions") if row["where"] == where]
    return {
        r["written"]: Entry(r["written"], tuple(r["respelled"].split("|")), where) for r in rows
    }


def starting(text: str, at: int, where: str) -> Entry | None:
    """Find the longest row of a place that ``text`` holds at index ``at``."""
    return _first(where, (text[at : at + length] for length in range(LONGEST, 0, -1)))


def ending(text: str, where: str) -> Entry | None:
    """Find the longest row of a place that ``text`` ends in."""
    return _first(where, (text[-length:] for length in range(LONGEST, 0, -1)))


def _first(where: str, candidates: Iterator[str]) -> Entry | None:
    rows = entries(where)
    return next((rows[text] for text in candidates if text in rows), None)


@cache
def adnominals() -> Mapping[str, str]:
    """Map the forms in -ㄹ to their kinds."""
    return {form: row["kind"] for row in table("adnominals") for form in row["written"].split()}
