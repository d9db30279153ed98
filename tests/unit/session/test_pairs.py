"""Minimal pairs: the table, the rounds, and what the engine hears."""

from __future__ import annotations

import random

from pronounce_kiosk.language.korean.jamo import PHONES, jamo_phones
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.phones import ENGLISH_PHONES
from pronounce_kiosk.session.pairs import (
    STREAK,
    Pair,
    PairPractice,
    Step,
    all_pairs,
    confusions,
    pairs_of,
)

LIGHT = Pair("en", ("R", "L"), ("right", "light"))


def test_the_table_has_enough_of_everything() -> None:
    assert len(all_pairs()) >= 40
    korean, english = confusions("ko"), confusions("en")
    for group in ("ㄷㄸㅌ", "ㅂㅃㅍ", "ㅈㅉㅊ", "ㄱㄲㅋ"):
        assert sum(set(sounds) <= set(group) for sounds in korean) == 3, group
    wanted = [("ㅓ", "ㅗ"), ("ㅡ", "ㅜ"), ("ㅏ", "ㅓ"), ("ㅅ", "ㅆ"), ("ㄴ", "ㄹ"), ("ㄴ_", "ㅇ_")]
    assert set(wanted) <= set(korean)
    assert {("R", "L"), ("TH", "S"), ("F", "P"), ("V", "B"), ("Z", "JH"), ("IH", "IY")} <= set(
        english
    )


def test_the_words_of_a_korean_pair_differ_in_their_two_sounds_alone() -> None:
    for pair in all_pairs():
        if pair.language == "en":
            assert set(pair.sounds) <= set(ENGLISH_PHONES)
            continue
        assert set(pair.sounds) <= set(PHONES)
        both = [
            [phone for phone, _ in jamo_phones(standard_pronunciation(word))] for word in pair.words
        ]
        assert len(both[0]) == len(both[1]), pair
        differing = [(a, b) for a, b in zip(*both, strict=True) if a != b]
        assert differing == [pair.sounds], pair


def test_pairs_are_found_in_either_order() -> None:
    assert pairs_of("ko", ("ㄸ", "ㄷ")) == pairs_of("ko", ("ㄷ", "ㄸ")) != ()
    assert pairs_of("en", ("R", "S")) == ()
    assert LIGHT in pairs_of("en", ("L", "R"))


def practice(hearable: bool = True) -> PairPractice:
    made = PairPractice((LIGHT, LIGHT), _random=random.Random(1))
    made.begin(hearable)
    return made


def test_three_rounds_right_lead_on() -> None:
    rounds = practice()
    for number in range(STREAK):
        assert rounds.step is Step.CHOOSE
        assert not rounds.done
        rounds.choose(rounds.target)
        assert rounds.step is Step.SAY
        rounds.hear(2.0)
        assert rounds.step is Step.RIGHT
        assert rounds.streak == number + 1
        if not rounds.done:
            rounds.again()
    assert rounds.done
    rounds.next_pair()
    assert rounds.number == 1
    rounds.next_pair()
    assert rounds.number == 0, "after the last one, the first"


def test_what_is_wrong_begins_the_streak_anew() -> None:
    rounds = practice()
    rounds.choose(rounds.target)
    rounds.hear(1.0)
    rounds.again()
    rounds.choose(1 - rounds.target)
    assert rounds.step is Step.MISHEARD
    assert rounds.chosen == 1 - rounds.target
    assert rounds.streak == 0
    rounds.again()
    rounds.choose(rounds.target)
    target = rounds.target
    rounds.hear(-0.1)
    assert rounds.step is Step.MISSAID
    rounds.hear(None)
    assert rounds.step is Step.UNHEARD
    assert rounds.target == target, "the same word is said again"
    rounds.hear(0.1)
    assert (rounds.step, rounds.streak) == (Step.RIGHT, 1)


def test_silence_leaves_the_streak() -> None:
    rounds = practice(hearable=False)
    rounds.hear(1.0)
    rounds.again()
    rounds.hear(None)
    assert rounds.streak == 1


def test_nothing_is_judged_that_was_not_asked() -> None:
    rounds = practice()
    rounds.hear(5.0)
    assert rounds.step is Step.CHOOSE
    rounds.choose(rounds.target)
    rounds.choose(1 - rounds.target)
    assert rounds.step is Step.SAY


def test_a_pair_that_no_voice_says_apart_is_only_said() -> None:
    rounds = practice(hearable=False)
    assert rounds.step is Step.SAY
    rounds.hear(1.0)
    rounds.again()
    assert rounds.step is Step.SAY


def test_both_words_come_and_none_four_times_running() -> None:
    rounds = practice()
    targets = []
    for _ in range(200):
        targets.append(rounds.target)
        rounds.again()
    assert {0, 1} == set(targets)
    runs = "".join(map(str, targets))
    assert "0000" not in runs
    assert "1111" not in runs
