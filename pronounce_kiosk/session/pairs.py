"""Minimal pairs: two words that differ in one sound are told apart, by ear and then by mouth."""

import random
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.session.confusions import table_rows
from pronounce_kiosk.session.engine import PracticeEngine

STREAK = 3
"""Rounds right in a row after which the next pair comes."""
APART = 1.0
"""How much more, in nepers, the first word's example must sound like the first word than the second
one's does. What a voice adds to both takes itself off. Espeak-ng says 살 and 쌀 with one sound: 0.
Raising this drops pairs, lowering it lets learners guess."""

Sounds = tuple[str, str]
"""Two sounds that are taken for each other, by their phones' names (`language.phones`)."""


@dataclass(frozen=True)
class Pair:
    """Two words that differ in nothing but two sounds; words[0] has sounds[0]."""

    language: str
    sounds: Sounds
    words: tuple[str, str]

    def sentence(self, number: int) -> Sentence:
        """Give one of its words as a sentence to be said."""
        word = self.words[number]
        return Sentence(f"pair-{word}", word, self.language)

    @property
    def sentences(self) -> tuple[Sentence, Sentence]:
        """Both words as sentences."""
        return (self.sentence(0), self.sentence(1))


@lru_cache(maxsize=1)
def all_pairs() -> tuple[Pair, ...]:
    """Read the table, easiest pair of each confusion first."""
    return tuple(
        Pair(row["language"], _two(row["sounds"]), (row["word_a"], row["word_b"]))
        for row in table_rows("minimal_pairs.tsv")
    )


def confusions(language: str) -> tuple[Sounds, ...]:
    """List the sounds that there are pairs for, in the table's order."""
    return tuple(dict.fromkeys(pair.sounds for pair in all_pairs() if pair.language == language))


def pairs_of(language: str, sounds: Sounds) -> tuple[Pair, ...]:
    """List the pairs of two sounds, given in either order; empty where there are none."""
    wanted = set(sounds)
    return tuple(
        pair for pair in all_pairs() if pair.language == language and set(pair.sounds) == wanted
    )


def _two(sounds: str) -> Sounds:
    first, second = sounds.split()
    return (first, second)


class Step(Enum):
    """Where a round is."""

    CHOOSE = "choose"
    """One of the two was heard: which?"""
    MISHEARD = "misheard"
    """The other one was chosen: both are heard once more."""
    SAY = "say"
    UNHEARD = "unheard"
    """Nothing was heard: say it again."""
    MISSAID = "missaid"
    """The other word was heard."""
    RIGHT = "right"


@dataclass
class PairPractice:
    """Rounds of one confusion's pairs: which word was that, then say it.

    pairs: one at least. hearable: whether a voice says the pair's words apart; where none does,
    they are only said. target: number of the word that is heard and said. chosen: what was taken
    for it. streak: rounds right in a row.
    """

    pairs: tuple[Pair, ...]
    number: int = 0
    hearable: bool = True
    step: Step = Step.CHOOSE
    target: int = 0
    chosen: int | None = None
    streak: int = 0
    _random: random.Random = field(default_factory=random.Random, repr=False)
    _same: int = 0

    @property
    def pair(self) -> Pair:
        """The pair being practised."""
        return self.pairs[self.number]

    def begin(self, hearable: bool) -> None:
        """Begin the pair's first round."""
        self.hearable = hearable
        self.streak = 0
        self.again()

    def choose(self, number: int) -> None:
        """Take a word for the one that was heard; nothing where nobody asks."""
        if self.step is not Step.CHOOSE:
            return
        self.chosen = number
        if number == self.target:
            self.step = Step.SAY
            return
        self.step = Step.MISHEARD
        self.streak = 0

    def hear(self, likelihood_ratio: float | None) -> None:
        """Judge what was said.

        likelihood_ratio: as `likelihood_ratio` gives it.
        """
        if self.step not in (Step.SAY, Step.UNHEARD, Step.MISSAID):
            return
        if likelihood_ratio is None:
            self.step = Step.UNHEARD
        elif likelihood_ratio > 0.0:
            self.step = Step.RIGHT
            self.streak += 1
        else:
            self.step = Step.MISSAID
            self.streak = 0

    @property
    def done(self) -> bool:
        """Whether the next pair is to come."""
        return self.step is Step.RIGHT and self.streak >= STREAK

    def next_pair(self) -> None:
        """Go on to the next pair, after the last one to the first; `begin` follows."""
        self.number = (self.number + 1) % len(self.pairs)
        self.streak = 0
        self.step = Step.CHOOSE

    def again(self) -> None:
        """Begin another round of the pair: a word by chance, but not the same three times."""
        target = self._random.randrange(2)
        if target == self.target and self._same >= 2:
            target = 1 - target
        self._same = self._same + 1 if target == self.target else 1
        self.target = target
        self.chosen = None
        self.step = Step.CHOOSE if self.hearable else Step.SAY


@dataclass(frozen=True, eq=False)
class PairVoices:
    """Both words by the voices there are. apart: whether they can be told apart by ear."""

    clips: tuple[AudioClip, AudioClip]
    apart: bool


def pair_voices(engine: PracticeEngine, pair: Pair) -> PairVoices:
    """Have both words said, and listen whether they sound like two. As `likelihood_ratio`."""
    first, second = (engine.reference(one).clip for one in pair.sentences)
    heard = [likelihood_ratio(engine, clip, pair, 0) for clip in (first, second)]
    apart = heard[0] is not None and heard[1] is not None and heard[0] - heard[1] > APART
    return PairVoices((first, second), apart)


def likelihood_ratio(
    engine: PracticeEngine, take: AudioClip, pair: Pair, target: int
) -> float | None:
    """Tell how much likelier a take is the target than the pair's other word.

    Returns the difference of their log-likelihoods, None where nothing was heard. Raises
    `ReferenceFailedError` where no voice says the words.
    """
    fits = engine.similarities(take, pair.sentences)
    wanted, other = fits[target], fits[1 - target]
    return None if wanted is None or other is None else wanted - other
