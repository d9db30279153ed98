"""Which scores may be compared, and why not."""

from __future__ import annotations

import pytest

from pronounce_kiosk.core.provenance import Incomparable, why_incomparable
from pronounce_kiosk.core.score import BundleInfo, ReferenceInfo, Score, Verdict

BUNDLE = BundleInfo("a", "1" * 64)
VOICE = ReferenceInfo("espeak", "ko")


def by(bundle: BundleInfo | None, reference: ReferenceInfo | None) -> Score:
    return Score(Verdict.SCORED, 50.0, bundle=bundle, reference=reference)


ONE = by(BUNDLE, VOICE)


def test_the_same_bundle_and_voice_may_be_compared() -> None:
    assert why_incomparable(ONE, by(BundleInfo("a", "1" * 64), VOICE)) is None


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (by(BundleInfo("a", "2" * 64), VOICE), Incomparable.BUNDLE),
        # The same weights calibrated by another manifest.
        (by(BundleInfo("b", "1" * 64), VOICE), Incomparable.BUNDLE),
        (by(BUNDLE, ReferenceInfo("gtts", "ko")), Incomparable.ENGINE),
        (by(BUNDLE, ReferenceInfo("espeak", "ko+f2")), Incomparable.VOICE),
        (by(BundleInfo("b", "2" * 64), ReferenceInfo("gtts", "ko")), Incomparable.BUNDLE),
        (by(None, VOICE), Incomparable.UNKNOWN),
        (by(BUNDLE, None), Incomparable.UNKNOWN),
    ],
)
def test_why_not(other: Score, why: Incomparable) -> None:
    assert why_incomparable(ONE, other) is why
    assert why_incomparable(other, ONE) is why


def test_two_scores_that_say_nothing_are_not_taken_for_the_same() -> None:
    nothing = Score(Verdict.SCORED, 50.0)
    assert why_incomparable(nothing, nothing) is Incomparable.UNKNOWN
