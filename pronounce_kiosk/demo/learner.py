"""The demonstration: a learner's path through every screen, by real taps and synthetic speech.

espeak-ng speaks, with another voice than the reference's, into the microphone of a private sound
server. Every screen is written as a PNG, the scores as result.json.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QPoint, Qt, QTimer
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QWidget

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import KioskError, ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.demo.sound import VirtualSound
from pronounce_kiosk.demo.sound_page import walk as walk_sound_page
from pronounce_kiosk.demo.teacher import walk as walk_teacher
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.screens.pictured import NotScoredScreen
from pronounce_kiosk.gui.screens.result import ResultScreen
from pronounce_kiosk.gui.view_models import LevelView, ResultView, UnitView
from pronounce_kiosk.gui.window import KioskWindow
from pronounce_kiosk.session.states import State

log = logging.getLogger(__name__)

LEARNERS = {"ko": ("ko+f4", 145, 60), "en": ("en-us+f4", 145, 60)}
"""Voice, words a minute and pitch of the learner by the sentence's language; no scorer uses these
voices for references."""
WAYS = (("ko", "ko-2-everyday", 0, 8), ("en", "en-1-greetings", 6, 7))
"""Interface language, list, row of the sentence to say, row of the one said instead."""
SLIPS = {"ko": "오느른 삼겹싸를 마가싸요", "en": "Thank you berry much."}
"""The sentence with one sound taken for another, by the interface's language."""
NEWCOMERS = {"ko": ("tiger", "ㅁㅣㄴㅅㅜ"), "en": ("owl", "mia")}
"""Animal and keys of the learner's nickname, by the interface's language."""
LOAD_S = 300.0
STEP_S = 120.0
ATTEMPTS = 4


class DemoFailedError(KioskError):
    """A step did not lead to the expected state."""

    key = "demo"


@dataclass
class _Notes:
    """Content of result.json."""

    takes: list[dict[str, Any]] = field(default_factory=list)
    screens: list[dict[str, str]] = field(default_factory=list)


def run_demo(window: KioskWindow, model: KioskModel, sound: VirtualSound, folder: Path) -> bool:
    """Run the demonstration; True where the right sentence scored better, in each language."""
    return _Demo(window, model, sound, folder).run()


