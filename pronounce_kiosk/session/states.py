"""The kiosk's states, and what each event does in each of them.

The table is total: every event in every state either moves on (`TRANSITIONS`) or is ignored on
purpose (`IGNORED`). Late events are normal (a score that arrives after the learner has gone home,
a second tap on a button), so an event that makes no sense now is ignored, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList


class State(Enum):
    """What the learner is in the middle of."""

    CHOOSE = "choose"
    """Picking a list or a sentence: the waiting state, to which everything returns."""
    PROMPT = "prompt"
    """The sentence is shown; nothing sounds."""
    LISTEN = "listen"
    """The reference is being fetched or played."""
    RECORD = "record"
    SCORE = "score"
    RESULT = "result"
    NOT_SCORED = "not_scored"
    SUMMARY = "summary"
    """The list's end: what went well, what to practise."""
    FAILSAFE = "failsafe"
    """Something broke: apologise, then return to waiting."""


class Event(Enum):
    """What can happen."""

    SENTENCE_CHOSEN = "sentence_chosen"
    LEAVE = "leave"
    LISTEN = "listen"
    PLAYBACK_ENDED = "playback_ended"
    RECORD = "record"
    CANCEL = "cancel"
    TAKE_ENDED = "take_ended"
    """The speaker has finished, or tapped."""
    SCORED = "scored"
    NOT_SCORED = "not_scored"
    AGAIN = "again"
    NEXT = "next"
    LIST_ENDED = "list_ended"
    """Next on the last sentence."""
    SOUND_LOST = "sound_lost"
    """The microphone or the speaker went away."""
    FAILED = "failed"
    APOLOGY_OVER = "apology_over"


TRANSITIONS: dict[State, dict[Event, State]] = {
    State.CHOOSE: {
        Event.SENTENCE_CHOSEN: State.PROMPT,
        Event.FAILED: State.FAILSAFE,
    },
    State.PROMPT: {
        Event.LEAVE: State.CHOOSE,
        Event.LISTEN: State.LISTEN,
        Event.RECORD: State.RECORD,
        Event.NEXT: State.PROMPT,
        Event.LIST_ENDED: State.SUMMARY,
        Event.FAILED: State.FAILSAFE,
    },
    State.LISTEN: {
        Event.LEAVE: State.CHOOSE,
        Event.PLAYBACK_ENDED: State.PROMPT,
        Event.CANCEL: State.PROMPT,
        Event.RECORD: State.RECORD,
        Event.NEXT: State.PROMPT,
        Event.LIST_ENDED: State.SUMMARY,
        Event.SOUND_LOST: State.PROMPT,
        Event.FAILED: State.FAILSAFE,
    },
    State.RECORD: {
        Event.LEAVE: State.CHOOSE,
        Event.CANCEL: State.PROMPT,
        Event.TAKE_ENDED: State.SCORE,
        Event.SOUND_LOST: State.PROMPT,
        Event.FAILED: State.FAILSAFE,
    },
    State.SCORE: {
        Event.LEAVE: State.CHOOSE,
        Event.CANCEL: State.PROMPT,
        Event.SCORED: State.RESULT,
        Event.NOT_SCORED: State.NOT_SCORED,
        Event.SOUND_LOST: State.PROMPT,
        Event.FAILED: State.FAILSAFE,
    },
    State.RESULT: {
        Event.LEAVE: State.CHOOSE,
        Event.AGAIN: State.RECORD,
        Event.NEXT: State.PROMPT,
        Event.LIST_ENDED: State.SUMMARY,
        Event.FAILED: State.FAILSAFE,
    },
    State.NOT_SCORED: {
        Event.LEAVE: State.CHOOSE,
        Event.AGAIN: State.RECORD,
        Event.LISTEN: State.LISTEN,
        Event.NEXT: State.PROMPT,
        Event.LIST_ENDED: State.SUMMARY,
        Event.FAILED: State.FAILSAFE,
    },
    State.SUMMARY: {
        Event.SENTENCE_CHOSEN: State.PROMPT,
        Event.LEAVE: State.CHOOSE,
        Event.FAILED: State.FAILSAFE,
    },
    State.FAILSAFE: {
        Event.LEAVE: State.CHOOSE,
        Event.APOLOGY_OVER: State.CHOOSE,
    },
}

