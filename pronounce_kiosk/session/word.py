"""One word of a sentence: heard slowly, compared with one's own, and said alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import PhoneTime
from pronounce_kiosk.core.grades import grade
from pronounce_kiosk.core.score import UnitScore
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units, word_numbers
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.comparison import CloserLook, take_units_of
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.pairs import Sounds, pairs_of
from pronounce_kiosk.session.spoken import Speed, faded
from pronounce_kiosk.session.visemes import MouthMove, mouth_moves

_MARGIN_S = 0.08
"""Heard on either side of the word: less cuts its first and last sound, more lets others in."""


@dataclass(frozen=True)
class Word:
    """A word of a sentence.

    sentence: the whole one. alone: the word as a sentence of its own, with as many units.
    first, last: numbers of its units in the whole sentence, last inclusive.
    """

    sentence: Sentence
    alone: Sentence
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class SpokenWord:
    """A word in a clip.

    times_s: start and end of each of its units. moves: of the mouth. Both are empty where they are
    not known.
    """

    clip: AudioClip
    times_s: tuple[tuple[float, float], ...] = ()
    moves: tuple[MouthMove, ...] = ()

    def unit_at(self, position_s: float) -> int | None:
        """Tell which of the word's units is being said; None before the first."""
        begun = [
            number
            for number, (start_s, end_s) in enumerate(self.times_s)
            if start_s <= position_s and start_s < end_s
        ]
        return begun[-1] if begun else None


def word_of(sentence: Sentence, number: int) -> Word:
    """Find the word that a unit belongs to.

    Alone it is read by its own standard pronunciation: what its neighbours do to it is gone. A
    reading that the list gives for it is kept. Raises IndexError where there is no such unit.
    """
    units = split_units(sentence.text, sentence.language, sentence.pronunciation)
    words = word_numbers(sentence.text, units)
    mine = [index for index, word in enumerate(words) if word == words[number]]
    first, last = mine[0], mine[-1]
    own = slice(first, last + 1)
    said = [unit.said for unit in units[own]]
    standard = [unit.said for unit in split_units(sentence.text, sentence.language)[own]]
    alone = Sentence(
        f"{sentence.id}-word-{first}",
        # A number is written out: alone it might be read in another way.
        "".join(unit.text for unit in units[own]),
        sentence.language,
        pronunciation="" if said == standard else "".join(said),
    )
    return Word(sentence, alone, first, last)


def word_in_example(engine: PracticeEngine, word: Word) -> SpokenWord:
    """Cut a word out of its sentence's slow example; said alone where its times are not known."""
    example = engine.spoken(word.sentence, Speed.SLOW)
    if not example.units:
        return SpokenWord(engine.spoken(word.alone, Speed.SLOW).clip)
    times_s = [(unit.start_s, unit.end_s) for unit in example.units]
    spoken = _cut(example.clip, times_s[word.first : word.last + 1])
    phones = [
        replace(phone, unit=phone.unit - word.first)
        for phone in _phones(engine, word.sentence)
        if word.first <= phone.unit <= word.last
    ]
    return replace(spoken, moves=mouth_moves(phones, spoken.times_s))


def word_in_take(look: CloserLook, word: Word) -> SpokenWord | None:
    """Cut a word out of a take of its sentence; None where it was not said or is not found."""
    times_s = look.take_units[word.first : word.last + 1]
    if not any(start_s < end_s for start_s, end_s in times_s):
        return None
    return _cut(look.take, times_s)


def word_alone(result: TakeResult) -> SpokenWord:
    """Give the take of a word that was said alone, with the times of its units."""
    return SpokenWord(result.take, take_units_of(result))


def named_pair(language: str, unit: UnitScore) -> Sounds | None:
    """Find the two sounds confused in a unit that minimal pairs are there for, the worst first."""
    heard = [one for one in unit.phones if one.heard and grade(one.score) in ("poor", "fair")]
    for phone in sorted(heard, key=lambda one: one.score):
        sounds = (phone.phone, phone.heard or "")
        if pairs_of(language, sounds):
            return sounds
    return None


def _cut(clip: AudioClip, times_s: Sequence[tuple[float, float]]) -> SpokenWord:
    """Cut units out of a clip; those of no length were not said and lie anywhere."""
    said = [(start_s, end_s) for start_s, end_s in times_s if start_s < end_s] or times_s
    first_s = max(0.0, said[0][0] - _MARGIN_S)
    part = clip.slice_s(first_s, said[-1][1] + _MARGIN_S)
    own = tuple((start_s - first_s, end_s - first_s) for start_s, end_s in times_s)
    return SpokenWord(faded(part), own)


def _phones(engine: PracticeEngine, sentence: Sentence) -> tuple[PhoneTime, ...]:
    """Phones with times, which espeak-ng alone gives."""
    reference = engine.reference(sentence)
    if reference.phones:
        return reference.phones
    return engine.library.other_voices(sentence, reference, ())[0].phones
