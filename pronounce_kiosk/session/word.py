"""One word of a sentence: to be heard slowly, looked at, and said alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.audio.reference import PhoneTime, Reference
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.korean.phones import word_numbers
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.session.spoken import Speed, faded
from pronounce_kiosk.session.visemes import MouthMove, mouth_moves

_MARGIN_S = 0.08
"""Heard on either side of the word."""


@dataclass(frozen=True)
class Word:
    """A word of a sentence.

    sentence: the whole one. alone: the word as a sentence of its own. first, last: numbers of its
    units in the whole sentence.
    """

    sentence: Sentence
    alone: Sentence
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class WordExample:
    """The word in the example, slowly.

    times_s: when each of its units is said. moves: of the mouth. Both are empty where nobody tells.
    """

    clip: AudioClip
    times_s: tuple[tuple[float, float], ...]
    moves: tuple[MouthMove, ...]

    def unit_at(self, position_s: float) -> int | None:
        """Tell which of the word's units is being said."""
        begun = [
            number for number, (start_s, _) in enumerate(self.times_s) if start_s <= position_s
        ]
        return begun[-1] if begun else None


def word_of(sentence: Sentence, number: int) -> Word:
    """Find the word that a unit belongs to.

    Raises:
        IndexError: where the sentence has no such unit.
    """
    units = split_units(sentence.text, sentence.language, sentence.pronunciation)
    words = word_numbers(sentence.text, units)
    mine = [index for index, word in enumerate(words) if word == words[number]]
    first, last = mine[0], mine[-1]
    text = sentence.text[units[first].start : units[last].end]
    said = "".join(unit.said for unit in units[first : last + 1])
    alone = Sentence(
        f"{sentence.id}-word-{first}",
        text,
        sentence.language,
        pronunciation=said if sentence.pronunciation else "",
    )
    return Word(sentence, alone, first, last)


def word_example(engine: PracticeEngine, word: Word) -> WordExample:
    """Cut a word out of its sentence's slow example; said alone where its times are not known.

    Raises:
        ReferenceFailedError: where nobody says it.
    """
    example = engine.spoken(word.sentence, Speed.SLOW)
    if not example.units:
        return WordExample(engine.spoken(word.alone, Speed.SLOW).clip, (), ())
    phones = _phones(engine, word.sentence)
    times_s = [(unit.start_s, unit.end_s) for unit in example.units]
    start_s = max(0.0, times_s[word.first][0] - _MARGIN_S)
    end_s = times_s[word.last][1] + _MARGIN_S
    own = [(first - start_s, last - start_s) for first, last in times_s[word.first : word.last + 1]]
    mine = [
        replace(phone, unit=phone.unit - word.first)
        for phone in phones
        if word.first <= phone.unit <= word.last
    ]
    moves = mouth_moves(mine, own)
    closed = (*moves, MouthMove(own[-1][1], "rest")) if moves else ()
    return WordExample(faded(example.clip.slice_s(start_s, end_s)), tuple(own), closed)


def _phones(engine: PracticeEngine, sentence: Sentence) -> tuple[PhoneTime, ...]:
    """Phones with times, which espeak-ng alone gives."""
    reference: Reference = engine.reference(sentence)
    if reference.phones:
        return reference.phones
    voices = engine.library.other_voices(sentence, reference, ())
    return voices[0].phones if voices else ()
