"""What advice names: rows of swaps, and words of syllables put together anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pronounce_kiosk.session.naming import Advice
from pronounce_kiosk.training.evaluation.figures import Rows
from pronounce_kiosk.training.evaluation.namings import (
    NamedSwap,
    NamedTake,
    add_naming_rows,
    naming_table,
    read_english_swaps,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.spelled import Syllable, spliced_words
from pronounce_kiosk.training.evaluation.swaps import LARYNGEAL, Swap
from pronounce_kiosk.training.evaluation.takes import read_spoken

SIGNS = {"target_ko": "ㅃ", "heard_ko": "ㅂ"}


def swap(points: float, named: Advice | None) -> NamedSwap:
    exchanged = Swap(LARYNGEAL, 0, "뿔", 0, "ㅂ")
    told = named or Advice("unit", {"text": "뿔"})
    return NamedSwap(exchanged, "a", points, ("ㅃ", "ㅂ"), named, told)


def test_only_the_sound_that_was_said_counts_as_named() -> None:
    rightly = Advice("heard", {"text": "뿔", **SIGNS})
    wrongly = Advice("heard", {"text": "뿔", **SIGNS, "heard_ko": "ㅍ"})
    swaps = (swap(30, rightly), swap(50, wrongly), swap(70, None), swap(95, None))
    rows = Rows()
    add_naming_rows(rows, "some", [NamedTake("a", 10, True, 2, swaps)])
    found = {row[0].removeprefix("some: "): row[2] for row in rows.cells}
    assert found["named what was said, of red swaps"] == "50.0 %"
    assert found["named what was said, of marked swaps"] == "33.3 %"
    assert found["false namings told, per right unit"] == "10.0 %"
    assert found["right units with a naming of their own"] == "20.0 %"


def test_takes_are_named_by_a_bundle(
    natives: Path, bundle: Path, figures: Callable[[Table], dict[str, tuple[str, str]]]
) -> None:
    rows = figures(naming_table({"natives": read_spoken(natives, limit=1)}, bundle, 1))
    count, _ = rows["natives: false namings told, per right unit"]
    assert int(count) == 7


def test_english_words_said_wrong_name_their_phone() -> None:
    swaps = read_english_swaps()
    assert len(swaps) > 150
    for one in swaps:
        assert one.unit < len(one.text.split()) == len(one.said.split())
        assert one.target != one.heard
        assert one.heard or not one.added


def test_words_are_put_together_of_one_speaker_s_syllables() -> None:
    def said(syllable: str, speaker: str, points: float = 90.0) -> Syllable:
        return Syllable(syllable, speaker, Path("a.ogg"), 0.0, 0.2, points, False, False)

    all_said = [said(one, "a") for one in ("경", "로", "노")] + [said("로", "b")]
    words = {
        (one.spelled, *(piece.said for piece in one.pieces))
        for one in spliced_words(all_said)
        if one.word == "경로"
    }
    assert words == {(True, "경", "로"), (False, "경", "노")}
    assert not spliced_words([said("경", "a"), said("로", "b"), said("로", "a", 50.0)])
