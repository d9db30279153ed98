"""Today's ten: what a learner missed and has not said for a while, scheduled by FSRS.

An item (a sentence, or a sound) gets a schedule once it was missed; every later attempt is a review
of it. Attempts made while the clock was not set mark an item as missed or mended and change no
date; while it is not set, the items missed longest ago come, whatever their date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from pronounce_kiosk.core.grades import grade, is_faultless, stars
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.history.records import Attempt, SentenceName
from pronounce_kiosk.history.review import Card, Cards, Memory, Sound, SoundCard
from pronounce_kiosk.history.store import HistoryStore
from pronounce_kiosk.session.progress import name_of
from pronounce_kiosk.session.sounds import points_by_sound, sounds_of

if TYPE_CHECKING:
    from fsrs import Card as FsrsCard
    from fsrs import Scheduler

TODAY = 10
"""Sentences of one day."""
TODAY_ID = "today"
TODAY_NAME = "오늘의 열 문장 | Today's ten"
ATTEMPTS_AT_ONCE = 200
"""Attempts that `catch_up` looks at in one call, so that nothing else waits long."""
SEARCHED = 400
"""Sentences of the lists in which a due sound is looked for; more would take seconds on a Pi."""
LEAST_WEIGHT = 0.2
"""Weight of the newest attempt in a sound's points of late. Raising it forgets sooner."""
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
"""Ratings, as FSRS numbers them."""
_RATINGS = {"poor": AGAIN, "fair": HARD, "good": GOOD}
_EASY_POINTS = 95.0
"""Points from which a sound was easy."""


def catch_up(store: HistoryStore, learner_id: int) -> bool:
    """Bring a learner's cards to the newest attempts. True where more attempts wait."""
    known = store.reviewed(learner_id)
    attempts = store.scored_after(learner_id, known, ATTEMPTS_AT_ONCE)
    if not attempts:
        return False
    changed = after(store.cards(learner_id), attempts)
    store.keep_cards(learner_id, changed, attempts[-1].id)
    return len(attempts) == ATTEMPTS_AT_ONCE


def after(cards: Cards, attempts: Sequence[Attempt]) -> Cards:
    """Return the cards that scored attempts change, as they are after them; oldest first."""
    sentences: dict[SentenceName, Card] = {}
    sounds: dict[Sound, SoundCard] = {}
    for attempt in attempts:
        name = attempt.sentence
        old = sentences.get(name) or cards.sentences.get(name)
        card = _reviewed(old, _sentence_rating(attempt), attempt)
        if old is not None or card.missed:
            sentences[name] = card
        said = (phone for unit in attempt.score.units if unit.said for phone in unit.phones)
        for sound, points in points_by_sound(name.language, said).items():
            sounds[sound] = _tallied(sounds.get(sound) or cards.sounds.get(sound), points, attempt)
    return Cards(sentences, sounds)


def due_items(cards: Cards, now: datetime | None) -> list[SentenceName | Sound]:
    """List the items to be said again, the most urgent first.

    Args:
        cards: The learner's.
        now: None where the clock is not set: then what the last attempt missed, longest ago first.
    """
    items: list[tuple[SentenceName | Sound, Card]] = [
        *cards.sentences.items(),
        *((sound, one.card) for sound, one in cards.sounds.items()),
    ]
    if now is None:
        missed = [(card.attempt_id, item) for item, card in items if card.missed]
        return [item for _, item in sorted(missed, key=lambda one: one[0])]
    end = _end_of_day(now)
    due = [
        (0.0 if card.memory is None else _recall(card.memory, now), card.attempt_id, item)
        for item, card in items
        if (card.missed if card.memory is None else card.memory.due < end)
    ]
    return [item for *_, item in sorted(due, key=lambda one: one[:2])]


