"""A sound's page with a finger: from a marked unit to the mouth, the word alone and the pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PyQt5.QtCore import Qt

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.score import PhoneScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.gui import theme
from pronounce_kiosk.gui.practice_base import Activity
from pronounce_kiosk.gui.word_practice import EXAMPLE, MINE, MOST_TRIES, Try
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.naming import Advice
from pronounce_kiosk.session.states import State
from pronounce_kiosk.session.visemes import REST, VISEMES
from pronounce_kiosk.session.voices import VARIANTS
from tests.integration.gui.test_layout import LANGUAGES, check, result_of

WRONG = "어느른 삼겹싸를 머거써요"
"""The first everyday sentence with 오 as 어."""
LONGEST = {"ko": "대한민국역사박물관에서", "en": "Incomprehensibilities"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeEngine]:
    """The shipped model, with a home that lasts as long as it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        scorer = load_bundle(Paths.default().models_dir / "aligned-2").scorer
        yield PracticeEngine(default_library(Paths.default(), Settings()), scorer)


def said(text: str, language: str = "ko") -> AudioClip:
    clip = EspeakLibrary().speak(text, "ko+f4" if language == "ko" else "en-us+f4", 145)
    room = np.random.default_rng(1).normal(0, 3e-4, clip.sample_rate_hz // 2).astype(np.float32)
    return AudioClip.from_array(np.concatenate([room, clip.samples]), clip.sample_rate_hz)


def touch(hands, unit) -> None:  # type: ignore[no-untyped-def]
    view = hands.window.result.units_view
    where = view.box_of(unit).center().toPoint()
    hands._qtbot.mouseClick(view.viewport(), Qt.LeftButton, pos=where)


def result(hands, take: AudioClip, list_number: int = 1, row: int = 0) -> None:  # type: ignore[no-untyped-def]
    """From home to a score."""
    hands.open_sentence(list_number, row)
    hands.microphone.say(take)
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT, State.NOT_SCORED)
    assert hands.model.state is State.RESULT
    hands.wait(lambda: hands.model.closer is not None)


def open_page(hands, number: int = 0):  # type: ignore[no-untyped-def]
    """By two touches, to where the example can be heard."""
    unit = next(unit for unit in hands.model.result.units if number in unit.numbers)
    touch(hands, unit)
    hands.wait(lambda: hands.model.playback.unit is unit)
    touch(hands, unit)
    assert hands.window.stack.currentWidget() is hands.window.sound_page
    practice = hands.window.word_practice
    hands.wait(lambda: EXAMPLE in practice.spoken)
    return practice


def say(hands, practice, take: AudioClip) -> None:  # type: ignore[no-untyped-def]
    """Say the word alone and wait for what comes of it."""
    hands.microphone.say(take)
    hands.tap(hands.window.sound_page.record_button)
    hands.wait(lambda: practice.activity is Activity.NONE)


def test_from_a_marked_unit_to_points_of_the_word_alone(
    make_hands: Callable, shipped: PracticeEngine
) -> None:
    hands = make_hands(build=lambda: shipped)
    result(hands, said(WRONG))
    practice, page = open_page(hands), hands.window.sound_page
    assert practice.word.alone.text == "오늘은"
    assert [unit.text for unit in practice.units] == ["오", "늘", "은"]
    in_sentence = practice.tries[0].unit(0).score
    hands.wait(lambda: practice.playback.playing == EXAMPLE)
    hands.play_out()
    hands.wait(lambda: not practice.playback.playing)
    # My own word, as it was in the sentence, is heard beside it.
    hands.tap(page.mine_button)
    assert page.mine_button.property("playing")
    assert not page.example_button.property("playing")
    hands.play_out()
    hands.wait(lambda: not practice.playback.playing)
    sentence_s = hands.speaker.played[-1].duration_s
    for number in (1, 2):
        say(hands, practice, said("오느른"))
        assert len(practice.tries) == number + 1
    assert practice.tries[-1].unit(0).score > in_sentence
    assert practice.advice.key == "unit_good"
    assert page.tries_view.accessibleName().count(",") == 2
    # From now on it is the last try.
    hands.tap(page.mine_button)
    hands.wait(lambda: hands.speaker.playing)
    assert hands.speaker.played[-1].duration_s != sentence_s
    # Another unit of the word is looked at.
    assert page.units_view.targets()[1][0].text == "늘"
    box = page.units_view.box_of(page.units_view.targets()[1][0])
    hands._qtbot.mouseClick(page.units_view.viewport(), Qt.LeftButton, pos=box.center().toPoint())
    assert practice.place == 1
    hands.tap(page.back_button)
    assert hands.window.stack.currentWidget() is hands.window.result
    assert practice.playback.playing == ""
    hands.wait(lambda: not hands.speaker.playing)
    # Whoever comes back finds the tries; with the result they are gone.
    hands.tap(hands.window.result.how_button)
    assert len(practice.tries) == 1
    assert practice.word.alone.text != "오늘은"
    hands.tap(hands.window.top_bar.back_button)
    hands.tap(hands.window.result.next_button)
    assert practice.word is None
    assert practice.tries == ()


