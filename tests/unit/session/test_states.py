"""The state machine: every event in every state."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.session.states import TRANSITIONS, Event, KioskSession, State, event_for

LIST = SentenceList(
    "greetings",
    "Greetings",
    "ko",
    tuple(Sentence(str(i), text, "ko") for i, text in enumerate(("네", "안녕", "고마워요"))),
)


def session_in(state: State) -> KioskSession:
    return KioskSession(state=state, sentence_list=LIST, index=0)


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_an_event_moves_on_or_changes_nothing(state: State, event: Event) -> None:
    session = session_in(state)
    assert session.handle(event) == (event in TRANSITIONS[state])
    if event in TRANSITIONS[state]:
        assert session.state is TRANSITIONS[state][event]
    else:
        assert session == session_in(state)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.CHOOSE, Event.SCORED),
        (State.PROMPT, Event.PLAYBACK_ENDED),
        (State.LISTEN, Event.LISTEN),
        (State.RECORD, Event.PLAYBACK_ENDED),
        (State.RECORD, Event.RECORD),
        (State.SCORE, Event.TAKE_ENDED),
        (State.RESULT, Event.LISTEN),
        (State.RESULT, Event.SOUND_LOST),
        (State.SUMMARY, Event.APOLOGY_OVER),
        (State.FAILSAFE, Event.FAILED),
    ],
)
def test_late_events_and_second_taps_mean_nothing(state: State, event: Event) -> None:
    assert not session_in(state).handle(event)


@pytest.mark.parametrize("state", [s for s in State if s is not State.FAILSAFE])
def test_a_failure_apologises_and_returns_to_waiting(state: State) -> None:
    session = session_in(state)
    assert session.handle(Event.FAILED)
    assert session.state is State.FAILSAFE
    assert session.handle(Event.APOLOGY_OVER)
    assert session.state is State.CHOOSE


@pytest.mark.parametrize("state", [s for s in State if s is not State.CHOOSE])
def test_leave_always_leads_home(state: State) -> None:
    session = session_in(state)
    assert session.handle(Event.LEAVE)
    assert session.state is State.CHOOSE


def test_a_first_score_and_again_in_one_tap() -> None:
    session = KioskSession()
    assert session.choose(LIST, 0)
    for event, state in (
        (Event.RECORD, State.RECORD),
        (Event.TAKE_ENDED, State.SCORE),
        (Event.SCORED, State.RESULT),
        (Event.AGAIN, State.RECORD),
        (Event.TAKE_ENDED, State.SCORE),
        (Event.NOT_SCORED, State.NOT_SCORED),
        (Event.NEXT, State.PROMPT),
    ):
        assert session.handle(event)
        assert session.state is state
    assert session.sentence == LIST.sentences[1]


@pytest.mark.parametrize("state", [State.RECORD, State.LISTEN, State.SCORE])
def test_lost_sound_returns_to_the_sentence(state: State) -> None:
    session = session_in(state)
    assert session.handle(Event.SOUND_LOST)
    assert session.state is State.PROMPT


def test_next_on_the_last_sentence_leads_to_the_summary() -> None:
    session = session_in(State.RESULT)
    session.index = len(LIST.sentences) - 1
    assert session.is_last_sentence
    assert session.handle(Event.NEXT)
    assert session.state is State.SUMMARY
    assert session.index == len(LIST.sentences) - 1


def test_the_turn_grows_when_work_under_way_stops_mattering() -> None:
    session = session_in(State.RECORD)
    turn = session.turn
    session.handle(Event.TAKE_ENDED)
    assert session.turn == turn
    session.handle(Event.LEAVE)
    assert session.turn > turn


def test_choosing_needs_the_waiting_state_and_a_sentence() -> None:
    session = session_in(State.RECORD)
    assert not session.choose(LIST, 1)
    assert session.index == 0
    for index in (-1, len(LIST.sentences)):
        with pytest.raises(IndexError):
            KioskSession().choose(LIST, index)


def test_nothing_chosen_has_no_sentence() -> None:
    assert KioskSession().sentence is None
    assert KioskSession(sentence_list=SentenceList("e", "Empty", "ko")).sentence is None
    assert KioskSession().is_last_sentence


@given(st.lists(st.sampled_from(Event)))
def test_any_course_of_events_keeps_a_valid_place(events: list[Event]) -> None:
    session = KioskSession()
    for event in events:
        if event is Event.SENTENCE_CHOSEN:
            session.choose(LIST, 0)
            continue
        session.handle(event)
        if session.sentence_list is not None:
            assert session.sentence in LIST.sentences
    # From anywhere, two steps lead back to a sentence.
    session.handle(Event.LEAVE)
    assert session.state is State.CHOOSE
    assert session.choose(LIST, 2)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_is_an_event(verdict: Verdict) -> None:
    expected = Event.SCORED if verdict is Verdict.SCORED else Event.NOT_SCORED
    assert event_for(verdict) is expected
