"""Two bundles over the same takes: what the tables say, on numbers worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.batch.compare import Pair, pair_up, pearson, report, spearman, write_pairs
from pronounce_kiosk.batch.scoring import BatchResult, BatchRow
from pronounce_kiosk.core.score import BundleInfo, Incomparable, ReferenceInfo, Score, Verdict

A, B = BundleInfo("a-1", "1" * 64), BundleInfo("b-1", "2" * 64)
VOICE = ReferenceInfo("espeak", "ko")


def scored(points: float, bundle: BundleInfo = A, **aspects: float) -> Score:
    return Score(Verdict.SCORED, points, **aspects, reference=VOICE, bundle=bundle)  # type: ignore[arg-type]


def refused(bundle: BundleInfo = B) -> Score:
    return Score(Verdict.DIFFERENT_SENTENCE, reference=VOICE, bundle=bundle)


def test_correlations() -> None:
    assert pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1.0)
    assert pearson([1, 2, 3], [3, 2, 1]) == pytest.approx(-1.0)
    assert spearman([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(1.0)
    assert math.isnan(pearson([1, 2], [1, 2]))
    assert math.isnan(pearson([1, 1, 1], [1, 2, 3]))


def test_a_pair_says_that_the_scales_differ() -> None:
    pair = Pair("1", scored(60), scored(75, B))
    assert pair.difference == 15
    assert pair.incomparable is Incomparable.BUNDLE
    assert Pair("1", scored(60), scored(70)).incomparable is None
    assert Pair("1", scored(60), refused()).difference is None


def test_the_paired_table(tmp_path: Path) -> None:
    results = [BatchResult("1", scored(60)), BatchResult("2", scored(50))]
    others = [BatchResult("1", scored(75, B)), BatchResult("2", refused())]
    rows = [BatchRow(name, tmp_path / "a.wav", "hi", "en") for name in ("1", "2")]
    write_pairs(tmp_path / "pairs.tsv", pair_up(rows, results, others))
    assert (tmp_path / "pairs.tsv").read_text().splitlines() == [
        "id\tverdict_a\tscore_a\tverdict_b\tscore_b\tdifference\tnot_comparable",
        "1\tscored\t60.00\tscored\t75.00\t15.00\tbundle",
        "2\tscored\t50.00\tdifferent_sentence\t\t\tbundle",
    ]


def pairs() -> tuple[Pair, ...]:
    random = np.random.default_rng(0)
    people = random.uniform(0, 10, 30)
    rows = []
    for number, total in enumerate(people):
        # A follows people exactly, B at random; only B has an accuracy.
        one = scored(10 * total)
        other = scored(random.uniform(0, 100), B, accuracy=10 * total)
        rows.append(Pair(f"t{number}", one, other, {"total": total, "accuracy": total}))
    rows.append(Pair("refused", scored(50), refused(), {"total": 5.0}))
    return tuple(rows)


def line(text: str, start: str) -> list[str]:
    return next(line for line in text.splitlines() if line.startswith(start)).split()


def test_the_report() -> None:
    text = report(A, B, pairs())
    assert "A  a-1  sha256 111111111111" in text
    assert "not comparable one to one" in text
    assert "references: espeak ko" in text
    assert "30 of 31 takes get the same verdict" in text
    takes, of_a, of_b, gap = line(text, "total")[1:]
    assert (takes, of_a) == ("30", "1.000")
    assert abs(float(of_b)) < 0.5
    assert float(gap) == pytest.approx(float(of_b) - 1, abs=0.002)
    # One side alone has no difference.
    assert line(text, "accuracy")[1:] == ["30", "-", "1.000", "-"]
    assert "  refused  50.0, different_sentence" in text
    assert "another reference" not in text


def test_the_report_without_ratings_or_with_the_same_bundle() -> None:
    same = [Pair(str(i), scored(10.0 * i), scored(10.0 * i)) for i in range(5)]
    text = report(A, A, same)
    assert "not comparable" not in text
    assert "with ratings" not in text
    assert "takes to listen to" not in text
    assert line(text, "score ")[-2:] == ["1.000", "1.000"]


def test_another_reference_is_marked() -> None:
    gtts = Score(Verdict.SCORED, 70.0, reference=ReferenceInfo("gtts", "ko"), bundle=A)
    assert "another reference" in report(A, A, [Pair("1", scored(60), gtts)])


@pytest.mark.parametrize("given", [(), (Pair("1", refused(A), refused()),)])
def test_nothing_scored(given: tuple[Pair, ...]) -> None:
    assert "no take is scored by both" in report(A, B, given)