def todays_ten(
    due: Iterable[SentenceName | Sound],
    lists: Sequence[SentenceList],
    tried: Mapping[SentenceName, frozenset[Sound]],
) -> SentenceList | None:
    """Gather at most ten sentences for due items; None where there is nothing to repeat.

    A due sound brings a sentence that holds it, of the lists the learner has begun where one does,
    and of these the one with the most due sounds. One that another sentence brings anyway brings
    none.

    Args:
        due: As `due_items` gives them.
        lists: The lists there are; sentences that have left them do not come.
        tried: The sounds of each sentence the learner has been scored on.
    """
    due = list(due)
    wanted = {item for item in due if isinstance(item, Sound)}
    places = {name_of(found, sentence): sentence for found in lists for sentence in found.sentences}
    begun = {name.list_id for name in tried}
    searched = sorted(places, key=lambda name: name.list_id not in begun)[:SEARCHED]

    def sounds(name: SentenceName) -> frozenset[Sound]:
        return tried.get(name) or sounds_of(places[name])

    chosen: list[SentenceName] = []
    for item in due:
        if len(chosen) == TODAY:
            break
        if not isinstance(item, Sound):
            chosen += [item] if item in places and item not in chosen else []
        elif not any(item in sounds(name) for name in chosen):
            others = (name for name in searched if name.language == item.language)
            holders = [name for name in others if item in sounds(name)]
            # The first of equals: of a list that was begun, and the easier one.
            chosen += sorted(holders, key=lambda name: -len(wanted & sounds(name)))[:1]
    if not chosen:
        return None
    return SentenceList(
        TODAY_ID,
        TODAY_NAME,
        chosen[0].language,
        tuple(places[name] for name in chosen),
        origins=tuple(name.list_id for name in chosen),
    )


def _sentence_rating(attempt: Attempt) -> int:
    if not is_faultless(attempt.score.units):
        return AGAIN
    return EASY if stars(attempt.score) == 3 else _RATINGS[grade(attempt.score.score)]


def _tallied(old: SoundCard | None, points: float, attempt: Attempt) -> SoundCard:
    rating = EASY if points >= _EASY_POINTS else _RATINGS[grade(points)]
    if old is None:
        return SoundCard(_reviewed(None, rating, attempt), 1, points)
    times = old.times + 1
    weight = max(1 / times, LEAST_WEIGHT)
    card = _reviewed(old.card, rating, attempt)
    return SoundCard(card, times, old.points + weight * (points - old.points))


def _reviewed(old: Card | None, rating: int, attempt: Attempt) -> Card:
    memory = None if old is None else old.memory
    card = Card(rating == AGAIN, attempt.id, memory)
    was_missed = card.missed or (old is not None and old.missed)
    if not attempt.clock_set or not (was_missed or memory is not None):
        return card
    return replace(card, memory=_remembered(memory, rating, attempt.at))


def _remembered(memory: Memory | None, rating: int, at: datetime) -> Memory:
    from fsrs import Rating

    if memory is not None:
        # A clock that was set back must not make an interval negative.
        at = max(at, memory.last_review)
    card, _ = _scheduler().review_card(_fsrs_card(memory), Rating(rating), at)
    assert card.stability is not None
    assert card.difficulty is not None
    return Memory(card.stability, card.difficulty, card.due, at)


def _recall(memory: Memory, now: datetime) -> float:
    """The chance that an item would be said right now, 0 to 1."""
    return float(_scheduler().get_card_retrievability(_fsrs_card(memory), now))


def _fsrs_card(memory: Memory | None) -> FsrsCard:
    from fsrs import Card as FsrsCard
    from fsrs import State

    if memory is None:
        return FsrsCard(card_id=0)
    return FsrsCard(card_id=0, state=State.Review, **asdict(memory))


@lru_cache(maxsize=1)
def _scheduler() -> Scheduler:
    """FSRS with its published parameters, in whole days: a lesson repeats by itself within one."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _end_of_day(now: datetime) -> datetime:
    """The local midnight that comes: what is due later today is due today."""
    tomorrow = now.astimezone() + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
