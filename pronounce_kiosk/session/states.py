"""The kiosk's states, and what each event does in each of them.

Late events are normal (a score that arrives after the learner has gone home, a second tap on a
button), so an event that makes no sense now is ignored, never an error.
"""

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


_ANYWHERE = {Event.LEAVE: State.CHOOSE, Event.FAILED: State.FAILSAFE}
_ONWARD = {Event.NEXT: State.PROMPT, Event.LIST_ENDED: State.SUMMARY}
_BACK = {Event.CANCEL: State.PROMPT, Event.SOUND_LOST: State.PROMPT}

TRANSITIONS: dict[State, dict[Event, State]] = {
    State.CHOOSE: {Event.SENTENCE_CHOSEN: State.PROMPT, Event.FAILED: State.FAILSAFE},
    State.PROMPT: {**_ANYWHERE, **_ONWARD, Event.LISTEN: State.LISTEN, Event.RECORD: State.RECORD},
    State.LISTEN: {
        **_ANYWHERE,
        **_ONWARD,
        **_BACK,
        Event.PLAYBACK_ENDED: State.PROMPT,
        Event.RECORD: State.RECORD,
    },
    State.RECORD: {**_ANYWHERE, **_BACK, Event.TAKE_ENDED: State.SCORE},
    State.SCORE: {
        **_ANYWHERE,
        **_BACK,
        Event.SCORED: State.RESULT,
        Event.NOT_SCORED: State.NOT_SCORED,
    },
    # Playing mine or the reference on the result screen stays on the result screen.
    State.RESULT: {**_ANYWHERE, **_ONWARD, Event.AGAIN: State.RECORD},
    State.NOT_SCORED: {
        **_ANYWHERE,
        **_ONWARD,
        Event.AGAIN: State.RECORD,
        Event.LISTEN: State.LISTEN,
    },
    State.SUMMARY: {**_ANYWHERE, Event.SENTENCE_CHOSEN: State.PROMPT},
    State.FAILSAFE: {Event.LEAVE: State.CHOOSE, Event.APOLOGY_OVER: State.CHOOSE},
}
"""Where each event leads that means something in a state; every other one is ignored there."""


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
        self.state = TRANSITIONS[self.state][event]
        return True


def event_for(verdict: Verdict) -> Event:
    """Which event a score is."""
    return Event.SCORED if verdict is Verdict.SCORED else Event.NOT_SCORED
