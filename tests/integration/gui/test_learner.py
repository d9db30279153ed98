"""Who practises, what is kept of it, how they stand, and that a guest is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, QRect, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QScrollArea

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import HistoryError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.gui import messages
from pronounce_kiosk.history.records import Attempt, NewAttempt, SentenceName, namesakes
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.history.unsaved import keep_take
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.states import State


def kept() -> tuple[Attempt, ...]:
    """What lies on the disk, seen by another program."""
    with HistoryStore(Paths.default().data_dir) as store:
        return store.attempts()


def score_one(hands) -> None:  # type: ignore[no-untyped-def]
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)


def test_an_attempt_is_on_the_disk_before_its_score_is_shown(
    make_hands: Callable, take: AudioClip
) -> None:
    hands = make_hands(take)
    seen: list[int] = []

    def look() -> None:
        if hands.model.state is State.RESULT:
            seen.append(len(kept()))

    hands.model.state_changed.connect(look)
    score_one(hands)
    assert seen == [1]
    (attempt,) = kept()
    assert attempt.score.score == pytest.approx(hands.model.result.scored.score.score)
    assert attempt.sentence.text == hands.model.result.sentence.text
    assert attempt.take_file == ""


def test_what_was_not_scored_is_kept_too(make_hands: Callable) -> None:
    hands = make_hands()
    hands.microphone.hold_at_s = 1.0
    hands.open_sentence()
    hands.tap(hands.window.practice.record_button)
    hands.wait(lambda: hands.window.practice.meter.isVisible())
    hands.wait(lambda: hands.microphone.holding)
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.NOT_SCORED)
    assert [one.score.verdict for one in kept()] == [Verdict.SILENCE]


def test_a_new_learner_practises_and_comes_back(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take, language="ko")
    window = hands.window
    hands.tap(window.top_bar.learner_button)
    hands.tap(window.sign_in.learners.new_card)
    hands.tap(window.sign_in.animals.cards["owl"])
    for key in "ㅁㅣㄴㅅㅜ":
        hands.tap(window.sign_in.nickname.keyboard.keys[key])
    assert window.sign_in.nickname.name_label.text() == "민수"
    hands.tap(window.sign_in.nickname.ready_button)
    assert window.stack.currentWidget() is window.home
    hands.wait(lambda: not hands.model.history.is_guest)
    assert "민수" in window.top_bar.learner_button.text()
    score_one(hands)
    hands.tap(window.top_bar.back_button)
    hands.tap(window.top_bar.back_button)
    card = window.home.cards[1]
    assert card.progress.progress.done == 1
    # Somebody else, then the first one again.
    hands.tap(window.top_bar.learner_button)
    hands.tap(window.sign_in.learners.guest_card)
    hands.wait(lambda: card.progress.progress.done == 0)
    hands.tap(window.top_bar.learner_button)
    hands.wait(lambda: len(window.sign_in.learners.cards) == 1)
    hands.tap(window.sign_in.learners.cards[0])
    hands.wait(lambda: card.progress.progress.done == 1)


def test_a_nickname_is_not_needed_and_not_long(make_hands: Callable) -> None:
    hands = make_hands()
    window = hands.window
    hands.tap(window.top_bar.learner_button)
    hands.tap(window.sign_in.learners.new_card)
    hands.tap(window.sign_in.animals.cards["pig"])
    for _ in range(30):
        hands.tap(window.sign_in.nickname.keyboard.keys["a"])
    assert len(window.sign_in.nickname.name_label.text()) <= 12
    hands.tap(window.top_bar.back_button)
    hands.tap(window.sign_in.animals.cards["fox"])
    hands.tap(window.sign_in.nickname.ready_button)
    hands.wait(lambda: not hands.model.history.is_guest)
    assert "Fox" in window.top_bar.learner_button.text()
    hands.tap(window.top_bar.language_button)
    hands.wait(lambda: "여우" in window.top_bar.learner_button.text())


def test_a_second_child_with_the_same_animal_is_asked_and_gets_a_profile_of_its_own(
    make_hands: Callable,
) -> None:
    hands = make_hands()
    window, history = hands.window, hands.model.history

    def introduce(nickname: str) -> None:
        hands.tap(window.top_bar.learner_button)
        hands.tap(window.sign_in.learners.new_card)
        hands.tap(window.sign_in.animals.cards["tiger"])
        for key in nickname:
            hands.tap(window.sign_in.nickname.keyboard.keys[key])
        hands.tap(window.sign_in.nickname.ready_button)

    def name() -> str:
        return window.top_bar.learner_button.text().strip()

    introduce("")
    hands.wait(lambda: len(history.learners) == 1)
    first = history.learner
    introduce("")
    assert window.stack.currentWidget() is window.sign_in.taken
    assert window.top_bar.title.text() == "Tiger is taken. Is that you?"
    hands.tap(window.top_bar.back_button)
    assert window.stack.currentWidget() is window.sign_in.nickname
    hands.tap(window.sign_in.nickname.ready_button)
    hands.tap(window.sign_in.taken.new_card)
    assert window.stack.currentWidget() is window.home
    hands.wait(lambda: len(history.learners) == 2)
    assert name() == "Tiger 2"
    assert history.learner != first
    introduce("")
    assert len(window.sign_in.taken.cards) == 2
    hands.tap(window.sign_in.taken.cards[0])
    assert (name(), history.learner) == ("Tiger", first)
    introduce("a")
    hands.wait(lambda: len(history.learners) == 3)
    introduce("a")
    assert window.top_bar.title.text() == "a is taken. Is that you?"
    hands.tap(window.sign_in.taken.cards[0])
    assert name() == "a"
    # Two touches at once are one.
    history.create("", "fox")
    history.create("", "fox")
    hands.wait(lambda: len(history.learners) == 4)
    assert len(namesakes(history.learners, "", "fox")) == 1


def test_idle_goes_home_and_forgets_the_guest(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take)
    window, history = hands.window, hands.model.history
    score_one(hands)
    first = history.learner
    assert first is not None
    assert first.guest
    hands.wait(lambda: bool(history.bests))
    window.idle_timer.setInterval(30)
    window.idle_timer.start()
    hands.wait(lambda: window.stack.currentWidget() is window.home)
    assert hands.model.state is State.CHOOSE
    assert history.learner is None
    assert history.bests == {}
    hands.wait(lambda: kept() == ())
    # The next guest is somebody else and sees nothing of it.
    score_one(hands)
    assert history.learner != first
    assert len(hands.model.past.bars) == 1
    assert hands.model.past.best == hands.model.past.bars[0].score


def test_somebody_else_finds_every_list_at_its_start(make_hands: Callable) -> None:
    hands = make_hands()
    window = hands.window
    window.home.set_lists([*hands.model.lists] * 4)
    area = window.home.findChild(QScrollArea).verticalScrollBar()
    rows = window.sentences.view.verticalScrollBar()
    hands.wait(lambda: window.home.cards[1].isVisible())
    hands.tap(window.home.cards[1])
    hands.wait(lambda: rows.maximum() > 0)
    rows.setValue(rows.maximum())
    hands.tap(window.top_bar.back_button)
    hands.wait(lambda: area.maximum() > 0)
    area.setValue(area.maximum())
    hands.tap(window.top_bar.learner_button)
    hands.tap(window.sign_in.learners.guest_card)
    assert (area.value(), rows.value()) == (0, 0)


def test_the_signs_are_explained_once_and_on_demand(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take)
    window, result = hands.window, hands.window.result
    score_one(hands)
    assert result.legend.isVisible()
    hands.tap(result.again_button)
    hands.wait_for(State.RESULT)
    assert not result.legend.isVisible()
    hands.tap(result.legend_button)
    assert result.legend.isVisible()
    hands.tap(result.legend_button)
    assert not result.legend.isVisible()
    # Somebody else has not seen it.
    for _ in range(2):
        hands.tap(window.top_bar.back_button)
    hands.tap(window.top_bar.learner_button)
    hands.tap(window.sign_in.learners.guest_card)
    score_one(hands)
    assert result.legend.isVisible()


def test_language_and_volume_are_kept_for_each_learner(
    make_hands: Callable, take: AudioClip
) -> None:
    hands = make_hands(take, language="en")
    window, history = hands.window, hands.model.history
    bar, speaker = window.top_bar, hands.speaker

    def introduce(animal: str) -> None:
        hands.tap(bar.learner_button)
        hands.tap(window.sign_in.learners.new_card)
        hands.tap(window.sign_in.animals.cards[animal])
        hands.tap(window.sign_in.nickname.ready_button)
        hands.wait(lambda: history.learner is not None and history.learner.animal == animal)

    def come_back(number: int) -> None:
        hands.tap(bar.learner_button)
        hands.tap(window.sign_in.learners.cards[number])

    # A guest's choice is taken along by who introduces themselves.
    hands.tap(bar.language_button)
    introduce("tiger")
    assert window.language == "ko"
    hands.open_sentence()
    assert bar.volume_button.accessibleName() == "소리 크기 5단계 중 4"
    hands.tap(bar.volume_button)
    hands.tap(bar.volume_button)
    hands.wait(lambda: speaker.gain_db == -18.0)
    assert bar.voice_button.accessibleName() == "목소리 3개 중 1번"
    hands.tap(bar.voice_button)
    assert bar.voice_button.accessibleName() == "목소리 3개 중 2번"
    hands.tap(bar.back_button)
    hands.tap(bar.back_button)
    assert not bar.volume_button.isVisible()
    # The next guest gets what is usual.
    hands.tap(bar.learner_button)
    hands.tap(window.sign_in.learners.guest_card)
    assert window.language == "en"
    hands.wait(lambda: speaker.gain_db == 0.0)
    assert hands.model.voice.number == 0
    introduce("owl")
    assert window.language == "en"
    hands.wait(lambda: len(window.sign_in.learners.cards) == 2)
    come_back([one.animal for one in history.learners].index("tiger"))
    hands.wait(lambda: window.language == "ko" and speaker.gain_db == -18.0)
    assert hands.model.voice.number == 1
    # Forgotten with the learner.
    with HistoryStore(Paths.default().data_dir) as store:
        assert store.preferences(history.learner.id) == {
            "language": "ko",
            "volume": "0",
            "voice": "1",
        }
        store.forget_learner(history.learner.id)
        assert store.preferences(history.learner.id) == {}
        store.prefer(history.learner.id, {"language": "en"})
        assert store.preferences(history.learner.id) == {}


def test_after_three_stars_the_main_button_is_next(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take)
    score_one(hands)
    result = hands.window.result
    for stars, again, following in ((2, "main", ""), (3, "", "main"), (0, "main", "")):
        hands.model.result = replace(hands.model.result, stars=stars)
        hands.model.state_changed.emit()
        assert (result.again_button.objectName(), result.next_button.objectName()) == (
            again,
            following,
        )


def test_what_a_guest_said_goes_when_the_guest_leaves(
    make_hands: Callable, take: AudioClip
) -> None:
    """By choosing who one is, by the end of the program, and after a power cut at the start."""
    with HistoryStore(Paths.default().data_dir) as store:
        tiger, guest = store.add_learner("", "tiger"), store.add_guest()
        takes_dir = store.takes_dir
        for learner in (tiger, guest):
            name = keep_take(takes_dir, take, 0)
            store.add(
                NewAttempt(
                    learner.id, SentenceName("l", "1", "가", "ko"), Score(Verdict.SILENCE), name
                )
            )
        (takes_dir / ".half.wav.part").write_bytes(b"RIFF")
    hands = make_hands(take, settings=Settings(keep_takes=True))
    hands.wait(lambda: [one.learner_id for one in kept()] == [tiger.id])
    score_one(hands)
    assert len(kept()) == len(list(takes_dir.iterdir())) == 2
    hands.model.history.choose(tiger)
    hands.wait(lambda: [one.learner_id for one in kept()] == [tiger.id])
    score_one_more(hands)
    hands.model.history.choose(None)
    score_one_more(hands)
    assert len(kept()) == len(list(takes_dir.iterdir())) == 3
    assert hands.kiosk.close(timeout_ms=60_000)
    assert {one.learner_id for one in kept()} == {tiger.id}
    assert len(list(takes_dir.iterdir())) == 2


def score_one_more(hands) -> None:  # type: ignore[no-untyped-def]
    hands.tap(hands.window.result.again_button)
    hands.wait_for(State.RECORD)
    hands.wait_for(State.RESULT)


def test_a_touch_keeps_awake_and_a_take_is_not_cut_off(
    make_hands: Callable, take: AudioClip
) -> None:
    hands = make_hands(take, settings=Settings(idle_s=60))
    window = hands.window
    assert window.idle_timer.interval() == 60_000
    handle, card = window.windowHandle(), window.home.cards[1]
    for act in (
        lambda: QTest.keyClick(handle, Qt.Key_Tab),
        lambda: QTest.keyClick(handle, Qt.Key_Down),
        lambda: QTest.mouseClick(
            handle, Qt.LeftButton, Qt.NoModifier, card.mapTo(window, card.rect().center())
        ),
    ):
        window.idle_timer.stop()
        act()
        hands.wait(window.idle_timer.isActive)
    hands.wait(lambda: window.stack.currentWidget() is window.sentences)
    hands.tap_row(0)
    hands.tap(window.practice.record_button)
    window._on_idle()
    assert hands.model.state is State.RECORD
    hands.wait_for(State.RESULT)
    hands.kiosk.teacher.change_settings(idle_s=45)
    assert window.idle_timer.interval() == 45_000


def test_best_and_last_attempts(make_hands: Callable, take: AudioClip) -> None:
    hands = make_hands(take)
    score_one(hands)
    for _ in range(6):
        hands.tap(hands.window.result.again_button)
        hands.wait_for(State.RECORD)
        hands.wait_for(State.RESULT)
    past = hands.window.result.past_view.past
    assert len(past.bars) == 5
    assert [bar.newest for bar in past.bars] == [False] * 4 + [True]
    assert past.best == max(bar.score for bar in past.bars)
    assert str(past.best) in hands.window.result.past_view.accessibleName()


def test_attempts_of_another_model_are_marked(
    make_hands: Callable, take: AudioClip, lists: tuple[SentenceList, ...]
) -> None:
    hands = make_hands(take)
    hands.tap(hands.window.top_bar.learner_button)
    hands.tap(hands.window.sign_in.learners.new_card)
    hands.tap(hands.window.sign_in.animals.cards["cat"])
    hands.tap(hands.window.sign_in.nickname.ready_button)
    hands.wait(lambda: not hands.model.history.is_guest)
    other = Score(
        Verdict.SCORED,
        100.0,
        reference=ReferenceInfo("espeak", "ko"),
        bundle=BundleInfo("another", "f" * 64),
    )
    sentence = lists[1].sentences[0]
    with HistoryStore(Paths.default().data_dir) as store:
        learner = hands.model.history.learner
        store.add(
            NewAttempt(
                learner.id, SentenceName(lists[1].id, sentence.id, sentence.text, "ko"), other
            )
        )
    score_one(hands)
    past = hands.model.past
    assert [bar.comparable for bar in past.bars] == [False, True]
    assert not past.best_comparable or past.best != 100


def test_the_score_is_shown_where_it_cannot_be_kept(
    make_hands: Callable,
    take: AudioClip,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("WARNING pronounce_kiosk.gui.history: attempts: ")
    hands = make_hands(take)

    def full(*arguments: object) -> None:
        raise HistoryError("Attempts cannot be kept: database or disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(HistoryStore, "add", full)
        score_one(hands)
    top_bar = hands.window.top_bar
    assert hands.window.stack.currentWidget() is hands.window.result
    hands.wait(lambda: top_bar.notice.isVisible())
    assert top_bar.notice.text() == messages.notice_text("history")
    # With room again the notice goes, and what could not be kept then is kept now.
    hands.tap(hands.window.result.again_button)
    hands.wait_for(State.RECORD)
    hands.wait_for(State.RESULT)
    hands.wait(lambda: not top_bar.notice.isVisible())
    first, second = kept()
    assert first.learner_id == second.learner_id


def test_what_waits_for_the_disk_is_kept_at_the_end(
    make_hands: Callable,
    take: AudioClip,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("WARNING pronounce_kiosk.gui.history: attempts: ")
    hands = make_hands(take)

    def full(*arguments: object) -> None:
        raise HistoryError("Attempts cannot be kept: database or disk is full.")

    history = hands.model.history
    history.create("", "owl")
    hands.wait(lambda: not history.is_guest)
    with monkeypatch.context() as patch:
        patch.setattr(HistoryStore, "add", full)
        score_one(hands)
    assert not kept()
    assert hands.kiosk.close(timeout_ms=60_000)
    assert len(kept()) == 1


def test_takes_are_kept_only_where_it_is_set_and_said(
    make_hands: Callable, take: AudioClip, kiosk_home: Path
) -> None:
    hands = make_hands(take)
    hands.open_sentence()
    assert not hands.window.practice.kept_label.isVisible()
    hands.kiosk.teacher.change_settings(keep_takes=True)
    assert hands.window.practice.kept_label.isVisible()
    hands.tap(hands.window.practice.record_button)
    hands.wait_for(State.RESULT)
    (attempt,) = kept()
    with HistoryStore(Paths.default().data_dir) as store:
        path = store.takes_dir / attempt.take_file
        assert path is not None
        assert path.stat().st_size > 10_000
        store.forget_all()
        assert not path.exists()


def test_a_unit_is_heard_in_the_example_then_in_the_take(
    make_hands: Callable, take: AudioClip, engine: PracticeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The untrained scorer gives no units, so they are put into its score here."""
    real = engine.scorer.score

    def with_units(take, prepared, on_stage=None):  # type: ignore[no-untyped-def]
        result = real(take, prepared, on_stage)
        sentence = prepared.sentence
        said = split_units(sentence.text, sentence.language, sentence.pronunciation)
        step = result.take.duration_s / len(said)
        units = tuple(
            UnitScore(
                unit.text,
                result.take_start_s + number * step,
                result.take_start_s + (number + 1) * step,
                30.0 + 6 * number,
            )
            for number, unit in enumerate(said)
        )
        return replace(result, score=replace(result.score, units=units))

    monkeypatch.setattr(engine.scorer, "score", with_units, raising=False)
    hands = make_hands(take)
    score_one(hands)
    model, view = hands.model, hands.window.result.units_view
    hands.wait(lambda: model.closer is not None)
    assert len(model.closer.reference_units) == len(model.result.scored.score.units)
    unit = [unit for unit in model.result.units if unit.numbers][3]
    box = view.box_of(unit)
    QTest.mouseClick(view.viewport(), Qt.LeftButton, Qt.NoModifier, box.center().toPoint())
    hands.wait(lambda: len(hands.speaker.played) == 1)
    assert model.playback.unit is unit
    assert model.playback.playing == "reference"
    hands.play_out()
    hands.wait(lambda: len(hands.speaker.played) == 2)
    assert model.playback.playing == "take"
    hands.play_out()
    hands.wait(lambda: model.playback.playing == "")
    assert all(0.1 < clip.duration_s < 1.0 for clip in hands.speaker.played)
    # By keys as well.
    QTest.keyClick(view, Qt.Key_Right)
    QTest.keyClick(view, Qt.Key_Return)
    hands.wait(lambda: len(hands.speaker.played) == 3)
    assert model.playback.unit is next(one for one in model.result.units if one.numbers)
    # And by its column in the closer look; a tap far from every unit does nothing.
    model.play_unit(model.playback.unit)
    assert model.playback.playing == ""
    QTest.mouseClick(view.viewport(), Qt.LeftButton, Qt.NoModifier, QPoint(view.width() - 1, 0))
    hands.tap(hands.window.result.look_button)
    voices = hands.window.closer.view
    tapped, left, right = voices.columns()[2]
    where = QPoint(round((left + right) / 2), voices.height() // 2)
    QTest.mouseClick(voices.viewport(), Qt.LeftButton, Qt.NoModifier, where)
    hands.wait(lambda: model.playback.unit is tapped)

    # The list's end names the weakest three, and leads back to a sentence that holds them.
    hands.tap(hands.window.closer.score_button)
    model.session.index = len(model.session.sentence_list.sentences) - 1
    hands.tap(hands.window.result.next_button)
    assert model.state is State.SUMMARY
    summary = hands.window.summary
    assert hands.window.stack.currentWidget() is summary
    hands.wait(lambda: len(summary.weak) == 3)
    first = model.session.sentence_list.sentences[0]
    assert [unit.text for unit in summary.weak] == ["오", "늘", "은"]
    assert all(name.sentence_id == first.id for unit in summary.weak for name in unit.sentences)
    assert summary.celebration.isVisible()
    # The stars fly behind what can be tapped.
    buttons = (summary.home_button, summary.sentence_buttons[0][0])
    places = [QRect(b.mapTo(hands.window, QPoint(0, 0)), b.size()) for b in buttons]
    middles = [place.adjusted(20, 20, -20, -20) for place in places]
    hands.wait(lambda: summary.celebration._step > 8)
    flying = [hands.window.grab(middle).toImage() for middle in middles]
    summary.celebration.hide()
    assert [hands.window.grab(middle).toImage() for middle in middles] == flying
    hands.tap(summary.sentence_buttons[0][0])
    assert model.state is State.PROMPT
    assert model.sentence is first


def test_the_list_s_end_without_an_attempt(
    make_hands: Callable, lists: tuple[SentenceList, ...]
) -> None:
    hands = make_hands()
    hands.open_sentence(1, len(lists[1].sentences) - 1)
    hands.tap(hands.window.practice.right_button)
    summary = hands.window.summary
    assert hands.window.stack.currentWidget() is summary
    assert summary.title_label.text() == "That was the last sentence."
    assert not summary.celebration.isVisible()
    hands.tap(summary.home_button)
    assert hands.window.stack.currentWidget() is hands.window.home


def test_strictness_changes_the_stars(make_hands: Callable, take: AudioClip) -> None:
    from pronounce_kiosk.core.grades import STAR_BOUNDS, stars

    assert set(STAR_BOUNDS) == set(find_choices("strictness"))
    hands = make_hands(take, settings=Settings(strictness="strict"))
    score_one(hands)
    result = hands.model.result
    assert result.stars == stars(result.scored.score, "strict")


def find_choices(name: str) -> tuple[str, ...]:
    from pronounce_kiosk.core.settings import find_setting

    return find_setting(name).choices