IGNORED: dict[State, frozenset[Event]] = {
    State.CHOOSE: frozenset(Event) - {Event.SENTENCE_CHOSEN, Event.FAILED},
    State.PROMPT: frozenset(
        {
            Event.SENTENCE_CHOSEN,
            Event.PLAYBACK_ENDED,
            Event.CANCEL,
            Event.TAKE_ENDED,
            Event.SCORED,
            Event.NOT_SCORED,
            Event.AGAIN,
            Event.SOUND_LOST,
            Event.APOLOGY_OVER,
        }
    ),
    State.LISTEN: frozenset(
        {
            Event.SENTENCE_CHOSEN,
            Event.LISTEN,
            Event.TAKE_ENDED,
            Event.SCORED,
            Event.NOT_SCORED,
            Event.AGAIN,
            Event.APOLOGY_OVER,
        }
    ),
    # While recording or scoring, a reference that stops playing or a second tap means nothing.
    State.RECORD: frozenset(
        {
            Event.SENTENCE_CHOSEN,
            Event.LISTEN,
            Event.PLAYBACK_ENDED,
            Event.RECORD,
            Event.SCORED,
            Event.NOT_SCORED,
            Event.AGAIN,
            Event.NEXT,
            Event.LIST_ENDED,
            Event.APOLOGY_OVER,
        }
    ),
    State.SCORE: frozenset(
        {
            Event.SENTENCE_CHOSEN,
            Event.LISTEN,
            Event.PLAYBACK_ENDED,
            Event.RECORD,
            Event.TAKE_ENDED,
            Event.AGAIN,
            Event.NEXT,
            Event.LIST_ENDED,
            Event.APOLOGY_OVER,
        }
    ),
    # Playing mine or the reference on the result screen stays on the result screen.
    State.RESULT: frozenset(
        {
            Event.SENTENCE_CHOSEN,
            Event.LISTEN,
            Event.PLAYBACK_ENDED,
            Event.RECORD,
            Event.CANCEL,
            Event.TAKE_ENDED,
            Event.SCORED,
            Event.NOT_SCORED,
            Event.SOUND_LOST,
            Event.APOLOGY_OVER,
        }
    ),
    State.NOT_SCORED: frozenset(
        {
            Event.SENTENCE_CHOSEN,
            Event.PLAYBACK_ENDED,
            Event.RECORD,
            Event.CANCEL,
            Event.TAKE_ENDED,
            Event.SCORED,
            Event.NOT_SCORED,
            Event.SOUND_LOST,
            Event.APOLOGY_OVER,
        }
    ),
    State.SUMMARY: frozenset(Event) - {Event.SENTENCE_CHOSEN, Event.LEAVE, Event.FAILED},
    State.FAILSAFE: frozenset(Event) - {Event.LEAVE, Event.APOLOGY_OVER},
}


def next_state(state: State, event: Event) -> State:
    """Where an event leads; the same state where it is ignored."""
    return TRANSITIONS[state].get(event, state)


@dataclass
class KioskSession:
    """Where one learner is: the state, the list, the sentence, and which take counts.

    turn: grows whenever work under way stops mattering (the learner went home, recorded again);
    a result that carries an older turn is dropped by whoever asked for it.
    """

    state: State = State.CHOOSE
    sentence_list: SentenceList | None = None
    index: int = 0
    turn: int = 0

    @property
    def sentence(self) -> Sentence | None:
        """The sentence being practised, None while none is chosen."""
        if self.sentence_list is None or not self.sentence_list.sentences:
            return None
        return self.sentence_list.sentences[self.index]

    @property
    def is_last_sentence(self) -> bool:
        """True at the end of the list, where Next leads to its summary."""
        return self.sentence_list is None or self.index + 1 >= len(self.sentence_list.sentences)

    def choose(self, sentence_list: SentenceList, index: int) -> bool:
        """Take a sentence up; only the waiting state and a list's summary do.

        Raises IndexError for a wrong index.
        """
        if not 0 <= index < len(sentence_list.sentences):
            raise IndexError(f"the list has no sentence {index}")
        if self.state not in (State.CHOOSE, State.SUMMARY):
            return False
        self.sentence_list = sentence_list
        self.index = index
        return self.handle(Event.SENTENCE_CHOSEN)

    def handle(self, event: Event) -> bool:
        """Apply an event; True where it was not ignored.

        NEXT on the last sentence goes to the summary: the list is done.
        """
        if event not in TRANSITIONS[self.state]:
            return False
        if event is Event.NEXT and self.is_last_sentence:
            event = Event.LIST_ENDED
        if event is Event.NEXT:
            self.index += 1
        if event not in (Event.SCORED, Event.NOT_SCORED, Event.TAKE_ENDED, Event.PLAYBACK_ENDED):
            self.turn += 1
        self.state = next_state(self.state, event)
        return True


def event_for(verdict: Verdict) -> Event:
    """Which event a score is."""
    return Event.SCORED if verdict is Verdict.SCORED else Event.NOT_SCORED
