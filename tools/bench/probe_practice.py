"""Probes of a kiosk in use: delay of a score, longest block of the window."""

from __future__ import annotations

from typing import Any

from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.session.states import State
from tools.bench.practice import HoldWatch, Learner, ShownWatch, practice

LIST = 6
"""Everyday Korean: sentences of two to four seconds."""


def shown(takes: int) -> dict[str, Any]:
    """Measure the seconds from the declared end of speech to the painted score, for each take."""
    with practice() as learner:
        sentences = learner.model.lists[LIST]
        learner.open(sentences, 0)
        watch = ShownWatch(learner)
        ends: list[str] = []
        while len(ends) < takes:
            row = len(ends) // 5 % (len(sentences.sentences) - 1)
            while learner.model.session.index != row:
                _to_row(learner, sentences, row)
            ends.append(learner.take(sentences.sentences[row]).value)
            learner.rest(0.3)
        learner.home()
    return {"delays_s": watch.delays_s, "ends": ends}


def held(rounds: int) -> dict[str, Any]:
    """Measure the longest blocks of the window's thread, in seconds, for each practice round."""
    longest, clock = [], []
    with practice() as learner:
        watch = HoldWatch()
        sentences = learner.model.lists[LIST]
        for number in range(rounds):
            # Synthesised ahead, not in the window's thread.
            learner.prepare_voice(sentences.sentences[number])
            watch.begin()
            practice_round(learner, sentences, number)
            longest.append(watch.end()[:5])
            clock.append(watch.by_the_clock_s)
    return {"held_s": longest, "by_the_clock_s": clock}


def practice_round(learner: Learner, sentences: SentenceList, row: int) -> None:
    """Go from home through a list, a sentence, both examples, a take and its result, and back."""
    model, window = learner.model, learner.window
    sentence = learner.open(sentences, row)
    for button in (window.practice.left_button, window.practice.slow_button):
        learner.tap(button)
        learner.hear("reference")
        learner.reach(State.PROMPT)
    learner.take(sentence)
    learner.wait(lambda: model.closer is not None, "the closer look")
    learner.tap(window.result.both_button)
    learner.hear("")
    learner.tap(window.result.look_button)
    learner.rest(0.3)
    learner.tap(window.closer.score_button)
    learner.rest(0.1)
    learner.tap(window.result.next_button)
    learner.rest(0.1)
    learner.tap(window.top_bar.language_button)
    learner.rest(0.1)
    learner.home()
    learner.open(sentences, len(sentences.sentences) - 1)
    learner.tap(window.practice.right_button)
    learner.reach(State.SUMMARY)
    learner.rest(1.0)
    learner.home()


def _to_row(learner: Learner, sentences: SentenceList, row: int) -> None:
    learner.home()
    learner.open(sentences, row)
