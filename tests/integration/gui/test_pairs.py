"""Minimal pairs with a finger: hear which it is, say it, three right and on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PyQt5.QtCore import Qt

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.gui import pairs as pairs_module
from pronounce_kiosk.gui.practice_base import Activity
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.pairs import STREAK, Step, confusions
from tests.integration.gui.test_layout import (
    LANGUAGES,
    check,
    clipped_texts,
    hard_to_touch,
    nameless,
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeEngine]:
    """The shipped model, with a home that lasts as long as it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        scorer = load_bundle(Paths.default().models_dir / "aligned-2").scorer
        yield PracticeEngine(default_library(Paths.default(), Settings()), scorer)


def said(word: str) -> AudioClip:
    clip = EspeakLibrary().speak(word, "ko+f4", 145)
    room = np.random.default_rng(1).normal(0, 3e-4, clip.sample_rate_hz // 2).astype(np.float32)
    return AudioClip.from_array(np.concatenate([room, clip.samples]), clip.sample_rate_hz)


def open_pairs(hands, language: str = "ko", sounds=("ㅓ", "ㅗ")):  # type: ignore[no-untyped-def]
    """From home by the finger, to the first question."""
    window = hands.window
    window.home.grid.scroll_to(window.home.pairs_card)
    hands.tap(window.home.pairs_card)
    tiles = window.pairs_menu
    hands.tap(tiles.language_buttons[language])
    tile = tiles.tiles[confusions(language).index(sounds)]
    hands.wait(tile.isVisible)
    tiles.grid.scroll_to(tile)
    hands.tap(tile)
    model = window.pairs_model
    hands.wait(lambda: model.activity is Activity.NONE and model.practice is not None)
    return model


def test_heard_then_said_three_times_and_on(
    make_hands: Callable, shipped: PracticeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs_module, "PRAISE_MS", 1)
    hands = make_hands(build=lambda: shipped)
    model = open_pairs(hands)
    screen, speaker = hands.window.pairs, hands.speaker
    first = model.practice.pair
    for _ in range(STREAK):
        practice = model.practice
        hands.wait(lambda: model.practice.step is Step.CHOOSE and speaker.playing)
        hands.tap(screen.cards[practice.target])
        assert practice.step is Step.SAY
        hands.microphone.say(said(practice.pair.words[practice.target]))
        streak = practice.streak
        hands.tap(screen.main_button)
        if streak < STREAK - 1:
            hands.wait(lambda streak=streak: model.practice.streak == streak + 1)
    hands.wait(lambda: model.practice.pair != first)
    assert model.practice.streak == 0


def test_the_other_word_is_told(make_hands: Callable, shipped: PracticeEngine) -> None:
    hands = make_hands(build=lambda: shipped)
    model = open_pairs(hands)
    screen, practice = hands.window.pairs, model.practice
    hands.wait(lambda: hands.speaker.playing)
    # Taken for the other one: both are played, then it is asked anew.
    target, played = practice.target, len(hands.speaker.played)
    hands.tap(screen.cards[1 - target])
    assert practice.step is Step.MISHEARD
    assert practice.pair.words[target] in screen.hint_label.text()
    hands.wait(lambda: len(hands.speaker.played) == played + 1)
    hands.play_out()
    hands.wait(lambda: len(hands.speaker.played) == played + 2)
    hands.tap(screen.main_button)
    assert practice.step is Step.CHOOSE
    hands.tap(screen.cards[practice.target])
    other = practice.pair.words[1 - practice.target]
    hands.microphone.say(said(other))
    hands.tap(screen.main_button)
    hands.wait(lambda: practice.step is Step.MISSAID)
    assert other in screen.hint_label.text()
    assert screen.cards[1 - practice.target].look == "poor"
    # Nothing said.
    hands.microphone.say(AudioClip.from_array(np.zeros(0, np.float32), 16_000))
    hands.tap(screen.main_button)
    hands.wait(lambda: model.activity is Activity.RECORDING)
    hands.tap(screen.main_button)
    hands.wait(lambda: practice.step is Step.UNHEARD)


def test_back_leads_to_where_it_came_from_and_nothing_sounds(make_hands: Callable) -> None:
    hands = make_hands()
    model = open_pairs(hands)
    window = hands.window
    hands.tap(window.top_bar.back_button)
    assert window.stack.currentWidget() is window.pairs_menu
    assert model.practice is None
    hands.wait(lambda: not hands.speaker.playing)
    hands.tap(window.top_bar.back_button)
    assert window.stack.currentWidget() is window.home


def test_a_lost_speaker_stops_nothing(make_hands: Callable, shipped: PracticeEngine) -> None:
    hands = make_hands(build=lambda: shipped)
    hands.speaker.present = False
    model = open_pairs(hands)
    hands.wait(lambda: hands.model.notices.key == "speaker_absent")
    hands.speaker.present = True
    hands.tap(hands.window.pairs.main_button)
    hands.wait(lambda: hands.speaker.playing)
    assert model.practice.step is Step.CHOOSE


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_fits(make_hands: Callable, shipped: PracticeEngine, language: str) -> None:
    hands = make_hands(language=language, build=lambda: shipped)
    window = hands.window
    hands.tap(window.home.pairs_card)
    for learning in LANGUAGES:
        hands.tap(window.pairs_menu.language_buttons[learning])
        hands.wait(window.pairs_menu.tiles[-1].isVisible)
        assert not [*clipped_texts(window), *hard_to_touch(window), *nameless(window)]
    for learning, sounds in (("ko", ("ㄱ", "ㄲ")), ("en", ("F", "P"))):
        window.open_pairs(learning, sounds)
        model = window.pairs_model
        hands.wait(lambda model=model: model.activity is Activity.NONE)
        practice = model.practice
        # The longest words of the table.
        practice.number = len(practice.pairs) - 1
        for step in Step:
            practice.step = step
            for activity in Activity:
                model.activity = activity
                model.changed.emit()
                check(window, f"{learning} {step} {activity}")
        model.activity = Activity.NONE
    assert window.pairs.cards[0].focusPolicy() & Qt.TabFocus
