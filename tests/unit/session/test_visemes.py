"""The mouth of an example: which shape each phone has, and when it begins."""

from __future__ import annotations

import pytest

from pronounce_kiosk.audio.reference import PhoneTime
from pronounce_kiosk.language.korean.jamo import PHONES
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.session.visemes import REST, VISEMES, mouth_moves, viseme_at, visemes_of


@pytest.mark.parametrize("phone", [*PHONES, *ENGLISH_PHONES])
def test_every_phone_has_shapes_that_are_drawn(phone: str) -> None:
    assert set(visemes_of(phone)) <= set(VISEMES)
    # Only what is formed behind the lips has none of its own.
    if not visemes_of(phone):
        assert phone in ["ㄱ", "ㄲ", "ㅋ", "ㅎ", "ㄱ_", "ㅇ_", "K", "G", "HH", "NG"]


@pytest.mark.parametrize(
    ("phone", "shapes"),
    [
        ("ㅁ", ("closed",)),
        ("ㅘ", ("small", "wide")),
        ("θ", ("between",)),
        ("oʊ", ("round",)),
        ("aɪ", ("wide", "spread")),
        ("ɔɹ", ("wide", "small")),
        ("", ()),
    ],
)
def test_shapes(phone: str, shapes: tuple[str, ...]) -> None:
    assert visemes_of(phone) == shapes


def moves(*phones: tuple[str, int]) -> list[tuple[float, str]]:
    """Phones of a tenth of a second each, in units said twice as slowly from 1 s on."""
    times = [
        PhoneTime(phone, number / 10, (number + 1) / 10, unit)
        for number, (phone, unit) in enumerate(phones)
    ]
    spans = []
    for unit in range(phones[-1][1] + 1):
        own = [one for one in times if one.unit == unit]
        spans.append((1 + own[0].start_s * 2, 1 + own[-1].end_s * 2))
    return [(round(move.start_s, 3), move.viseme) for move in mouth_moves(times, spans)]


def test_phones_are_laid_into_the_units_of_another_voice() -> None:
    assert moves(("ㅂ", 0), ("ㅏ", 0), ("ㅁ", 1), ("ㅣ", 1)) == [
        (1.0, "closed"),
        (1.2, "wide"),
        (1.4, "closed"),
        (1.6, "spread"),
        (1.8, REST),
    ]


def test_the_mouth_takes_the_vowel_s_shape_with_the_consonant_behind_it() -> None:
    # 곡: round from the first ㄱ to the last one's end.
    assert moves(("ㄱ", 0), ("ㅗ", 0), ("ㄱ_", 0)) == [(1.0, "round"), (1.6, REST)]


def test_a_diphthong_changes_in_its_middle() -> None:
    assert moves(("ㅘ", 0)) == [(1.0, "small"), (1.1, "wide"), (1.2, REST)]


def test_the_mouth_rests_before_and_after() -> None:
    found = mouth_moves([PhoneTime("ㅏ", 0.0, 0.2, 0)], [(0.5, 0.9)])
    assert [viseme_at(found, at_s) for at_s in (0.0, 0.5, 0.89, 0.9)] == [
        REST,
        "wide",
        "wide",
        REST,
    ]
    assert mouth_moves([], [(0.0, 1.0)]) == ()
    assert viseme_at((), 0.5) == REST
