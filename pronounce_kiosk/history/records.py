"""What the history keeps and what it answers, as plain data."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pronounce_kiosk.core.score import Score

ANIMALS: tuple[str, ...] = (
    "tiger", "rabbit", "bear", "cat", "dog", "fox",
    "panda", "penguin", "frog", "owl", "pig", "chick",
)  # fmt: skip
"""Pictures a learner can choose: assets/animals/<name>.svg."""
NICKNAME_LENGTH = 12
"""Characters of a nickname at most: what fits beside the picture."""


@dataclass(frozen=True)
class Learner:
    """Someone who practises. guest: nobody in particular, with neither nickname nor animal.

    Every visit of a guest is a learner of its own, so that the next guest sees nothing of it.
    """

    id: int
    nickname: str
    animal: str
    guest: bool = False
    number: int = 1
    """Tells learners apart who chose the same nickname (or none) and animal: 1, 2, ..."""

    def numbered(self, name: str) -> str:
        """Return a name for this learner: "Tiger", and "Tiger 2" for the second of that name."""
        return name if self.number == 1 else f"{name} {self.number}".strip()


def clean_nickname(text: str) -> str:
    """Return a nickname as it is kept: printable, NFC, single spaces, `NICKNAME_LENGTH` at most."""
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(c for c in composed if unicodedata.category(c)[0] not in "CZ" or c == " ")
    return " ".join(shown.split())[:NICKNAME_LENGTH].strip()


def namesakes(learners: Iterable[Learner], nickname: str, animal: str) -> tuple[Learner, ...]:
    """Return the learners who have both that nickname (may be empty) and that animal, by number."""
    wanted = (clean_nickname(nickname), animal)
    found = (one for one in learners if not one.guest and (one.nickname, one.animal) == wanted)
    return tuple(sorted(found, key=lambda one: one.number))


@dataclass(frozen=True)
class SentenceName:
    """A sentence as it was practised: its place in a list, and its text at that time."""

    list_id: str
    sentence_id: str
    text: str
    language: str


@dataclass(frozen=True)
class NewAttempt:
    """A take's result, to be kept. take_file: the name of the kept audio, "" for none."""

    learner_id: int
    sentence: SentenceName
    score: Score
    take_file: str = ""


@dataclass(frozen=True)
class Attempt:
    """A kept result.

    at: UTC. clock_set: whether the clock had been set when it was written; where not, `at` may be
    wrong, while the order of ids is right. score: as it was given, but without timings_ms and
    notes.
    """

    id: int
    learner_id: int
    at: datetime
    clock_set: bool
    sentence: SentenceName
    score: Score
    app_version: str
    take_file: str


@dataclass(frozen=True)
class SentencePast:
    """One learner's scored attempts of one sentence. last: the newest first, five at most."""

    best: Attempt | None
    last: tuple[Attempt, ...]


@dataclass(frozen=True)
class Scope:
    """Which attempts count.

    since_day: the first day, ``YYYY-MM-DD``; "" is the beginning. group: whose; "" is everybody's.
    learner_id: one learner's alone.
    """

    since_day: str = ""
    group: str = ""
    learner_id: int | None = None

    @property
    def condition(self) -> str:
        """The condition for a query whose attempts are called ``a``, with `parameters`."""
        return " AND ".join(self._limits) or "1"

    @property
    def parameters(self) -> tuple[Any, ...]:
        """The values of `condition`."""
        return tuple(self._limits.values())

    @property
    def _limits(self) -> dict[str, Any]:
        limits = {
            "a.day >= ?": self.since_day,
            "a.learner_id IN (SELECT learner_id FROM class_groups WHERE name = ?)": self.group,
            "a.learner_id = ?": self.learner_id,
        }
        return {condition: value for condition, value in limits.items() if value not in ("", None)}


EVERYTHING = Scope()


@dataclass(frozen=True)
class WeakUnit:
    """A unit to practise. mean: its score, 0-100; sentences: those that hold it, worst first."""

    text: str
    mean: float
    sentences: tuple[SentenceName, ...]


@dataclass(frozen=True)
class ListSummary:
    """How a learner stands in a list.

    sentences: how many have a score; mean_best: the mean of each one's best, None without any;
    weak: the units to practise, the weakest first, taken from the newest attempt of each sentence.
    """

    sentences: int
    mean_best: float | None
    weak: tuple[WeakUnit, ...]


@dataclass(frozen=True)
class LearnerRow:
    """One line of the class overview. learner is None for all guests together.

    attempts counts those not scored too; mean and best are of the scored ones, None without any.
    last_at: UTC, of the newest attempt.
    """

    learner: Learner | None
    attempts: int
    mean: float | None
    best: float | None
    last_at: datetime | None


@dataclass(frozen=True)
class SentenceRow:
    """One sentence in the class overview; numbers as in `LearnerRow`. learners: different ones."""

    sentence: SentenceName
    attempts: int
    mean: float | None
    best: float | None
    learners: int


@dataclass(frozen=True)
class MissedUnit:
    """How often a unit was missed (``poor`` by `core.grades`, or left out).

    times: how often it was scored. sentences: those in which it was missed, most often first,
    three at most.
    """

    text: str
    language: str
    times: int
    missed: int
    mean: float
    sentences: tuple[SentenceName, ...]

    @property
    def share(self) -> float:
        """The part of its times in which it was missed, 0 to 1."""
        return self.missed / self.times if self.times else 0.0


@dataclass(frozen=True)
class Confusion:
    """How often one sound was heard for another.

    target, heard: phones of the language's set; heard is "" where the sound was left out.
    learners: how many different ones said it so.
    """

    language: str
    target: str
    heard: str
    times: int
    learners: int


@dataclass(frozen=True)
class DayRow:
    """One day of the chart.

    day: local, ``YYYY-MM-DD``. clock_set: False where any attempt of the day was written before
    the clock was set: the day may then be wrong.
    """

    day: str
    attempts: int
    mean: float | None
    clock_set: bool
