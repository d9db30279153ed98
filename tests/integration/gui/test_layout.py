"""Every screen in both languages, asked of Qt: nothing clipped or overlapping, all touchable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PyQt5.QtGui import QFontMetrics, QMouseEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from pronounce_kiosk.app import pronunciation
from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.score import Note, Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.gui import messages, theme
from pronounce_kiosk.gui.view_models import result_view
from pronounce_kiosk.gui.widgets.attempts import Legend
from pronounce_kiosk.gui.widgets.buttons import RoundButton
from pronounce_kiosk.gui.widgets.celebration import Celebration
from pronounce_kiosk.gui.widgets.labels import FittedLabel
from pronounce_kiosk.gui.widgets.units_view import UnitsView
from pronounce_kiosk.gui.widgets.voices_view import VoicesView
from pronounce_kiosk.gui.window import KioskWindow
from pronounce_kiosk.history.records import Learner, ListSummary, SentenceName, WeakUnit
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.advice import ADVICE_KEYS
from pronounce_kiosk.session.comparison import CloserLook, Span
from pronounce_kiosk.session.confusions import Form, forms
from pronounce_kiosk.session.naming import NAMING_KEYS, PLACE_KEYS, Advice
from pronounce_kiosk.session.progress import Past, PastBar, Progress
from pronounce_kiosk.session.states import State

LANGUAGES = ("ko", "en")
NICKNAMES = ("열두글자짜리아주긴별명임", "WWWWWWWWWWWW")
MAIN_BUTTONS = ("main",)


def longest(lists: tuple[SentenceList, ...], language: str) -> Sentence:
    sentences = [s for found in lists for s in found.sentences if s.language == language]
    return max(sentences, key=lambda sentence: len(sentence.text))


@dataclass(frozen=True)
class Fault:
    what: str
    where: str


def visible(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and widget.width() and widget.height():
            yield widget


def place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def name_of(widget: QWidget) -> str:
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text!r}"


def clipped_texts(root: QWidget) -> Iterator[Fault]:
    for widget in visible(root):
        if isinstance(widget, FittedLabel) and not widget.fitted().fits:
            yield Fault("does not fit", f"{name_of(widget)} in {widget.size()}")
        if isinstance(widget, Legend) and not widget.fits():
            yield Fault("does not fit", name_of(widget))
        if isinstance(widget, UnitsView):
            yield from cut_units(widget)
        if isinstance(widget, QLabel) and widget.text():
            flags = int(Qt.TextWordWrap) if widget.wordWrap() else 0
            box = widget.contentsRect()
            needed = widget.fontMetrics().boundingRect(box, flags, widget.text())
            if needed.width() > box.width() or needed.height() > box.height():
                yield Fault("clipped", f"{name_of(widget)} needs {needed} has {box}")
        if isinstance(widget, QPushButton) and widget.text():
            metrics = QFontMetrics(widget.font())
            needed_px = metrics.horizontalAdvance(widget.text()) + widget.iconSize().width() + 4
            if needed_px > widget.contentsRect().width():
                yield Fault("clipped", f"{name_of(widget)} needs {needed_px}")
        if isinstance(widget, RoundButton) and widget.width() < widget.sizeHint().width():
            yield Fault("clipped", name_of(widget))


def cut_units(view: UnitsView) -> Iterator[Fault]:
    """Units that cannot be scrolled to, or in which not even the smallest letters have room."""
    metrics = QFontMetrics(theme.font(12, bold=True))
    reach_px = view.viewport().height() + view.verticalScrollBar().maximum() + 1
    for unit, box in view.targets():
        if metrics.horizontalAdvance(unit.text) > box.width() or box.bottom() > reach_px:
            yield Fault("does not fit", f"{name_of(view)}: {unit.text}")


def leaves(root: QWidget) -> list[QWidget]:
    """What is seen as one thing: buttons, labels, drawn widgets; not the boxes around them."""

    def is_one(widget: QWidget) -> bool:
        if isinstance(widget, QLabel | QAbstractButton):
            return True
        box = isinstance(widget, QStackedWidget | QFrame)
        return not box and not widget.findChildren(QWidget)

    # Stars that fly over everything let every tap through.
    shown = (w for w in visible(root) if not isinstance(w, Celebration))
    return [w for w in shown if is_one(w) and not isinstance(w.parent(), QAbstractButton)]


def overlaps(root: QWidget) -> Iterator[Fault]:
    for one, other in combinations(leaves(root), 2):
        if one.isAncestorOf(other) or other.isAncestorOf(one):
            continue
        shared = place(one, root) & place(other, root)
        if shared.width() > 0 and shared.height() > 0:
            yield Fault("overlap", f"{name_of(one)} and {name_of(other)}: {shared}")


def outside(root: QWidget) -> Iterator[Fault]:
    for widget in leaves(root):
        if not root.rect().contains(place(widget, root)):
            yield Fault("outside", f"{name_of(widget)} {place(widget, root)}")


def hard_to_touch(root: QWidget) -> Iterator[Fault]:
    for widget in visible(root):
        if not isinstance(widget, QAbstractButton):
            continue
        main = isinstance(widget, RoundButton) or widget.objectName() in MAIN_BUTTONS
        least = theme.MAIN_TOUCH_PX if main else theme.TOUCH_PX
        if min(widget.width(), widget.height()) < least:
            yield Fault("too small", f"{name_of(widget)} {widget.size()}")


def hard_to_hit(root: QWidget) -> Iterator[Fault]:
    """What is tapped inside a drawn widget: as large as a finger, and no two at one place."""
    for widget in visible(root):
        boxes: list[tuple[str, QRectF]] = []
        if isinstance(widget, UnitsView):
            boxes = [(unit.text, box) for unit, box in widget.targets()]
        elif isinstance(widget, VoicesView):
            boxes = [
                (unit.text, QRectF(left, 0, right - left, widget.height()))
                for unit, left, right in widget.columns()
            ]
        for name, box in boxes:
            if min(box.width(), box.height()) < theme.TOUCH_PX - 0.01:
                yield Fault("too small", f"{name} {box}")
        for (name, box), (other, before) in zip(boxes[1:], boxes, strict=False):
            shared = box & before
            if shared.width() > 0.01 and shared.height() > 0.01:
                yield Fault("overlap", f"{other} and {name}")


def controls(root: QWidget) -> Iterator[QWidget]:
    """Whatever can be worked with."""
    kinds = QAbstractButton | QAbstractItemView | UnitsView | VoicesView
    for widget in visible(root):
        if isinstance(widget, kinds):
            yield widget


def nameless(root: QWidget) -> Iterator[Fault]:
    for widget in controls(root):
        if not widget.accessibleName():
            yield Fault("no accessible name", name_of(widget))


def out_of_reach(root: QWidget) -> Iterator[Fault]:
    """What Tab does not come to, going round once; a group of choices is one stop."""
    root.activateWindow()
    wanted = [
        each
        for each in controls(root)
        if each.isEnabled() and not (isinstance(each, QAbstractButton) and each.group())
    ]
    reached: list[QWidget] = []
    for _ in range(len(wanted) + 20):
        root.focusNextPrevChild(True)
        reached.append(root.focusWidget())
    for widget in wanted:
        if widget not in reached:
            yield Fault("not reached by Tab", name_of(widget))


JUDGES = (clipped_texts, overlaps, outside, hard_to_touch, hard_to_hit, nameless, out_of_reach)


def check(window: KioskWindow, where: str) -> None:
    QTest.qWait(20)
    assert (window.width(), window.height()) == (800, 480), where
    screen = window.stack.currentWidget()
    needed = screen.minimumSizeHint()
    assert needed.height() <= screen.height(), f"{where} needs {needed}"
    assert needed.width() <= screen.width(), f"{where} needs {needed}"
    faults = [fault for judge in JUDGES for fault in judge(window)]
    assert not faults, f"{where}: {faults}"


LONGEST_FORM = Form(
    max((one.korean for one in forms()), key=len),
    max((one.english for one in forms()), key=len),
    "airflow-tense",
)


IMAGE = np.tile(np.arange(128, dtype=np.uint8), (64, 1))


def result_of(sentence: Sentence, verdict: Verdict = Verdict.SCORED, advice: str = ""):  # type: ignore[no-untyped-def]
    """A result with every part filled, as a model that gives units and aspects would."""
    said = split_units(sentence.text, sentence.language, sentence.pronunciation)
    scores = (91.0, 63.0, 20.0)
    units = tuple(
        UnitScore(unit.text, i * 0.2, i * 0.2 + 0.2, scores[i % 3], said=i % 4 != 3)
        for i, unit in enumerate(said)
    )
    clip = AudioClip.from_array(np.zeros(1600, np.float32), 16_000)
    score = Score(verdict, 100.0, 100.0, 59.0, 100.0, units)
    view = result_view(sentence, clip, TakeResult(score, IMAGE, IMAGE[:, :90], clip), clip, said)
    if advice:
        fields = {"text": "었", "said": "써"} if advice.startswith("unit") else {}
        form = None
        if advice in PLACE_KEYS:
            fields = {"text": sentence.text[:24]}
        if advice in NAMING_KEYS:
            fields = {"text": "었", "said": "써" * 8} | {
                f"{name}_{language}": sound
                for name, sound in (("target", "ㅃ"), ("heard", "ng"))
                for language in ("ko", "en")
            }
            form = LONGEST_FORM
        told = replace(view.scored, score=replace(view.scored.score, notes=tuple(Note)))
        # About a unit, where it is about one: then its page can be opened.
        unit = 0 if fields else None
        view = replace(view, advice=Advice(advice, fields, form, unit), scored=told)
    return view


def look_of(view) -> CloserLook:  # type: ignore[no-untyped-def]
    """Both voices with every unit a fifth of a second long."""
    count = len(view.scored.score.units)
    clip = AudioClip.from_array(np.zeros(3200 * count, np.float32), 16_000)
    spans = tuple(Span(n * 0.2, n * 0.2 + 0.2) for n in range(count))
    curve = np.sin(np.arange(20 * count, dtype=np.float32))
    times = np.arange(20 * count, dtype=np.float32) / 100
    return CloserLook(clip, clip, spans, spans, curve, curve, times, IMAGE, IMAGE[:, :90])


def weak_of(sentence: Sentence) -> tuple[WeakUnit, ...]:
    unit = split_units(sentence.text, sentence.language)[0].text
    name = SentenceName("list", sentence.id, sentence.text, sentence.language)
    return (WeakUnit(unit, 20.0, (name,) * 3),) * 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("learning", LANGUAGES)
def test_every_screen(
    make_hands: Callable,
    lists: tuple[SentenceList, ...],
    language: str,
    learning: str,
    expected_log: Callable[[str], None],
) -> None:
    expected_log("WARNING pronounce_kiosk.gui.model: BundleError")
    # With every notice that a learner may see.
    hands = make_hands(language=language, settings=Settings(keep_takes=True))
    window, model = hands.window, hands.model
    check(window, "home")
    long_names = [Learner(n, nickname, "panda") for n, nickname in enumerate(NICKNAMES)]
    model.history.learners = tuple(long_names)
    model.history.learners_changed.emit()
    window.home.set_progress(lambda found: Progress(20, len(found.sentences), 30))
    window.top_bar.show_learner("panda", NICKNAMES[0])
    check(window, "home with a learner")
    hands.tap(window.top_bar.learner_button)
    check(window, "learners")
    hands.tap(window.sign_in.learners.new_card)
    check(window, "animals")
    hands.tap(window.sign_in.animals.cards["tiger"])
    check(window, "nickname")
    window.sign_in.nickname.keyboard.begin(NICKNAMES[0], language)
    window.sign_in.nickname.keyboard.press("ㅁ")
    check(window, "nickname typed")
    hands.tap(window.sign_in.nickname.ready_button)
    # On a slow disk the new learner would come in the middle of a later screen.
    hands.wait(lambda: not model.history.is_guest)
    number = next(i for i, found in enumerate(lists) if longest(lists, learning) in found.sentences)
    # A learner's own cards may have pushed it out of sight.
    window.home.grid.scroll_to(window.home.cards[number])
    hands.tap(window.home.cards[number])
    check(window, "sentences")
    row = lists[number].sentences.index(longest(lists, learning))
    model.choose(lists[number], row)
    sentence = model.sentence
    for button in (window.practice.said_button, window.practice.meaning_button):
        if button.isVisible():
            hands.tap(button)
            check(window, "revealed")
    for state in (State.PROMPT, State.LISTEN, State.RECORD, State.SCORE):
        model.session.state = state
        model.state_changed.emit()
        check(window, state.value)
    model.session.state = State.RESULT
    for key in ADVICE_KEYS:
        model.result = result_of(sentence, advice=key)
        model.state_changed.emit()
        check(window, f"result, advice {key}")
    assert not window.result.legend.isVisible()
    hands.tap(window.result.legend_button)
    check(window, "result with the signs explained")
    hands.tap(window.result.legend_button)
    model.past = Past(
        (PastBar(100, False), PastBar(100, True), PastBar(7, True), PastBar(100, True, True)),
        best=100,
        best_comparable=False,
    )
    model.state_changed.emit()
    check(window, "result with a past")
    model.closer = look_of(model.result)
    model.closer_changed.emit()
    hands.tap(window.result.look_button)
    check(window, "closer look")
    hands.tap(window.closer.score_button)
    model.session.state = State.SUMMARY
    # A guest who has said nothing: the empty summary comes at once, and these take its place.
    model.history.learner = None
    for weak in ((), weak_of(sentence)):
        window.summary.refresh()
        window.summary.show_summary(ListSummary(9, 70.0, weak), None)
        check(window, f"summary with {len(weak)} units")
        window.show_screen(window.summary)
        check(window, f"summary with {len(weak)} units")
        window.summary.celebration.hide()
    model.session.state = State.NOT_SCORED
    for verdict in Verdict:
        if verdict is not Verdict.SCORED:
            model.result = result_of(sentence, verdict, advice=verdict.value)
            model.state_changed.emit()
            check(window, f"not scored, {verdict.value}")
    model.fail(BundleError("broken"))
    check(window, "failsafe")
    window._show_goodbye(True)
    check(window, "goodbye")
    window.goodbye.timer.timeout.emit()
    check(window, "goodbye, still on")
    window._show_goodbye(False)


@pytest.mark.parametrize("count", [1, 3, 8, 9, 10, 30])
@pytest.mark.parametrize("language", LANGUAGES)
def test_home_with_any_number_of_lists(
    make_hands: Callable, lists: tuple[SentenceList, ...], count: int, language: str
) -> None:
    """The scroll buttons that many lists bring take their room from all columns."""
    hands = make_hands(language=language)
    window = hands.window
    names = ("아주 긴 이름의 목록입니다 | A list with quite a long name", "짧은 | Short")
    window.home.set_lists([replace(lists[0], id=str(n), name=names[n % 2]) for n in range(count)])
    area = window.home.findChild(QScrollArea)
    rows = -(-count // 3)
    hands.wait(lambda: area.widget().height() >= rows * window.home.cards[0].minimumHeight())
    # What is scrolled out of sight lies outside, as it must.
    faults = [*clipped_texts(window), *hard_to_touch(window), *nameless(window)]
    assert not faults
    assert area.widget().width() == area.viewport().width()
    for card in window.home.cards:
        left = card.mapTo(area.viewport(), QPoint(0, 0)).x()
        assert left >= 0, card.accessibleName()
        assert left + card.width() <= area.viewport().width(), card.accessibleName()
    widths = {card.width() for card in window.home.cards}
    assert max(widths) - min(widths) <= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_fits(
    make_hands: Callable, lists: tuple[SentenceList, ...], language: str
) -> None:
    hands = make_hands(language=language)
    window, model = hands.window, hands.model
    model.session.state = State.PROMPT
    model.state_changed.emit()
    QTest.qWait(20)
    for found in lists:
        for sentence in found.sentences:
            window.practice.show_sentence(sentence, pronunciation(sentence))
            for button in (None, window.practice.said_button, window.practice.meaning_button):
                if button is not None and button.isHidden():
                    continue
                if button is not None:
                    button.click()
                window.practice.layout().activate()
                window.practice.strip.layout().activate()
                faults = [*clipped_texts(window.practice)]
                assert not faults, f"{sentence.id}: {faults}"


def drag(view: QAbstractScrollArea) -> None:
    """A finger that moves a hundred pixels to the left and up, then lets go."""
    before = view.horizontalScrollBar().value()
    start, end = QPoint(300, 100), QPoint(200, 0)
    QTest.mousePress(view.viewport(), Qt.LeftButton, Qt.NoModifier, start)
    held = (Qt.NoButton, Qt.LeftButton, Qt.NoModifier)
    QApplication.sendEvent(view.viewport(), QMouseEvent(QEvent.MouseMove, QPointF(end), *held))
    QTest.mouseRelease(view.viewport(), Qt.LeftButton, Qt.NoModifier, end)
    wanted = min(before + 100, view.horizontalScrollBar().maximum())
    assert view.horizontalScrollBar().value() == wanted


LONG = {
    "ko": "오늘은 날씨가 아주 좋아서 친구들과 함께 한강 공원에 가서 자전거를 타고 밥도 먹었어요. ",
    "en": "Yesterday my friends and I rode our bicycles along the river and took pictures. ",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_of_a_long_sentence_can_be_touched(
    make_hands: Callable, lists: tuple[SentenceList, ...], language: str
) -> None:
    """The longest that ships, 200 characters, and one word of a whole line."""
    hands = make_hands(language=language)
    window, model = hands.window, hands.model
    model.choose(lists[0], 0)
    for sentence in (
        longest(lists, language),
        Sentence("x", (LONG[language] * 4)[:200].strip(), language),
        Sentence("y", "가" * 40 if language == "ko" else "w" * 36, language),
    ):
        model.result = result_of(sentence)
        model.session.state = State.RESULT
        model.state_changed.emit()
        model.closer = look_of(model.result)
        model.closer_changed.emit()
        window.show_screen(window.result)
        check(window, "result")
        view, last = window.result.units_view, [u for u in model.result.units if u.numbers][-1]
        while window.result.units_view.scroll_buttons.isVisible():
            _, down = view.scroll_buttons.findChildren(QAbstractButton)
            if not down.isEnabled():
                break
            hands.tap(down)
        box = view.box_of(last)
        assert QRectF(view.rect()).adjusted(-1, -1, 1, 1).contains(box)
        hands._qtbot.mouseClick(view.viewport(), Qt.LeftButton, pos=box.center().toPoint())
        assert model.playback.unit is last
        model.playback.stop_audio()
        window.show_screen(window.closer)
        check(window, "closer look")
        drag(window.closer.view)
        assert model.playback.unit is None
        while window.closer.later_button.isVisible() and window.closer.later_button.isEnabled():
            hands.tap(window.closer.later_button)
        unit, _, right = window.closer.view.columns()[-1]
        assert unit is last
        assert right <= window.closer.view.width() + 1


@pytest.mark.parametrize("words", [12, 25])
def test_a_teacher_s_long_sentence_gets_smaller_instead_of_cut(
    make_hands: Callable, words: int
) -> None:
    sentence = Sentence("x", "오늘은 날씨가 " * (words // 2), "ko", "A long one. " * 6)
    hands = make_hands()
    hands.model.session.state = State.PROMPT
    hands.model.state_changed.emit()
    hands.window.practice.show_sentence(sentence, pronunciation(sentence))
    check(hands.window, "practice")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_and_hint_fits(make_hands: Callable, language: str) -> None:
    hands = make_hands(language=language)
    window = hands.window
    hands.model.choose(hands.model.lists[0], 0)
    keys = ("absent", "no_server", "monitor", "stalled", "zeros", "hum")
    for screen in (window.home, window.practice):
        window.show_screen(screen)
        for key in (
            "speaker_absent",
            "history",
            "room",
            "bundle_failed",
            *(f"microphone_{key}" for key in keys),
        ):
            window.top_bar.set_notice(key)
            check(window, key)
    hands.model.session.state = State.RECORD
    hands.model.state_changed.emit()
    for hint in ("waiting", "good", "quiet", "loud"):
        window.practice.hint_label.setText(messages.hint_text(hint))
        check(window, hint)
    hands.model.session.state = State.SCORE
    hands.model.state_changed.emit()
    for stage in ("starting", "reference", "level", "denoise", "trim", "mel", "siamese"):
        window.practice.hint_label.setText(messages.stage_text(stage))
        check(window, stage)


def test_a_sentence_is_chosen_by_keys_alone(make_hands: Callable) -> None:
    hands = make_hands()
    window = hands.window
    hands.tap(window.home.cards[0])
    window.sentences.view.setFocus()
    QTest.keyClick(window.sentences.view, Qt.Key_Down)
    QTest.keyClick(window.sentences.view, Qt.Key_Return)
    assert hands.model.state is State.PROMPT
    assert hands.model.session.index == 1


def test_only_aspects_that_the_model_gives_are_shown(make_hands: Callable, lists: tuple) -> None:
    hands = make_hands()
    hands.model.choose(lists[0], 0)
    view, bars = result_of(lists[0].sentences[0]), hands.window.result.aspect_bars
    hands.model.session.state = State.RESULT
    for accuracy, prosody, shown in ((None, None, []), (70.2, 49.6, ["Sounds 70", "Melody 50"])):
        score = replace(view.scored.score, accuracy=accuracy, fluency=None, prosody=prosody)
        hands.model.result = replace(view, scored=replace(view.scored, score=score))
        hands.model.state_changed.emit()
        check(hands.window, "result")
        assert [bar.accessibleName() for bar in bars.values() if bar.isVisible()] == shown


def test_a_finger_leaves_no_focus_and_tab_shows_it(make_hands: Callable) -> None:
    hands = make_hands()
    window = hands.window
    hands.open_sentence()
    hands.tap(window.practice.left_button)
    assert not window.property("keyboard")
    QTest.keyClick(window, Qt.Key_Tab)
    assert window.property("keyboard")
    order = []
    for _ in range(12):
        order.append(window.focusWidget())
        QTest.keyClick(window, Qt.Key_Tab)
    practice = window.practice
    controls = (
        practice.left_button,
        practice.record_button,
        practice.right_button,
        practice.said_button,
        practice.meaning_button,
    )
    places = [order.index(button) for button in controls]
    # In this order, wherever the round begins.
    first = places.index(min(places))
    assert sorted(places) == places[first:] + places[:first]
