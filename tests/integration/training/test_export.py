"""What export writes, the manifest reader takes back."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.training.export import to_toml

SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False),
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=4), st.lists(st.lists(SCALARS), max_size=3))
TABLES = st.dictionaries(NAMES, VALUES, max_size=4)


@given(st.dictionaries(NAMES, st.one_of(VALUES, TABLES), max_size=5))
def test_round_trip(document: dict[str, object]) -> None:
    assert tomllib.loads(to_toml(document)) == document


@given(st.lists(TABLES, min_size=1, max_size=3))
def test_lists_of_tables(tables: list[dict[str, object]]) -> None:
    assert tomllib.loads(to_toml({"golden": tables})) == {"golden": tables}


def test_what_has_no_place() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        to_toml({"weights": object()})
