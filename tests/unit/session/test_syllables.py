"""One syllable of an English word in capitals."""

from __future__ import annotations

import pytest

from pronounce_kiosk.session.syllables import stressed


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("photograph", ["PHOtograph", "phoTOgraph", "photoGRAPH"]),
        ("Tomorrow", ["TOmorrow", "toMORrow", "tomorROW"]),
        ("umbrella", ["UMbrella", "umBRELla", "umbrelLA"]),
        ("police", ["POlice", "poLICE"]),
        ("wanted", ["WANted", "wanTED"]),
        ("yesterday", ["YESterday", "yesTERday", "yesterDAY"]),
        ("table", ["TAble", "taBLE"]),
        ("queen", ["QUEEN"]),
    ],
)
def test_letters_of_a_syllable_become_capitals(word: str, syllables: list[str]) -> None:
    assert [stressed(word, len(syllables), n) for n in range(len(syllables))] == syllables


@pytest.mark.parametrize(
    ("word", "count", "written"),
    [("idea", 3, "idea (○●○)"), ("chocolate", 2, "chocolate (○●)"), ("isn't", 2, "isn't (○●)")],
)
def test_letters_that_do_not_show_the_syllables_get_circles(
    word: str, count: int, written: str
) -> None:
    assert stressed(word, count, 1) == written
