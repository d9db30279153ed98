"""A scoring is cancelled, the window closed, at many moments: nothing hangs, nothing is left."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from PyQt5.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from pronounce_kiosk import app
from pronounce_kiosk.app import build_kiosk
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.gui import sound
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.states import State
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.speaker import FakeSpeaker

BUSY = (State.RECORD, State.SCORE)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake microphone's time goes by ten times as fast."""
    monkeypatch.setattr(sound, "RECORDING_POLL_MS", 5)


@pytest.mark.usefixtures("fast")
def test_a_scoring_is_cancelled_at_any_moment(
    make_hands: Callable,
    take: AudioClip,
    engine: PracticeEngine,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    moments = random.Random(1)
    hands = make_hands(take)
    model, window = hands.model, hands.window
    hands.wait(lambda: model.ready)
    hands.open_sentence()
    hands.tap(window.practice.record_button)
    hands.wait_for(State.RESULT)
    hands.tap(window.result.next_button)
    left: list[State] = []
    scored: list[object] = []
    real = engine.scorer.score

    def score(*arguments: object) -> object:
        scored.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(engine.scorer, "score", score, raising=False)
    for number in range(30):
        begun = len(scored)
        model.record()
        if number % 2:
            # Into the scoring, however slow the machine is today.
            hands.wait(lambda begun=begun: len(scored) > begun)
        if number:
            qtbot.wait(moments.randrange(0, 200))
        left.append(model.state)
        if number % 4 == 3:
            window.back()
            hands.tap_row(0)
        elif model.state in BUSY:
            model.cancel()
        else:
            model.next()
        assert model.result is None
        assert model.state is State.PROMPT
    assert State.RECORD in left
    # After all that a take is scored as ever.
    window.back()
    hands.tap_row(0)
    hands.tap(window.practice.record_button)
    hands.wait_for(State.RESULT)
    assert model.result.verdict is Verdict.SCORED


@pytest.mark.usefixtures("fast")
def test_the_window_is_closed_at_any_moment(
    take: AudioClip,
    lists: tuple[SentenceList, ...],
    engine: PracticeEngine,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    moments = random.Random(2)
    before = set(threading.enumerate())
    monkeypatch.setattr(app, "build_engine", lambda settings, paths: engine)
    states: set[State] = set()
    for _ in range(18):
        kiosk = build_kiosk(
            SettingsStore(), lists, "en", lambda: FakeMicrophone(take), lambda: FakeSpeaker()
        )
        kiosk.start()
        kiosk.window.show()
        acts: list[Callable[[], object]] = [
            lambda kiosk=kiosk: kiosk.window.open_list(lists[1]),
            lambda kiosk=kiosk: kiosk.model.choose(lists[1], 0),
            lambda kiosk=kiosk: kiosk.model.listen_slowly(),
            lambda kiosk=kiosk: kiosk.model.record(),
        ]
        for act in acts[: moments.randrange(len(acts) + 1)]:
            act()
            qtbot.wait(moments.randrange(0, 20))
        qtbot.wait(moments.randrange(0, 450))
        states.add(kiosk.model.state)
        assert kiosk.close(timeout_ms=60_000)
        kiosk.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)
        qtbot.wait(1)
        assert not kiosk.worker.isRunning()
    assert len(states) >= 3
    left = set(threading.enumerate()) - before
    assert [thread.name for thread in left if not thread.daemon] == []
