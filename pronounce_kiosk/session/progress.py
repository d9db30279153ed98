"""How a learner stands: an attempt beside the earlier ones, a list's progress."""

from collections.abc import Mapping
from dataclasses import dataclass

from pronounce_kiosk.core.grades import Best, shown
from pronounce_kiosk.core.score import Score, why_incomparable
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.history.records import SentenceName, SentencePast


@dataclass(frozen=True)
class PastBar:
    """One of the last attempts. comparable: scored by the same model and voice as the newest."""

    score: int
    comparable: bool
    newest: bool = False


@dataclass(frozen=True)
class Past:
    """The last attempts of a sentence, oldest first, and the best.

    best: None without an earlier attempt. best_comparable: as of a bar.
    """

    bars: tuple[PastBar, ...] = ()
    best: int | None = None
    best_comparable: bool = True


@dataclass(frozen=True)
class Progress:
    """A list's: done of all sentences have a score; earned of three stars each."""

    done: int
    total: int
    earned: int


def name_of(sentence_list: SentenceList, sentence: Sentence) -> SentenceName:
    """What the history calls a sentence."""
    list_id = sentence_list.origin_of(sentence)
    return SentenceName(list_id, sentence.id, sentence.text, sentence.language)


def past_of(kept: SentencePast, newest: Score) -> Past:
    """kept: with the newest attempt in it, as `HistoryStore.past` gives it."""

    def comparable(score: Score) -> bool:
        return why_incomparable(newest, score) is None

    bars = tuple(
        PastBar(shown(one.score.score or 0.0), comparable(one.score), newest=place == 0)
        for place, one in enumerate(kept.last)
    )
    if kept.best is None or not bars:
        return Past(bars[::-1])
    return Past(
        bars=bars[::-1],
        best=shown(kept.best.score.score or 0.0),
        best_comparable=comparable(kept.best.score),
    )


def progress_of(
    sentence_list: SentenceList, bests: Mapping[SentenceName, Best], strictness: str
) -> Progress:
    """bests: `HistoryStore.best_scores`. Only sentences that the list has now count."""
    found = [
        best
        for sentence in sentence_list.sentences
        if (best := bests.get(name_of(sentence_list, sentence))) is not None
    ]
    earned = sum(best.stars(strictness) for best in found)
    return Progress(len(found), len(sentence_list.sentences), earned)
