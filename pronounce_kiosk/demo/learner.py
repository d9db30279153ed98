"""The demonstration: a learner's path through every screen, by real taps and synthetic speech.

espeak-ng speaks, with another voice than the reference's, into the microphone of a private sound
server. Every screen is written as a PNG, the scores as result.json.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QPoint, QTimer

from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.demo import sound_page, teacher
from pronounce_kiosk.demo.hands import ATTEMPTS, VOICES, DemoFailedError, Hands
from pronounce_kiosk.demo.sound import VirtualSound
from pronounce_kiosk.gui.model import KioskModel
from pronounce_kiosk.gui.screens.pictured import NotScoredScreen
from pronounce_kiosk.gui.screens.result import ResultScreen
from pronounce_kiosk.gui.window import KioskWindow
from pronounce_kiosk.session.states import State


@dataclass(frozen=True)
class Way:
    """What a learner does in one language of the interface.

    Attributes:
        row: The sentence to say, in the list.
        other_row: The sentence said instead.
        slip: The sentence with one sound taken for another.
        animal: The learner's, with the keys of the nickname.
    """

    language: str
    list_id: str
    row: int
    other_row: int
    slip: str
    animal: str
    keys: str


WAYS = (
    Way("ko", "ko-2-everyday", 0, 8, "오느른 삼겹싸를 마가싸요", "tiger", "ㅁㅣㄴㅅㅜ"),
    Way("en", "en-1-greetings", 6, 7, "Thank you berry much.", "owl", "mia"),
)


def run_demo(window: KioskWindow, model: KioskModel, sound: VirtualSound, folder: Path) -> bool:
    """Run the demonstration; True where the right sentence scored better, in each language."""
    start = time.monotonic()
    for old in folder.glob("[0-9]*-*.png"):
        old.unlink()
    hands = Hands(window, model, sound, folder)

    def on_state() -> None:
        # Scoring may end at once, so its screen is saved when it appears.
        if model.state is State.SCORE:
            QTimer.singleShot(0, lambda: hands.save("scoring"))

    model.state_changed.connect(on_state)
    takes: list[dict[str, Any]] = []
    for way in WAYS:
        hands.choose_language(way.language)
        sentence_list = _list(model, way.list_id)
        _introduce(hands, way)
        takes += _practise(hands, way, sentence_list)
        _end_badly(hands, sentence_list)
        _teach(hands, way)
    for take in takes:
        score = take["score"]
        print(f"{take['interface']}  {take['said']}: {score['verdict']} {score['score']}")
    result = {
        "right": takes[0]["score"],
        "other": takes[2]["score"],
        "takes": takes,
        "screens": hands.screens,
        "seconds": round(time.monotonic() - start, 1),
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(hands.screens)} screens and result.json in {folder}")
    return all(take["as_hoped"] for take in takes)


def _list(model: KioskModel, list_id: str) -> SentenceList:
    for sentence_list in model.lists:
        if sentence_list.id == list_id:
            return sentence_list
    raise DemoFailedError(f"The list {list_id} is missing: check assets/sentences.")


def _introduce(hands: Hands, way: Way) -> None:
    """Choose an animal and a nickname."""
    sign_in = hands.window.sign_in
    hands.shoot("home")
    hands.tap(hands.window.top_bar.learner_button, "learners")
    hands.tap(sign_in.learners.new_card, "animals")
    hands.tap(sign_in.animals.cards[way.animal])
    for key in way.keys:
        hands.tap(sign_in.nickname.keyboard.keys[key])
    hands.shoot("nickname")
    hands.tap(sign_in.nickname.ready_button)
    hands.wait(lambda: not hands.model.history.is_guest, "the new learner", "home-learner")


def _practise(hands: Hands, way: Way, sentence_list: SentenceList) -> list[dict[str, Any]]:
    """Listen to a sentence, and say it right, with a slip, and another one."""
    window, model = hands.window, hands.model
    practice = window.practice
    sentence, other = (sentence_list.sentences[row] for row in (way.row, way.other_row))
    hands.tap_list(sentence_list, "sentences")
    hands.tap_row(window.sentences.view, way.row)
    hands.reach(State.PROMPT, "practice")
    for button, name in (
        (practice.said_button, "pronunciation"),
        (practice.meaning_button, "meaning"),
    ):
        if button.isVisible():
            hands.tap(button, name)
    hands.tap(practice.slow_button)
    hands.hear("reference", "listen-slowly")
    hands.tap(practice.left_button)
    hands.reach(State.PROMPT)
    hands.tap(practice.left_button)
    hands.hear("reference", "listen")
    hands.reach(State.PROMPT)
    hands.tap(practice.record_button)
    right = _take(hands, sentence, sentence, "right")
    if model.state is State.RESULT:
        hands.tap(window.result.take_button)
        hands.hear("take", "playing-mine")
        hands.hear("")
        _look_closer(hands)
    hands.tap(_result_screen(hands).again_button)
    slip = _take(hands, sentence, Sentence("slip", way.slip, way.language), "slip")
    if model.result is not None and model.state is State.RESULT:
        scored = [unit for unit in model.result.units if unit.score is not None]
        sound_page.walk(hands, min(scored, key=lambda unit: unit.score or 0.0))
    hands.tap(_result_screen(hands).again_button)
    far = _take(hands, sentence, other, "other")
    far["as_hoped"] = (far["score"]["score"] or 0.0) < (right["score"]["score"] or 0.0)
    hands.tap(_result_screen(hands).next_button)
    hands.reach(State.PROMPT, "next")
    return [right, slip, far]


def _result_screen(hands: Hands) -> ResultScreen | NotScoredScreen:
    scored = hands.model.state is State.RESULT
    return hands.window.result if scored else hands.window.not_scored


def _take(hands: Hands, sentence: Sentence, said: Sentence, what: str) -> dict[str, Any]:
    """Record a spoken sentence, wait for the score, note it."""
    model = hands.model
    for _ in range(ATTEMPTS):
        if hands.say(said, lambda: model.state is not State.RECORD):
            hands.rest(0.4)
            if model.state is State.RECORD:
                hands.shoot(f"record-{what}")
            # The kiosk ends the take by itself.
            hands.wait(lambda: model.state is not State.RECORD, "the end of speech")
        if model.state is not State.PROMPT:
            break
        # On a loaded machine the sound server may stall, and the kiosk asks to try again.
        hands.tap(hands.window.practice.record_button)
    hands.wait(lambda: model.state is not State.SCORE, "the score")
    if model.result is None:
        raise DemoFailedError(f"The take was not scored: {model.error or model.notices.key}.")
    hands.shoot(f"result-{what}")
    score = model.result.scored.score
    return {
        "interface": hands.language,
        "what": what,
        "sentence": sentence.text,
        "said": said.text,
        "voice": VOICES[sentence.language],
        "score": score.to_json(),
        "as_hoped": score.score is not None,
    }


def _look_closer(hands: Hands) -> None:
    """Play both voices and a unit of each, and open the comparison."""
    result, closer, model = hands.window.result, hands.window.closer, hands.model
    hands.tap(result.both_button)
    hands.hear("take", "playing-both")
    hands.tap(result.both_button)
    hands.wait(lambda: model.closer is not None, "the closer look", "result-ready")
    hands.tap(result.look_button, "look")
    columns = closer.view.columns()
    if columns:
        unit, left, right = columns[len(columns) // 2]
        where = QPoint(round((left + right) / 2), closer.view.height() // 2)
        hands.tap_at(closer.view, where)
        hands.wait(lambda: model.playback.unit is unit, "a unit's sound", "look-unit")
        hands.hear("")
    hands.tap(closer.score_button)


def _end_badly(hands: Hands, sentence_list: SentenceList) -> None:
    """Say nothing, reach the list's end, and meet each error screen."""
    window, model = hands.window, hands.model
    hands.tap(window.practice.record_button)
    hands.level = 0.0
    hands.wait(lambda: hands.level > 0.0, "the recording")
    hands.rest(1.5)
    hands.tap(window.practice.record_button)
    ends = (State.NOT_SCORED, State.RESULT)
    hands.wait(lambda: model.state in ends, "the verdict", "not-scored")
    _see_notices(hands)
    hands.tap(window.top_bar.back_button, "sentences-stars")
    _finish_list(hands)
    hands.tap_list(sentence_list)
    hands.tap_row(window.sentences.view, 1)
    hands.sound.remove_microphone()
    hands.wait(lambda: model.notices.key != "", "the microphone's notice", "no-microphone")
    hands.sound.restore_microphone()
    hands.wait(lambda: model.notices.key == "", "the microphone to be back")
    # The only simulated event: nothing fails by itself.
    model.fail(ReferenceFailedError("The demo shows what a failure looks like."))
    hands.shoot("failsafe")
    hands.tap(window.failsafe.home_button)
    hands.reach(State.CHOOSE)
    # Simulates two minutes without a touch.
    window.idle_timer.start(0)
    hands.wait(lambda: model.history.is_guest, "the guest's home", "home-after-idle")


