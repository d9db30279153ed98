"""What is computed before somebody asks for it: the next sentences, and the score in a pause."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui.model import AHEAD
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.states import State


@pytest.fixture
def prepared(engine: PracticeEngine, monkeypatch: pytest.MonkeyPatch) -> list[Sentence]:
    """The sentences the scorer prepared, in order."""
    seen: list[Sentence] = []
    real = engine.scorer.prepare

    def prepare(sentence: Sentence, references: object) -> object:
        seen.append(sentence)
        return real(sentence, references)

    monkeypatch.setattr(engine.scorer, "prepare", prepare, raising=False)
    return seen


def test_sentences_are_prepared_before_they_are_asked_for(
    make_hands: Callable, lists: tuple[SentenceList, ...], prepared: list[Sentence]
) -> None:
    hands = make_hands()
    hands.wait(lambda: hands.model.ready)
    sentences = lists[1].sentences
    hands.tap(hands.window.home.cards[1])
    hands.wait(lambda: len(prepared) == AHEAD)
    assert prepared == list(sentences[:AHEAD])
    # Further down the list: that one at once, then those after it.
    hands.tap_row(7)
    hands.wait(lambda: len(prepared) == 2 * AHEAD)
    assert prepared[AHEAD:] == list(sentences[7 : 7 + AHEAD])
    hands.tap(hands.window.practice.right_button)
    hands.wait(lambda: len(prepared) == 2 * AHEAD + 1)
    assert prepared[-1] == sentences[7 + AHEAD]


def test_a_take_is_scored_once_in_the_pause_that_ends_it(
    make_hands: Callable, take: AudioClip, engine: PracticeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[AudioClip] = []
    recordings: list[AudioClip] = []
    real = engine.scorer.score
    hands = make_hands(take)

    def score(clip: AudioClip, *more: object) -> object:
        heard.append(clip)
        return real(clip, *more)

    monkeypatch.setattr(engine.scorer, "score", score, raising=False)
    hands.kiosk.sound.recorded.connect(lambda request, clip: recordings.append(clip))
    hands.wait(lambda: hands.model.ready)
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)
    # What was recorded until the end was declared is never scored; what is shown is the pause's.
    assert all(len(clip.samples) < len(recordings[0].samples) for clip in heard)
    scored = real(heard[-1], engine.prepare(hands.model.sentence), None)
    assert hands.model.result.raw.score == scored.score.score
    np.testing.assert_array_equal(hands.model.result.take.samples, scored.take.samples)
