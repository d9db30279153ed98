"""What is told of a sound that was heard in place of another: signs, how to form it, a picture.

The tables in `data` hold the words: confusions.tsv a row for each kind of confusion, signs.tsv how
each phone is written in the interface's languages. Phones of two languages never share a name.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pronounce_kiosk.core.documents import read_table

_NOTHING = "-"
ADDED, SPELLED = "added", "spelled"
"""Places of rows that name no target."""


@dataclass(frozen=True)
class Form:
    """How to form a sound.

    korean, english: one sentence in each language of the interface. picture: of assets/mouths.
    """

    korean: str
    english: str
    picture: str

    def text(self, language: str) -> str:
        """Give the sentence in a language of the interface."""
        return self.korean if language == "ko" else self.english


@dataclass(frozen=True)
class Confusion:
    """A sound that learners confuse with another one.

    place: ``onset``, ``vowel``, ``coda`` (Korean), ``sound``, ``end`` (English) or `ADDED`.
    """

    place: str
    form: Form


def confusion(target: str, heard: str) -> Confusion | None:
    """Find what is told of a confusion; None where the tables know none.

    Args:
        target: the phone of the sentence, "" where one was added.
        heard: the phone that was heard, "" for none.
    """
    return _confusions().get((target, heard))


def spelled_form() -> Form:
    """Give what is told of a word that was read as it is spelled."""
    return _confusions()[SPELLED, ""].form


def forms() -> tuple[Form, ...]:
    """List every way to form a sound that the tables know."""
    return tuple(one.form for one in _confusions().values())


def sign(phone: str) -> tuple[str, str]:
    """Give the sign of a phone in the Korean and in the English interface."""
    return _signs().get(phone, (phone, phone))


@cache
def _confusions() -> dict[tuple[str, str], Confusion]:
    found = {}
    for row in table_rows("confusions.tsv"):
        form = Form(row["korean"], row["english"], row["picture"])
        place = row["place"]
        for target in row["target"].split():
            for heard in row["heard"].split():
                own = place if place == SPELLED else target.replace(_NOTHING, "")
                found[own, heard.replace(_NOTHING, "")] = Confusion(place, form)
    return found


@cache
def _signs() -> dict[str, tuple[str, str]]:
    return {row["phone"]: (row["korean"], row["english"]) for row in table_rows("signs.tsv")}


def table_rows(name: str) -> list[dict[str, str]]:
    """Read the rows of a table of `data`, by the columns that its header names."""
    return read_table(Path(__file__).with_name("data") / name)
