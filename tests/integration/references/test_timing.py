"""Aligning the phones espeak-ng said with those expected of each unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.references.espeak_library import SpokenPhone
from pronounce_kiosk.references.timing import ExpectedPhone, Span, align_phones, fill_gaps, is_vowel


def _expected(*words: str) -> list[ExpectedPhone]:
    return [ExpectedPhone(ipa, unit, unit) for unit, word in enumerate(words) for ipa in word]


def _spoken(phones: str) -> list[SpokenPhone]:
    """One phone a character, a tenth of a second each; _ is a pause."""
    return [
        SpokenPhone("" if ch == "_" else ch, i / 10, (i + 1) / 10) for i, ch in enumerate(phones)
    ]


def _owners(expected: list[ExpectedPhone], spoken: str, anchors: dict[int, int]) -> list[int]:
    found = align_phones(expected, _spoken(spoken), anchors)
    return [expected[j].unit if j >= 0 else -1 for j in found]


def test_phones_as_expected_go_to_their_units() -> None:
    assert _owners(_expected("ka", "na"), "ka_na", {}) == [0, 0, -1, 1, 1]


def test_a_changed_a_lost_and_an_added_phone_leave_the_others_in_place() -> None:
    assert _owners(_expected("kat", "na"), "ɡana", {}) == [0, 0, 1, 1]
    assert _owners(_expected("ka", "na"), "kahna", {}) == [0, 0, 0, 1, 1]


def test_an_anchor_decides_what_the_phones_leave_open() -> None:
    expected = _expected("an", "na")
    assert _owners(expected, "ana", {1: 1}) == [0, 1, 1]


@given(
    st.lists(st.text("kanih", min_size=1, max_size=4), min_size=1, max_size=6),
    st.text("kanih_", max_size=20),
)
def test_the_order_is_kept_and_only_pauses_have_no_owner(words: list[str], spoken: str) -> None:
    owners = _owners(_expected(*words), spoken, {})
    assert [owner == -1 for owner in owners] == [ch == "_" for ch in spoken]
    heard = [owner for owner in owners if owner >= 0]
    assert heard == sorted(heard)


def test_a_long_text_stays_in_the_band() -> None:
    expected = _expected(*["kan"] * 400)
    assert _owners(expected, "kan" * 400, {}) == [i // 3 for i in range(1200)]


def test_missing_spans_share_the_nearest_one_of_their_own_group() -> None:
    spans = [Span(0.0, 1.0), None, None, Span(1.0, 2.0)]
    assert fill_gaps(spans, [0, 0, 1, 1]) == [
        *(Span(0.0, 0.5), Span(0.5, 1.0)),
        *(Span(1.0, 1.5), Span(1.5, 2.0)),
    ]


def test_a_first_missing_span_takes_from_the_next() -> None:
    assert fill_gaps([None, Span(1.0, 2.0)], [0, 1]) == [Span(1.0, 1.5), Span(1.5, 2.0)]


def test_nothing_known_cannot_be_filled() -> None:
    with pytest.raises(ValueError, match="no span"):
        fill_gaps([None], [0])


@pytest.mark.parametrize(("ipa", "vowel"), [("aɪ", True), ("ɯ", True), ("j", False), ("", False)])
def test_vowels(ipa: str, vowel: bool) -> None:
    assert is_vowel(ipa) is vowel
