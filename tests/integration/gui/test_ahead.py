"""What is computed before somebody asks for it: the next sentences, and the score in a pause."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.gui.model import AHEAD
from pronounce_kiosk.scoring.reached import Reached
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
    assert hands.model.result.scored.score.score == scored.score.score
    np.testing.assert_array_equal(hands.model.result.scored.take.samples, scored.take.samples)


@pytest.mark.parametrize("finished", [False, True])
def test_a_pause_inside_the_sentence_is_waited_out(
    make_hands: Callable,
    take: AudioClip,
    engine: PracticeEngine,
    monkeypatch: pytest.MonkeyPatch,
    finished: bool,
) -> None:
    """Two seconds of silence: at the end of the sentence they end the take, within it not."""
    half = len(take.samples) // 2
    rest = np.random.default_rng(0).normal(0, 3e-4, 2 * take.sample_rate_hz).astype(np.float32)
    parts = (take.samples[:half], rest, take.samples[half:])
    hands = make_hands(AudioClip.from_array(np.concatenate(parts), take.sample_rate_hz))
    told: list[AudioClip] = []
    scored: list[AudioClip] = []
    score = engine.scorer.score

    def reached(clip: AudioClip, prepared: object) -> Reached:
        told.append(clip)
        return Reached(1, finished=finished or len(told) > 1)

    def score_and_note(clip: AudioClip, *more: object) -> object:
        scored.append(clip)
        return score(clip, *more)

    monkeypatch.setattr(engine.scorer, "reached", reached, raising=False)
    monkeypatch.setattr(engine.scorer, "score", score_and_note, raising=False)
    # In the middle of the pause the answer is waited for, however slow this machine is.
    hands.microphone.hold_at_s = half / take.sample_rate_hz + 0.6
    hands.open_sentence()
    hands.wait(lambda: hands.model.ready)
    hands.tap(hands.window.practice.record_button)
    hands.wait(lambda: bool(scored))
    hands.microphone.hold_at_s = None
    hands.wait_for(State.RESULT, State.NOT_SCORED)
    spoken_s = take.duration_s + 2.0
    heard_s = hands.model.result.scored.take.duration_s
    assert heard_s < 0.6 * spoken_s if finished else heard_s > take.duration_s
