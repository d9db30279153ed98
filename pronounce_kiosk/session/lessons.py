"""Lessons: lists that name the sounds they teach, and are passed when those are said right."""

from collections.abc import Mapping
from dataclasses import dataclass

from pronounce_kiosk.core.grades import GOOD_POINTS, grade
from pronounce_kiosk.core.score import PhoneScore
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.history.records import SentenceName, WeakUnit
from pronounce_kiosk.history.review import Sound
from pronounce_kiosk.session.progress import name_of
from pronounce_kiosk.session.sounds import points_by_sound, sounds_of

ENOUGH_SENTENCES = 2
"""Sentences in which a target must be right, or all that hold it where these are fewer."""


@dataclass(frozen=True)
class Lesson:
    """How a learner stands in a lesson.

    begun: any of its sentences has a score. missing: the targets still to be practised, each with
    the sentences that hold it, those where it went worst first; empty where the lesson is passed.
    """

    begun: bool
    missing: tuple[WeakUnit, ...]

    @property
    def passed(self) -> bool:
        """Whether every target is right."""
        return not self.missing


def lesson_of(
    lesson: SentenceList, newest: Mapping[SentenceName, tuple[PhoneScore, ...]]
) -> Lesson:
    """Judge a lesson by the newest attempt of each of its sentences.

    A target is right where its points average green over the attempts that hold it, and these are
    `ENOUGH_SENTENCES`.

    newest: the phones of each sentence's newest attempt (`Review.newest_phones`).
    """
    names = {sentence: name_of(lesson, sentence) for sentence in lesson.sentences}
    said = {
        name: points_by_sound(name.language, newest[name])
        for name in names.values()
        if name in newest
    }
    missing = []
    for target in lesson.targets:
        sound = Sound(lesson.language, target)
        holders = [name for sentence, name in names.items() if sound in sounds_of(sentence)]
        points = {name: said[name][sound] for name in holders if sound in said.get(name, {})}
        mean = sum(points.values()) / len(points) if points else 0.0
        enough = len(points) >= min(ENOUGH_SENTENCES, len(holders))
        if grade(mean) != "good" or not enough:
            # What was not said yet comes after what went wrong, before what went right.
            order = sorted(holders, key=lambda name: points.get(name, GOOD_POINTS - 1.0))
            missing.append(WeakUnit(target, mean, tuple(order)))
    missing.sort(key=lambda unit: unit.mean)
    return Lesson(bool(said), tuple(missing))
