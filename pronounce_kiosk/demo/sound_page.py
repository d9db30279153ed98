"""The demonstration of a sound's page and of minimal pairs, by real taps."""

from pronounce_kiosk.demo.hands import Hands
from pronounce_kiosk.gui.practice_base import Activity
from pronounce_kiosk.gui.view_models import UnitView
from pronounce_kiosk.gui.word_practice import EXAMPLE, MINE
from pronounce_kiosk.session.pairs import Step
from pronounce_kiosk.session.visemes import REST

TRIES = 2


def walk(hands: Hands, unit: UnitView) -> None:
    """Open a unit's page from the result, practise its word, and come back to the result."""
    window = hands.window
    view, practice, page = window.result.units_view, window.word_practice, window.sound_page
    hands.part = "sound-"
    for _ in range(2):
        box = view.box_of(unit)
        if box is not None:
            hands.tap_at(view, box.center().toPoint())
        hands.rest(0.4)
    hands.wait(
        lambda: practice.playback.playing == EXAMPLE and practice.viseme != REST,
        "the mouth",
        "example",
    )
    hands.wait(lambda: practice.playback.playing == "", "the example's end")
    hands.wait(lambda: MINE in practice.spoken, "the learner's word")
    hands.tap(page.mine_button)
    hands.wait(lambda: practice.lit is not None, "the learner's word", "mine")
    hands.wait(lambda: practice.playback.playing == "", "the take's end")
    word = practice.word
    assert word is not None
    for number in range(1, TRIES + 1):
        hands.say_into(
            page.record_button, word.alone, lambda: practice.activity is not Activity.RECORDING
        )
        hands.shoot(f"record-{number}")
        hands.wait(lambda: practice.activity is Activity.NONE, "the word's points", f"try-{number}")
    if page.pairs_button.isVisible():
        hands.tap(page.pairs_button)
        _tell_apart(hands)
    hands.part = ""
    hands.tap(page.back_button)


def _tell_apart(hands: Hands) -> None:
    """Choose the word that is heard, say it, and go back to the sound's page."""
    screen, model = hands.window.pairs, hands.window.pairs_model
    hands.wait(lambda: model.activity is Activity.NONE, "the two words")
    practice = model.practice
    assert practice is not None
    if practice.step is Step.CHOOSE:
        hands.shoot("pairs-choose")
        hands.tap(screen.cards[practice.target])
    hands.shoot("pairs-say")
    said = practice.pair.sentence(practice.target)
    recording = Activity.RECORDING
    hands.say_into(screen.main_button, said, lambda: model.activity is not recording)
    hands.shoot("pairs-record")
    busy = (recording, Activity.JUDGING)
    hands.wait(lambda: model.activity not in busy, "what was heard", "pairs-heard")
    hands.tap(hands.window.top_bar.back_button)
