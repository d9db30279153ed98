"""Slowly: two speeds from one button, and what is being said is marked in the sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pronounce_kiosk.gui.widgets.labels import lit_columns
from pronounce_kiosk.session.states import State


def test_the_tortoise_gives_one_speed_then_the_other(make_hands: Callable) -> None:
    hands = make_hands()
    hands.open_sentence(1, 0)
    practice, model, speaker = hands.window.practice, hands.model, hands.speaker
    assert practice.slow_button.text() == "Slowly"
    hands.tap(practice.slow_button)
    hands.wait(lambda: len(speaker.played) == 1)
    # While it plays, a tap goes on to word by word.
    assert model.state is State.LISTEN
    assert practice.slow_button.text() == "By words"
    hands.tap(practice.slow_button)
    hands.wait(lambda: len(speaker.played) == 2)
    slow, apart = speaker.played
    assert apart.duration_s > slow.duration_s + 0.3
    hands.play_out()
    hands.wait_for(State.PROMPT)
    assert practice.slow_button.text() == "Slowly"
    hands.tap(practice.slow_button)
    hands.wait(lambda: len(speaker.played) == 3)
    assert speaker.played[2].duration_s == pytest.approx(slow.duration_s)
    hands.tap(practice.right_button)
    assert practice.slow_button.text() == "Slowly", "a new sentence begins with the first speed"


def test_what_is_being_said_is_marked(make_hands: Callable) -> None:
    hands = make_hands()
    hands.open_sentence(1, 0)
    model, speaker = hands.model, hands.speaker
    text, label = model.sentence.text, hands.window.practice.sentence_label
    hands.tap(hands.window.practice.left_button)
    hands.wait(lambda: speaker.playing)
    seen = []
    for share in (0.05, 0.5, 0.9):
        speaker.position_s = share * speaker.played[0].duration_s
        before = label.lit
        hands.wait(lambda before=before: label.lit != before)
        seen.append(text[slice(*label.lit)])
    assert seen[0] == text[0]
    assert text.index(seen[0]) < text.index(seen[1]) < text.rindex(seen[2])
    hands.play_out()
    hands.wait_for(State.PROMPT)
    assert label.lit is None


@pytest.mark.parametrize(
    ("characters", "found"),
    [
        ((0, 2), {0: (0, 2)}),
        ((3, 5), {0: (3, 5)}),
        ((6, 8), {1: (0, 2)}),
        ((3, 8), {0: (3, 5), 1: (0, 2)}),
        (None, {}),
    ],
)
def test_characters_are_found_in_broken_lines(
    characters: tuple[int, int] | None, found: dict[int, tuple[int, int]]
) -> None:
    assert lit_columns("가나 다라 마바", ("가나 다라", "마바"), characters) == found
