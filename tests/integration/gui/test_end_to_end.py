"""Nothing faked: a real sound server, sounddevice hears what is played, the shipped model scores.

The window is offscreen, the learner's voice espeak-ng's; everything between is what a kiosk runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pronounce_kiosk.app import Kiosk, build_kiosk
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings_store import SettingsStore
from pronounce_kiosk.demo.devices import DemoPower, FolderSticks
from pronounce_kiosk.demo.hands import voice
from pronounce_kiosk.demo.teacher import plug_in
from pronounce_kiosk.devices import microphone
from pronounce_kiosk.gui import sound as gui_sound
from pronounce_kiosk.session.states import State
from tests.fakes.sound import WatchedSound

pytestmark = pytest.mark.timeout(500)
WAIT_MS = 150_000


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost microphone is seen, and forgotten once it is back, in less time than people need."""
    monkeypatch.setattr(gui_sound, "NOTICE_S", 1.0)
    monkeypatch.setattr(microphone, "REST_INTERVAL_S", 1.0)


@pytest.fixture(scope="module")
def sound() -> Iterator[WatchedSound]:
    with WatchedSound() as server, server.applied():
        yield server


@pytest.fixture
def kiosk(sound: WatchedSound, lists: tuple[SentenceList, ...], qtbot: QtBot) -> Iterator[Kiosk]:
    """The real one, with its real model, ready, and a stick in it as the demo's has."""
    sticks = Paths.default().cache_dir / "demo-sticks"
    plug_in(sticks)
    kiosk = build_kiosk(
        SettingsStore(), lists, "ko", sticks=FolderSticks(sticks), power=DemoPower()
    )
    qtbot.addWidget(kiosk.window)
    kiosk.start()
    try:
        with qtbot.waitExposed(kiosk.window, timeout=WAIT_MS):
            kiosk.window.show()
        qtbot.waitUntil(lambda: kiosk.model.ready or kiosk.model.error, timeout=WAIT_MS)
        assert kiosk.model.error is None
        yield kiosk
    finally:
        closed = kiosk.close(timeout_ms=60_000)
    assert closed


@pytest.fixture
def tap(qtbot: QtBot) -> Callable[[QWidget], None]:
    def tap(widget: QWidget) -> None:
        assert widget.isVisible()
        qtbot.mouseClick(widget, Qt.LeftButton)

    return tap


def open_first_sentence(kiosk: Kiosk, tap: Callable[[QWidget], None], qtbot: QtBot) -> Sentence:
    tap(kiosk.window.home.cards[1])
    view = kiosk.window.sentences.view
    where = view.visualRect(kiosk.window.sentences.model.index(0)).center()
    qtbot.mouseClick(view.viewport(), Qt.LeftButton, pos=where)
    assert kiosk.model.state is State.PROMPT
    assert kiosk.model.sentence is not None
    return kiosk.model.sentence


def say(
    kiosk: Kiosk,
    button: QWidget,
    sentence: Sentence,
    sound: WatchedSound,
    tap: Callable[[QWidget], None],
    qtbot: QtBot,
) -> State:
    """Record it by a tap, speak it, and let the kiosk find the end by itself.

    On a machine with no time to spare the sound server stalls, which the kiosk rightly takes for
    a lost microphone; a learner taps once more, and so does this.
    """
    for _ in range(4):
        tap(button)
        _hear_out(kiosk, sentence, sound, qtbot)
        if kiosk.model.state is not State.PROMPT:
            break
        button = kiosk.window.practice.record_button
    return kiosk.model.state


def _hear_out(kiosk: Kiosk, sentence: Sentence, sound: WatchedSound, qtbot: QtBot) -> None:
    model = kiosk.model
    hearing: list[object] = []
    model.level_changed.connect(hearing.append)
    qtbot.waitUntil(lambda: bool(hearing) or model.state is State.PROMPT, timeout=WAIT_MS)
    model.level_changed.disconnect(hearing.append)
    if model.state is State.PROMPT:
        return
    sound.speak(voice(sentence), wait=False)
    ends = (State.RESULT, State.NOT_SCORED, State.PROMPT)
    qtbot.waitUntil(lambda: model.state in ends, timeout=WAIT_MS)


def test_a_learner_s_way(
    kiosk: Kiosk, sound: WatchedSound, tap: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    model, window = kiosk.model, kiosk.window
    sentence = open_first_sentence(kiosk, tap, qtbot)

    # The example is really heard on the speaker.
    played: list[str] = []
    model.playback.changed.connect(played.append)
    with sound.heard_on_speaker() as heard:
        tap(window.practice.left_button)
        qtbot.waitUntil(lambda: played == ["reference", ""], timeout=WAIT_MS)
    assert model.state is State.PROMPT
    assert heard.clip.peak > 0.05

    # Said right: a score on the screen, of a take that is what was said.
    assert say(kiosk, window.practice.record_button, sentence, sound, tap, qtbot) is State.RESULT
    assert model.result is not None
    right = model.result
    assert right.scored.score.score is not None
    assert window.stack.currentWidget() is window.result
    assert right.scored.score.reference is not None
    assert right.scored.score.reference.engine == "espeak"
    assert 1.5 < right.scored.take.duration_s < 5.0

    # Another sentence: clearly less, or not scored at all.
    other = window.sentences.sentence_list.sentences[8]
    say(kiosk, window.result.again_button, other, sound, tap, qtbot)
    assert model.result is not None
    assert (model.result.scored.score.score or 0.0) < right.scored.score.score - 10


def test_the_microphone_is_pulled_out_during_a_take(
    kiosk: Kiosk, sound: WatchedSound, tap: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    model, window = kiosk.model, kiosk.window
    sentence = open_first_sentence(kiosk, tap, qtbot)
    tap(window.practice.record_button)
    levels: list[object] = []
    model.level_changed.connect(levels.append)
    qtbot.waitUntil(lambda: bool(levels), timeout=WAIT_MS)
    sound.remove_microphone()
    try:
        qtbot.waitUntil(lambda: model.state is State.PROMPT, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: window.top_bar.notice.isVisible(), timeout=WAIT_MS)
        assert window.top_bar.notice.text() != ""
        # Trying all the same is no way to break it.
        tap(window.practice.record_button)
        qtbot.waitUntil(lambda: model.state is State.PROMPT, timeout=WAIT_MS)
    finally:
        sound.restore_microphone()
    qtbot.waitUntil(lambda: not window.top_bar.notice.isVisible(), timeout=WAIT_MS)
    assert say(kiosk, window.practice.record_button, sentence, sound, tap, qtbot) is State.RESULT


def test_a_silent_room_is_not_scored(
    kiosk: Kiosk, sound: WatchedSound, tap: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    window, model = kiosk.window, kiosk.model
    open_first_sentence(kiosk, tap, qtbot)
    ends = (State.NOT_SCORED, State.PROMPT)
    levels: list[object] = []
    model.level_changed.connect(levels.append)
    for _ in range(4):  # see `say`
        levels.clear()
        tap(window.practice.record_button)
        qtbot.waitUntil(lambda: len(levels) > 40 or model.state in ends, timeout=WAIT_MS)
        if model.state is State.RECORD:
            tap(window.practice.record_button)
        qtbot.waitUntil(lambda: model.state in ends, timeout=WAIT_MS)
        if model.state is State.NOT_SCORED:
            break
    assert model.result is not None
    assert model.result.verdict is Verdict.SILENCE
