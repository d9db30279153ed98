"""Text swaps: one sound is exchanged, nothing undoes it, and the figures are counted right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.core.score import PhoneScore, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.jamo import jamo_phones
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.training.evaluation.base import NATIVES, Request
from pronounce_kiosk.training.evaluation.figures import Rows, Table
from pronounce_kiosk.training.evaluation.swaps import (
    CODA,
    KINDS,
    LARYNGEAL,
    VOWEL,
    Swap,
    SwappedTake,
    Trial,
    add_swap_rows,
    named_rightly,
    noisy_swaps_table,
    swaps_of,
    swaps_table,
)

Figures = Callable[[Table], dict[str, tuple[str, str]]]
SENTENCES = tuple(
    Sentence("", text, "ko")
    for text in ("한국 사람입니다", "국물이 맛있네요", "12월에 신라에 갔어요.", "밥을 많이 먹었다")
)


def phones_of(said: str) -> list[str]:
    return [phone for phone, _ in jamo_phones(said)]


def said_of(swap: Swap) -> str:
    return swap.sentence.pronunciation


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_swap_changes_one_syllable_by_one_sound(sentence: Sentence, seed: int) -> None:
    said = "".join(unit.said for unit in split_units(sentence.text, "ko"))
    swaps = swaps_of(sentence, np.random.default_rng(seed))
    assert [swap.kind for swap in swaps] == list(KINDS)
    for swap in swaps:
        assert [i for i in range(len(said)) if said[i] != said_of(swap)[i]] == [swap.unit]
        own, new = phones_of(said[swap.unit]), phones_of(said_of(swap)[swap.unit])
        if swap.phone is None:
            assert new == own[:-1]
        elif len(new) > len(own):
            assert (new[:-1], swap.spoken) == (own, "")
        else:
            assert [i for i, phone in enumerate(new) if phone != own[i]] == [swap.phone]
            assert own[swap.phone] == swap.spoken


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_rule_undoes_a_swap(sentence: Sentence) -> None:
    for swap in swaps_of(sentence, np.random.default_rng(1)):
        assert replace(swap.sentence, pronunciation="") == sentence
        units = split_units(sentence.text, "ko", said_of(swap))
        assert "".join(unit.said for unit in units) == said_of(swap)
        reference = EspeakEngine().render(swap.sentence)
        assert [phone.phone for phone in reference.phones] == phones_of(said_of(swap))


def test_swaps_are_drawn_by_the_seed_and_not_of_a_word_or_another_language() -> None:
    drawn = [swaps_of(SENTENCES[0], np.random.default_rng(seed)) for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]
    for sentence in (Sentence("", "네네", "ko"), Sentence("", "we call it a bear", "en")):
        assert swaps_of(sentence, np.random.default_rng(0)) == ()


def unit(score: float, *heard: str | None) -> UnitScore:
    return UnitScore("가", 0, 1, score, True, tuple(PhoneScore("x", 50.0, one) for one in heard))


def test_what_was_said_has_to_be_named_in_its_place() -> None:
    def trial(swap: Swap, *heard: str | None) -> Trial:
        return Trial("a", swap, score(90, unit(90.0)), score(80, unit(30.0, *heard)))

    swap = Swap(LARYNGEAL, 0, SENTENCES[0], 0, "ㄱ")
    assert named_rightly(trial(swap, "ㄱ", None))
    assert not named_rightly(trial(swap, "ㄲ", None))
    assert not named_rightly(trial(swap, None, "ㄱ"))
    assert trial(swap).wanted is None
    assert named_rightly(trial(Swap(CODA, 0, SENTENCES[0], 2, ""), None, None, ""))
    assert trial(Swap(CODA, 0, SENTENCES[0], None, "ㄴ_"), "ㄴ_").wanted is None


def score(total: float | None, *units: UnitScore) -> Score:
    verdict = Verdict.DIFFERENT_SENTENCE if total is None else Verdict.SCORED
    return Score(verdict, total, units=units)


def test_swaps_are_counted_where_both_texts_were_scored(figures: Figures) -> None:
    right = score(90, unit(100.0), unit(70.0))
    swapped = {
        Swap(LARYNGEAL, 0, SENTENCES[0], 0, "ㄱ"): score(80, unit(50.0, "ㄱ", None), unit(70.0)),
        Swap(VOWEL, 1, SENTENCES[0], 1, "ㅏ"): score(90, unit(100.0), unit(70.0, None, None)),
        Swap(CODA, 1, SENTENCES[0], 2, ""): score(None),
    }
    trials = tuple(Trial("a", swap, right, one) for swap, one in swapped.items())
    # What is made of a take refused as it is counts nowhere.
    lost = Trial("b", trials[0].swap, score(None), trials[0].score)
    takes = [
        SwappedTake("a", SENTENCES[0], right, trials),
        SwappedTake("b", SENTENCES[0], score(None), (lost,)),
    ]
    rows = Rows()
    add_swap_rows(rows, NATIVES, takes)
    shown = figures(rows.table(""))
    # 100 and 70 against 50 and 70: three wins and a tie.
    assert shown["natives: AUC, all"] == ("2", "0.875")
    assert shown[f"natives: AUC, {VOWEL}"] == ("1", "0.500")
    assert shown[f"natives: AUC, {CODA}"] == ("0", "-")
    assert shown["natives: AUC against all right units, all"] == ("2", "0.875")
    assert shown["natives: swapped unit red"] == ("2", "50.0 %")
    assert shown["natives: swapped unit at least amber"] == ("2", "100.0 %")
    assert shown["natives: right units at least amber"] == ("2", "50.0 %")
    assert shown["natives: total falls by, mean"] == ("2", "5.0")
    assert shown["natives: swapped text refused"] == ("3", "33.3 %")
    assert shown["natives: right text refused, not counted"] == ("2", "50.0 %")
    assert shown["natives: heard named rightly, of red swaps"] == ("1", "100.0 %")


def test_takes_are_swapped_by_the_product_itself(
    natives: Path, bundle: Path, figures: Figures
) -> None:
    request = Request(bundle, {"korean": natives}, jobs=1)
    shown = figures(swaps_table(request))
    assert shown["natives: right text refused, not counted"][0] == "3"
    assert int(shown["natives: AUC, all"][0]) <= 9
    noisy = figures(noisy_swaps_table(request))
    assert noisy["clean: AUC, all"] == shown["natives: AUC, all"]
    assert "room T60 0.6 s: AUC, all" in noisy
