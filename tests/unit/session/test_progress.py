"""A list's progress and an attempt among the earlier ones."""

from __future__ import annotations

from datetime import UTC, datetime

from pronounce_kiosk.core.grades import Best
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score, Verdict
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.history.records import Attempt, SentenceName, SentencePast
from pronounce_kiosk.session.progress import name_of, past_of, progress_of

BUNDLE = BundleInfo("one", "1" * 64)


def attempt(number: int, points: float, bundle: BundleInfo = BUNDLE) -> Attempt:
    score = Score(Verdict.SCORED, points, reference=ReferenceInfo("espeak", "ko"), bundle=bundle)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Attempt(number, 1, at, True, SentenceName("l", "1", "가", "ko"), score, "0.1.0", "")


def past(*attempts: Attempt):  # type: ignore[no-untyped-def]
    newest_first = tuple(reversed(attempts))
    best = max(newest_first, key=lambda one: (one.score.score, one.id), default=None)
    newest = attempts[-1].score if attempts else Score(Verdict.SILENCE)
    return past_of(SentencePast(best, newest_first[:5]), newest)


def test_the_best_and_bars_of_another_model_are_told_apart() -> None:
    other = BundleInfo("two", "2" * 64)
    across = past(attempt(1, 50, other), attempt(2, 60))
    assert [bar.comparable for bar in across.bars] == [False, True]
    higher = past(attempt(1, 90, other), attempt(2, 60))
    assert (higher.best, higher.best_comparable) == (90, False)


def test_bars_are_in_the_order_of_time() -> None:
    bars = past(attempt(1, 10), attempt(2, 20), attempt(3, 30)).bars
    assert [bar.score for bar in bars] == [10, 20, 30]
    assert [bar.newest for bar in bars] == [False, False, True]
    assert past().bars == ()


def test_only_sentences_the_list_has_now_count() -> None:
    sentences = (Sentence("1", "가", "ko"), Sentence("2", "나", "ko"))
    found = SentenceList("l", "l", "ko", sentences)
    edited = SentenceList("l", "l", "ko", (Sentence("1", "가 나", "ko"), sentences[1]))
    bests = {name_of(found, sentence): Best(82.0, 82.0) for sentence in sentences}
    progress = progress_of(found, bests, "normal")
    assert (progress.done, progress.total, progress.earned) == (2, 2, 4)
    assert progress_of(found, bests, "strict").earned == 2
    assert progress_of(edited, bests, "normal").done == 1


def test_a_list_counts_no_third_star_for_a_sentence_with_a_red_unit() -> None:
    found = SentenceList("l", "l", "ko", (Sentence("1", "가", "ko"),))
    name = name_of(found, found.sentences[0])
    assert progress_of(found, {name: Best(98.0)}, "normal").earned == 2
    assert progress_of(found, {name: Best(98.0, 89.5)}, "normal").earned == 3
