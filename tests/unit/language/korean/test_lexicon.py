"""The tables of words: one form, a source in each row, nothing said twice."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import pytest

from pronounce_kiosk.language.korean.jamo import is_hangul_syllable
from pronounce_kiosk.language.korean.lexicon import LONGEST, NOUN_ENDS, pattern, table

_KEYS = {
    "adnominals": ("written",),
    "allowed_vowels": ("written", "said"),
    "exceptions": ("written", "where"),
    "inserted_n": ("before", "coda", "after"),
    "patterns": ("kind",),
    "readings": ("kind", "written"),
    "sound_rules": ("written",),
    "tokens": ("kind",),
}
"""What no two rows of a table share."""

_OTHER_PLACES = "any start word before-noun verb noun siot no-siot homograph"
_PLACES = {*NOUN_ENDS, *_OTHER_PLACES.split()}
_SOURCES = {
    "standard",
    "analogy",
    "wiktionary",
    "dictionary",
    "orthography",
    "kiwipiepy",
    "convention",
}


def test_every_table_is_looked_at() -> None:
    assert sorted(_KEYS) == sorted(tables())


def tables() -> Iterator[str]:
    """Name the tables of the package."""
    for path in (resources.files("pronounce_kiosk.language.korean") / "data").iterdir():
        assert path.name.endswith(".tsv")
        yield path.name.removesuffix(".tsv")


@pytest.mark.parametrize("name", _KEYS)
def test_every_row_has_the_columns_of_the_header_and_a_source(name: str) -> None:
    columns = list(table(name)[0])
    assert columns[-1] == "source"
    assert set(_KEYS[name]) <= set(columns)
    for row in table(name):
        assert list(row) == columns, row
        assert None not in row.values(), row
        assert all(row[column] for column in columns if column != "read"), row
        assert row["source"] in _SOURCES, row
        article = row.get("article", "-")
        assert article.isdigit() or (article == "-" and row["source"] != "standard"), row


@pytest.mark.parametrize("name", _KEYS)
def test_no_two_rows_have_one_key(name: str) -> None:
    keys = [tuple(row[column] for column in _KEYS[name]) for row in table(name)]
    assert len(keys) == len(set(keys))


def test_a_form_is_an_adnominal_of_one_kind() -> None:
    forms = [form for row in table("adnominals") for form in row["written"].split()]
    assert len(forms) == len(set(forms))


def test_a_kind_is_in_one_table_only() -> None:
    # <kind> in a regular expression is looked for in both.
    assert not {row["kind"] for row in table("patterns")} & {r["kind"] for r in table("readings")}


def test_every_regular_expression_compiles_with_the_kinds_it_names() -> None:
    for row in table("patterns"):
        for part in row["written"].split():
            pattern(part)
    for name in ("tokens", "sound_rules"):
        for row in table(name):
            pattern(row["written"])


def test_an_unknown_kind_is_no_regular_expression() -> None:
    with pytest.raises(KeyError, match="no-such-kind"):
        pattern("<no-such-kind>")


def test_rows_of_the_exceptions_are_well_formed() -> None:
    for row in table("exceptions"):
        assert row["where"] in _PLACES, row
        for respelled in row["respelled"].split("|"):
            assert len(respelled) == len(row["written"]) <= LONGEST, row
            assert all(map(is_hangul_syllable, row["written"] + respelled)), row