def test_the_mouth_follows_the_example(make_hands: Callable, shipped: PracticeEngine) -> None:
    hands = make_hands(build=lambda: shipped)
    result(hands, said(WRONG))
    practice, page = open_page(hands), hands.window.sound_page
    hands.wait(lambda: hands.speaker.playing)
    seen = []
    # 오, ㄴ, ㅡ and the end of 은: at a fifth and three fifths of a unit, as slow as it is said.
    duration_s = hands.speaker.played[-1].duration_s
    for share in (0.05, 0.25, 0.38, 0.97):
        hands.speaker.position_s = share * duration_s
        before = practice.viseme
        hands.wait(lambda before=before: practice.viseme != before)
        picture = page.mouth.pixmap().toImage()
        assert picture == theme.picture(practice.viseme, picture.width(), "visemes").toImage()
        seen.append((practice.viseme, practice.lit))
    assert seen == [("round", 0), ("tongue", 1), ("spread", 1), (REST, 2)]
    # My own voice moves no mouth, but lights the unit.
    played = len(hands.speaker.played)
    hands.tap(page.mine_button)
    hands.wait(lambda: len(hands.speaker.played) > played)
    assert practice.playback.playing == MINE
    hands.speaker.position_s = 0.3
    hands.wait(lambda: practice.lit is not None)
    assert practice.viseme == REST


def test_english_words_and_pairs(make_hands: Callable, shipped: PracticeEngine) -> None:
    hands = make_hands(build=lambda: shipped)
    number = next(n for n, found in enumerate(hands.model.lists) if found.language == "en")
    result(hands, said(hands.model.lists[number].sentences[0].text, "en"), number)
    practice, page = open_page(hands), hands.window.sound_page
    word = practice.word.alone.text
    assert word in hands.model.sentence.text
    assert not page.pairs_button.isVisible()
    say(hands, practice, said(word, "en"))
    assert practice.refused is None
    assert len(practice.tries) == 2
    # A sound that was heard in place of another, for which there are pairs.
    last = practice.tries[-1]
    phones = (PhoneScore("R", 20.0, "L"),)
    unit = replace(last.score.units[0], score=20.0, phones=phones)
    practice.tries = (*practice.tries, Try(last.sentence, replace(last.score, units=(unit,))))
    practice.changed.emit()
    hands.tap(page.pairs_button)
    assert hands.window.stack.currentWidget() is hands.window.pairs
    assert set(hands.window.pairs_model.practice.pair.sounds) == {"R", "L"}
    hands.tap(hands.window.top_bar.back_button)
    assert hands.window.stack.currentWidget() is page
    assert len(practice.tries) == 3


def test_the_word_is_heard_in_the_learner_s_voice(
    make_hands: Callable, shipped: PracticeEngine
) -> None:
    clips = []
    for variant in VARIANTS[:2]:
        hands = make_hands(build=lambda: shipped)
        while hands.model.variant != variant:
            hands.model.voice.next()
        result(hands, said(WRONG))
        open_page(hands)
        hands.wait(lambda hands=hands: hands.speaker.playing)
        clips.append(hands.speaker.played[-1])
    plain, other = clips
    assert not np.array_equal(plain.samples, other.samples)


def test_what_is_not_the_word_is_told(make_hands: Callable, shipped: PracticeEngine) -> None:
    hands = make_hands(build=lambda: shipped)
    result(hands, said(WRONG))
    practice, page = open_page(hands), hands.window.sound_page
    say(hands, practice, said("자전거를 타고 학교에 가요"))
    assert len(practice.tries) == 1
    assert "오늘은" in page.advice_box.label.text()
    hands.microphone.say(AudioClip.from_array(np.zeros(0, np.float32), 16_000))
    hands.tap(page.record_button)
    hands.tap(page.record_button)
    hands.wait(lambda: practice.activity is Activity.NONE)
    assert practice.refused.key in ("silence", "too_short")


def test_idling_forgets_the_tries(make_hands: Callable, shipped: PracticeEngine) -> None:
    hands = make_hands(build=lambda: shipped)
    result(hands, said(WRONG))
    practice = open_page(hands)
    say(hands, practice, said("오느른"))
    hands.window.idle_timer.start(0)
    hands.wait(lambda: hands.window.stack.currentWidget() is hands.window.home)
    assert practice.word is None
    assert MINE not in practice.spoken


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("learning", LANGUAGES)
def test_every_step_fits(make_hands: Callable, language: str, learning: str) -> None:
    """With the longest word and the longest advice there is."""
    hands = make_hands(language=language)
    window, model, practice = hands.window, hands.model, hands.window.word_practice
    sentence = Sentence("x", LONGEST[learning], learning)
    number = next(n for n, found in enumerate(model.lists) if found.language == learning)
    model.choose(model.lists[number], 0)
    model.result = result_of(sentence)
    model.session.state = State.RESULT
    model.state_changed.emit()
    window.open_sound(0)
    sounds = {"ko": ("ㄱ", "ㅋ"), "en": ("R", "L")}[learning]
    first = practice.tries[0]
    for phones in ((), (PhoneScore(sounds[0], 20.0, sounds[1]),)):
        units = tuple(replace(unit, score=20.0, phones=phones) for unit in first.score.units)
        one = replace(first, score=replace(first.score, units=units))
        practice.tries = (one,) * MOST_TRIES
        for verdict in Verdict:
            scored = verdict is Verdict.SCORED
            practice.refused = None if scored else Advice(verdict.value)
            for activity in Activity:
                practice.activity = activity
                practice.changed.emit()
                check(window, f"{verdict} {activity}")
        practice.activity = Activity.NONE
    assert window.sound_page.pairs_button.isVisible()


def test_every_mouth_has_a_picture() -> None:
    folder = Paths.default().assets_dir / "visemes"
    assert {file.stem for file in folder.glob("*.svg")} == set(VISEMES)