class _Demo:
    def __init__(
        self, window: KioskWindow, model: KioskModel, sound: VirtualSound, folder: Path
    ) -> None:
        self._window = window
        self._model = model
        self._sound = sound
        self._folder = folder
        self._notes = _Notes()
        self._language = "ko"
        self._last_list: SentenceList | None = None
        self._level = 0.0
        self._part = ""
        """What the names of the pictures of a part begin with."""
        model.sound.level.connect(self._on_level)
        # Scoring may end at once, so its screen is saved when it appears.
        model.state_changed.connect(self._on_state)

    def run(self) -> bool:
        start = time.monotonic()
        for old in self._folder.glob("[0-9]*-*.png"):
            old.unlink()
        for interface, list_id, row, other_row in WAYS:
            self._speak_interface(interface)
            self._introduce()
            self._practise(self._list(list_id), row, other_row)
            self._mishaps()
            self._teach()
        result = self._result(time.monotonic() - start)
        text = json.dumps(result, ensure_ascii=False, indent=2)
        (self._folder / "result.json").write_text(text + "\n", encoding="utf-8")
        for take in result["takes"]:
            score = take["score"]
            print(f"{take['interface']}  {take['said']}: {score['verdict']} {score['score']}")
        print(f"{len(self._notes.screens)} screens and result.json in {self._folder}")
        return all(take["as_hoped"] for take in result["takes"])

    # ---- steps ----

    def _introduce(self) -> None:
        """Choose an animal and a nickname."""
        window, model = self._window, self._model
        self._shoot("home")
        self._tap(window.top_bar.learner_button)
        self._shoot("learners")
        self._tap(window.sign_in.learners.new_card)
        self._shoot("animals")
        animal, keys = NEWCOMERS[self._language]
        self._tap(window.sign_in.animals.cards[animal])
        for key in keys:
            self._tap(window.sign_in.nickname.keyboard.keys[key])
        self._shoot("nickname")
        self._tap(window.sign_in.nickname.ready_button)
        self._wait(lambda: not model.history.is_guest, "the new learner")

    def _practise(self, sentence_list: SentenceList, row: int, other_row: int) -> None:
        window, model = self._window, self._model
        self._shoot("home-learner")
        self._last_list = sentence_list
        self._tap_card(sentence_list)
        self._shoot("sentences")
        self._tap_row(row)
        self._wait(lambda: model.state is State.PROMPT, "the sentence")
        self._shoot("practice")
        for button, name in (
            (window.practice.said_button, "pronunciation"),
            (window.practice.meaning_button, "meaning"),
        ):
            if button.isVisible():
                self._tap(button)
                self._shoot(name)
        self._tap(window.practice.slow_button)
        self._wait(
            lambda: model.playback.playing == "reference", "the slow example's sound", LOAD_S
        )
        self._shoot("listen-slowly")
        self._tap(window.practice.left_button)
        self._wait(lambda: model.state is State.PROMPT, "the sentence")
        self._tap(window.practice.left_button)
        self._wait(lambda: model.playback.playing == "reference", "the reference's sound", LOAD_S)
        self._shoot("listen")
        self._wait(lambda: model.state is State.PROMPT, "the end of the reference")
        sentence, other = sentence_list.sentences[row], sentence_list.sentences[other_row]
        self._tap(window.practice.record_button)
        self._take(sentence, sentence, "right")
        if model.state is State.RESULT:
            self._tap(window.result.take_button)
            self._wait(lambda: model.playback.playing == "take", "the take's sound")
            self._shoot("playing-mine")
            self._wait(lambda: model.playback.playing == "", "the end of the take")
            self._look_closer()
        self._tap(self._result_screen().again_button)
        self._take(sentence, Sentence("slip", SLIPS[self._language], self._language), "slip")
        if model.result is not None and model.state is State.RESULT:
            self._part = "sound"
            walk_sound_page(window, self._worst(model.result), self)
        self._tap(self._result_screen().again_button)
        self._take(sentence, other, "other")
        self._tap(self._result_screen().next_button)
        self._wait(lambda: model.state is State.PROMPT, "the next sentence")
        self._shoot("next")

    def _result_screen(self) -> ResultScreen | NotScoredScreen:
        scored = self._model.state is State.RESULT
        return self._window.result if scored else self._window.not_scored

    @staticmethod
    def _worst(result: ResultView) -> UnitView:
        scored = [unit for unit in result.units if unit.score is not None]
        return min(scored, key=lambda unit: unit.score or 0.0)

    def _look_closer(self) -> None:
        """Play both voices and a unit of each, and open the comparison."""
        window, model = self._window, self._model
        self._tap(window.result.both_button)
        self._wait(lambda: model.playback.playing == "take", "the take after the example")
        self._shoot("playing-both")
        self._tap(window.result.both_button)
        self._wait(lambda: model.closer is not None, "the closer look", LOAD_S)
        self._shoot("result-ready")
        self._tap(window.result.look_button)
        self._shoot("look")
        columns = window.closer.view.columns()
        if columns:
            unit, left, right = columns[len(columns) // 2]
            where = QPoint(round((left + right) / 2), window.closer.view.height() // 2)
            QTest.mouseClick(window.closer.view.viewport(), Qt.LeftButton, Qt.NoModifier, where)
            self._wait(lambda: model.playback.unit is unit, "a unit's sound")
            self._shoot("look-unit")
            self._wait(lambda: model.playback.playing == "", "the unit's end")
        self._tap(window.closer.score_button)

    def _finish_list(self) -> None:
        """Go to the list's end: what went well and what to practise."""
        window, model = self._window, self._model
        numbers = window.progress.numbers_label
        self._tap_row(window.sentences.model.rowCount() - 1)
        self._wait(lambda: model.state is State.PROMPT, "the last sentence")
        self._tap(window.practice.right_button)
        self._wait(lambda: model.state is State.SUMMARY, "the list's end")
        QTest.qWait(700)
        self._shoot("summary")
        self._tap(window.summary.home_button)
        self._shoot("home-progress")
        window.home.scroll_to(window.home.progress_card)
        QTest.qWait(50)
        self._tap(window.home.progress_card)
        self._wait(lambda: any(c.isdecimal() and c != "0" for c in numbers.text()), "the progress")
        self._shoot("my-progress")
        self._tap(window.top_bar.back_button)
        window.home.scroll_to(window.home.pairs_card)
        QTest.qWait(50)
        self._tap(window.home.pairs_card)
        self._shoot("pairs-menu")
        self._tap(window.top_bar.back_button)

    def _take(self, sentence: Sentence, said: Sentence, what: str) -> None:
        """Record a spoken sentence, wait for the score, note it."""
        model = self._model
        for _ in range(ATTEMPTS):
            if self._recorded(said, what):
                break
            # On a loaded machine the sound server may stall, and the kiosk asks to try again.
            self._tap(self._window.practice.record_button)
        self._wait(lambda: model.state is not State.SCORE, "the score", LOAD_S)
        if model.result is None:
            raise DemoFailedError(f"The take was not scored: {model.error or model.notices.key}.")
        self._shoot(f"result-{what}")
        score = model.result.raw
        best = self._score_of("right")
        points = score.score or 0.0
        self._notes.takes.append(
            {
                "interface": self._language,
                "what": what,
                "sentence": sentence.text,
                "said": said.text,
                "voice": LEARNERS[sentence.language][0],
                "score": score.to_json(),
                "as_hoped": points < best if what == "other" else score.score is not None,
            }
        )

    def _recorded(self, said: Sentence, what: str) -> bool:
        """Record one take to its end; False where the microphone was lost meanwhile."""
        model = self._model
        self._level = 0.0

        def lost() -> bool:
            return model.state is State.PROMPT

        self._wait(lambda: lost() or self._level > 0.0, "the recording")
        if lost():
            return False
        self._sound.speak(self._voice(said), wait=False)
        self._wait(lambda: model.state is not State.RECORD or self._level > 0.5, "the voice")
        QTest.qWait(400)
        if model.state is State.RECORD:
            self._shoot(f"record-{what}")
        # The kiosk ends the take by itself.
        self._wait(lambda: model.state is not State.RECORD, "the end of speech")
        return not lost()

    def _mishaps(self) -> None:
        """Show the error screens: nothing said, no microphone, a failure."""
        window, model = self._window, self._model
        self._tap(window.practice.record_button)
        self._level = 0.0
        self._wait(lambda: self._level > 0.0, "the recording")
        QTest.qWait(1500)
        self._tap(window.practice.record_button)
        self._wait(lambda: model.state in (State.NOT_SCORED, State.RESULT), "the verdict", LOAD_S)
        self._shoot("not-scored")
        self._notices()
        self._tap(window.top_bar.back_button)
        self._shoot("sentences-stars")
        self._finish_list()
        self._tap_card(self._last_list)
        self._tap_row(1)
        self._sound.remove_microphone()
        self._wait(lambda: model.notices.key != "", "the missing microphone's notice")
        self._shoot("no-microphone")
        self._sound.restore_microphone()
        self._wait(lambda: model.notices.key == "", "the microphone to be back")
        # The only simulated event: nothing fails by itself.
        model.fail(ReferenceFailedError("The demo shows what a failure looks like."))
        self._shoot("failsafe")
        self._tap(window.failsafe.home_button)
        self._wait(lambda: model.state is State.CHOOSE, "home")
        # Simulates two minutes without a touch.
        window.idle_timer.start(0)
        self._wait(lambda: model.history.is_guest, "the guest's home")
        self._shoot("home-after-idle")

    def _notices(self) -> None:
        """Show the passing notices: the voice is kept, the room has become louder."""
        window, teacher = self._window, self._window.teacher
        if teacher is None:
            return
        self._tap(self._result_screen().next_button)
        teacher.model.change_settings(keep_takes=True)
        window.top_bar.pass_notice("room")
        self._shoot("kept-and-louder")
        window.top_bar.pass_notice("")
        teacher.model.change_settings(keep_takes=False)

    def _teach(self) -> None:
        """Visit the teacher's pages, behind the PIN."""
        window = self._window
        if window.teacher is None:
            return
        # Idling has restored the default language.
        self._speak_interface(self._language)
        self._tap(window.top_bar.teacher_button)
        self._part = "teacher"
        walk_teacher(window.teacher, self)

    # ---- taps, pictures, speech ----

    def tap(self, widget: QWidget) -> None:
        """Tap a widget; used by the parts that have files of their own."""
        self._tap(widget)

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Wait until done; used by the parts that have files of their own."""
        self._wait(done, what, LOAD_S)

    def speak(self) -> None:
        """Speak the sentence once; used by the teacher's part."""
        lists = [found for found in self._model.lists if found.language == self._language]
        self._sound.speak(self._voice(lists[0].sentences[0]), wait=False)

    def say(self, sentence: Sentence) -> None:
        """Say a sentence once the microphone listens; used by the sound's page."""
        self._level = 0.0
        self._wait(lambda: self._level > 0.0, "the recording")
        self._sound.speak(self._voice(sentence), wait=False)
        self._wait(lambda: self._level > 0.5, "the voice")

    def shoot(self, name: str) -> None:
        """Save a picture of the window; used by the parts that have files of their own."""
        self._shoot(f"{self._part}-{name}")

    def _speak_interface(self, language: str) -> None:
        self._language = language
        button = self._window.top_bar.language_button
        if self._window.language != language:
            self._tap(button)
        self._wait(lambda: self._window.language == language, "the other language")

    def _list(self, list_id: str) -> SentenceList:
        for sentence_list in self._model.lists:
            if sentence_list.id == list_id:
                return sentence_list
        raise DemoFailedError(f"The list {list_id} is missing: check assets/sentences.")

    def _tap(self, widget: QWidget) -> None:
        if not (widget.isVisible() and widget.isEnabled()):
            name = widget.accessibleName() or type(widget).__name__
            raise DemoFailedError(f"“{name}” cannot be tapped in state {self._model.state}.")
        QTest.mouseClick(widget, Qt.LeftButton, Qt.NoModifier, widget.rect().center())
        QTest.qWait(50)

    def _tap_card(self, sentence_list: SentenceList | None) -> None:
        home = self._window.home
        card = next(card for card in home.cards if card.sentence_list is sentence_list)
        home.scroll_to(card)
        QTest.qWait(50)
        self._tap(card)

    def _tap_row(self, row: int) -> None:
        view = self._window.sentences.view
        index = self._window.sentences.model.index(row)
        view.scrollTo(index)
        QTest.qWait(50)
        where: QPoint = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.LeftButton, Qt.NoModifier, where)
        QTest.qWait(50)

    def _voice(self, sentence: Sentence) -> AudioClip:
        from pronounce_kiosk.references.espeak_library import EspeakLibrary

        voice, rate_wpm, pitch = LEARNERS[sentence.language]
        text = sentence.text
        if sentence.language == "ko":
            from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation

            text = sentence.pronunciation or standard_pronunciation(text)
        spoken = EspeakLibrary().speak(text, voice, rate_wpm, pitch)
        return AudioClip.from_array(spoken.samples, spoken.sample_rate_hz)

    def _shoot(self, name: str) -> None:
        QTest.qWait(60)
        self._save(name)

    def _save(self, name: str) -> None:
        number = len(self._notes.screens) + 1
        file = f"{number:03d}-{self._language}-{name}.png"
        if not self._window.grab().save(str(self._folder / file)):
            raise DemoFailedError(f"{self._folder / file} could not be written: check the folder.")
        state = self._model.state.value
        self._notes.screens.append({"file": file, "state": state, "language": self._language})

    def _on_state(self) -> None:
        if self._model.state is State.SCORE:
            QTimer.singleShot(0, lambda: self._save("scoring"))

    def _on_level(self, level: LevelView) -> None:
        # 0 means no level yet, so a silent microphone counts as a little more.
        self._level = max(level.level, 0.001)

    def _wait(self, done: Callable[[], bool], what: str, timeout_s: float = STEP_S) -> None:
        deadline = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > deadline:
                error = f" ({self._model.error})" if self._model.error else ""
                state = self._model.state.value
                raise DemoFailedError(f"The demo waited in vain for {what} in {state}{error}.")
            QTest.qWait(10)

    def _score_of(self, what: str) -> float:
        for take in reversed(self._notes.takes):
            if take["what"] == what:
                return float(take["score"]["score"] or 0.0)
        return 0.0

    def _result(self, seconds: float) -> dict[str, Any]:
        takes = self._notes.takes
        first = {take["what"]: take["score"] for take in reversed(takes)}
        return {
            "right": first["right"],
            "other": first["other"],
            "takes": takes,
            "screens": self._notes.screens,
            "seconds": round(seconds, 1),
        }
