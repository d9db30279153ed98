"""Keep what a learner is to say again: a card for each missed sentence, one for each sound.

The cards follow the attempts: `reviewed` says up to which attempt they do, so a power cut between
an attempt and its cards loses nothing, and attempts of an older version count too. When a card is
due is decided by `session.review`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from typing import Any

from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.history.attempts import ATTEMPT, Attempts, phones_of
from pronounce_kiosk.history.records import Attempt, SentenceName


@dataclass(frozen=True)
class Sound:
    """A phone of a language, with its place: a Korean coda carries an underscore."""

    language: str
    phone: str


@dataclass(frozen=True)
class Memory:
    """How well an item is remembered, as FSRS counts it. Times are UTC.

    stability: days until 90 % would still be right. difficulty: 1-10.
    """

    stability: float
    difficulty: float
    due: datetime
    last_review: datetime


@dataclass(frozen=True)
class Card:
    """How an item stands.

    missed: whether the newest attempt missed it. attempt_id: of the newest attempt. memory: None
    where it was never missed, or never said while the clock was set.
    """

    missed: bool
    attempt_id: int
    memory: Memory | None = None


@dataclass(frozen=True)
class SoundCard:
    """A sound's card with its tally: times it was said, in attempts; points of late, 0-100."""

    card: Card
    times: int
    points: float


@dataclass(frozen=True)
class Cards:
    """All cards of a learner, or those that have changed."""

    sentences: Mapping[SentenceName, Card] = field(default_factory=dict)
    sounds: Mapping[Sound, SoundCard] = field(default_factory=dict)


@dataclass(frozen=True)
class Practice:
    """How much a learner has practised.

    days: on which the clock was set; None where there are only others. sentences: different ones
    with a score.
    """

    days: int | None
    sentences: int


class Review(Attempts):
    """Keeps each learner's cards beside the attempts they follow."""

    def known_time(self) -> datetime | None:
        """Return the time, UTC; None where the clock is not set."""
        return self._now() if self._clock_is_set() else None

    def scored_after(self, learner_id: int, attempt_id: int, limit: int) -> list[Attempt]:
        """Return a learner's scored attempts after one, oldest first."""
        return self._attempts(
            f"""{ATTEMPT} WHERE a.learner_id = ? AND a.id > ? AND a.score IS NOT NULL
                ORDER BY a.id LIMIT ?""",
            (learner_id, attempt_id, limit),
        )

    def reviewed(self, learner_id: int) -> int:
        """Return the number of the newest attempt that the cards know of; 0 for none."""
        rows = self._rows("SELECT attempt_id FROM reviewed WHERE learner_id = ?", (learner_id,))
        return int(rows[0][0]) if rows else 0

    def cards(self, learner_id: int) -> Cards:
        """Return all cards of a learner."""
        sentences = self._rows(
            """SELECT p.list_id, p.sentence_id, p.text, p.language, c.missed, c.attempt_id,
                      c.stability, c.difficulty, c.due, c.last_review
               FROM sentence_cards c JOIN prompts p ON p.id = c.prompt_id
               WHERE c.learner_id = ?""",
            (learner_id,),
        )
        sounds = self._rows(
            """SELECT language, phone, times, points, missed, attempt_id, stability, difficulty,
                      due, last_review
               FROM sound_cards WHERE learner_id = ?""",
            (learner_id,),
        )
        with self._trouble():
            return Cards(
                {SentenceName(*row[:4]): _card(row[4:]) for row in sentences},
                {Sound(*row[:2]): SoundCard(_card(row[4:]), row[2], row[3]) for row in sounds},
            )

    def keep_cards(self, learner_id: int, changed: Cards, attempt_id: int) -> None:
        """Keep changed cards, which know of the attempts up to a number, in one step."""
        sentences = [
            (learner_id, *_card_row(card), *astuple(name))
            for name, card in changed.sentences.items()
        ]
        sounds = [
            (learner_id, *astuple(sound), one.times, one.points, *_card_row(one.card))
            for sound, one in changed.sounds.items()
        ]
        with self._writing() as connection:
            connection.executemany(
                """INSERT OR REPLACE INTO sentence_cards
                   SELECT ?, id, ?, ?, ?, ?, ?, ? FROM prompts
                   WHERE list_id = ? AND sentence_id = ? AND text = ? AND language = ?""",
                sentences,
            )
            connection.executemany(
                "INSERT OR REPLACE INTO sound_cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                sounds,
            )
            connection.execute(
                "INSERT OR REPLACE INTO reviewed VALUES (?, ?)", (learner_id, attempt_id)
            )

    def practice(self, learner_id: int) -> Practice:
        """Return how much a learner has practised."""
        days, attempts, sentences = self._rows(
            """SELECT count(DISTINCT CASE WHEN clock_set THEN day END), count(*),
                      count(DISTINCT CASE WHEN score IS NOT NULL THEN prompt_id END)
               FROM attempts WHERE learner_id = ?""",
            (learner_id,),
        )[0]
        return Practice(int(days) if days or not attempts else None, int(sentences))

    def newest_phones(self, learner_id: int) -> dict[SentenceName, tuple[PhoneScore, ...]]:
        """Return the phones of each sentence's newest scored attempt; what was left out has 0."""
        rows = self._rows(
            """SELECT p.list_id, p.sentence_id, p.text, p.language, u.said, u.phones
               FROM (SELECT max(id) AS id, prompt_id FROM attempts
                     WHERE learner_id = ? AND score IS NOT NULL GROUP BY prompt_id) newest
               JOIN prompts p ON p.id = newest.prompt_id
               JOIN units u ON u.attempt_id = newest.id
               WHERE u.phones != '' ORDER BY newest.id, u.number""",
            (learner_id,),
        )
        found: dict[SentenceName, tuple[PhoneScore, ...]] = defaultdict(tuple)
        with self._trouble():
            for *name, said, written in rows:
                phones = phones_of(written)
                if not said:
                    phones = tuple(replace(phone, score=0.0) for phone in phones)
                found[SentenceName(*name)] += phones
        return dict(found)


def _card(row: Sequence[Any]) -> Card:
    missed, attempt_id, stability, difficulty, due, last_review = row
    memory = None
    if stability is not None:
        memory = Memory(
            stability, difficulty, datetime.fromisoformat(due), datetime.fromisoformat(last_review)
        )
    return Card(bool(missed), int(attempt_id), memory)


def _card_row(card: Card) -> tuple[object, ...]:
    memory = card.memory
    if memory is None:
        return int(card.missed), card.attempt_id, None, None, None, None
    times = (memory.due.isoformat(), memory.last_review.isoformat())
    return int(card.missed), card.attempt_id, memory.stability, memory.difficulty, *times