def _see_notices(hands: Hands) -> None:
    """Show the passing notices: the voice is kept, the room has become louder."""
    window, area = hands.window, hands.window.teacher
    hands.tap(_result_screen(hands).next_button)
    area.model.change_settings(keep_takes=True)
    window.top_bar.pass_notice("room")
    hands.shoot("kept-and-louder")
    window.top_bar.pass_notice("")
    area.model.change_settings(keep_takes=False)


def _finish_list(hands: Hands) -> None:
    """Go to the list's end: what went well and what to practise."""
    window = hands.window
    numbers = window.progress.numbers_label
    hands.tap_row(window.sentences.view, window.sentences.model.rowCount() - 1)
    hands.reach(State.PROMPT)
    hands.tap(window.practice.right_button)
    hands.reach(State.SUMMARY)
    hands.rest(0.7)
    hands.shoot("summary")
    hands.tap(window.summary.home_button, "home-progress")
    hands.tap_card(window.home.progress_card)
    known = "123456789"
    hands.wait(lambda: any(c in known for c in numbers.text()), "the progress", "my-progress")
    hands.tap(window.top_bar.back_button)
    hands.tap_card(window.home.pairs_card, "pairs-menu")
    hands.tap(window.top_bar.back_button)


def _teach(hands: Hands, way: Way) -> None:
    """Visit the teacher's pages, behind the PIN."""
    # Idling has restored the default language.
    hands.choose_language(way.language)
    hands.tap(hands.window.top_bar.teacher_button)
    teacher.walk(hands, hands.window.teacher)
