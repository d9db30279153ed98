from __future__ import annotations

import json

import pytest

from pronounce_kiosk.core.score import (
    BundleInfo,
    Incomparable,
    Note,
    PhoneScore,
    ReferenceInfo,
    Remark,
    RemarkKind,
    Score,
    UnitScore,
    Verdict,
    why_incomparable,
)

KEYS = [
    "verdict",
    "score",
    "accuracy",
    "fluency",
    "prosody",
    "units",
    "notes",
    "remarks",
    "reference",
    "bundle",
    "timings_ms",
]
VERDICTS = [
    "scored",
    "silence",
    "too_quiet",
    "clipped",
    "noisy",
    "too_short",
    "too_long",
    "different_sentence",
    "unreadable",
]


def test_the_verdicts_other_programs_know() -> None:
    assert [verdict.value for verdict in Verdict] == VERDICTS


def test_a_refused_take_has_every_key_and_no_numbers() -> None:
    document = Score(Verdict.SILENCE).to_json()
    assert list(document) == KEYS
    assert document["verdict"] == "silence"
    assert document["score"] is None
    assert document["units"] == []
    assert document["timings_ms"] == {}


def test_a_scored_take_as_json() -> None:
    score = Score(
        Verdict.SCORED,
        score=71.23456,
        accuracy=70.0,
        units=(
            UnitScore("먹", 0.12345, 0.3, 55.555, phones=(PhoneScore("ㅁ", 12.345, "ㄴ"),)),
            UnitScore("어", 0.3, 0.4, None, said=False),
        ),
        notes=(Note.LOUD,),
        remarks=(Remark(RemarkKind.AS_SPELLED, 0, 1),),
        reference=ReferenceInfo("espeak", "ko"),
        bundle=BundleInfo("classic-1", "ab" * 32),
        timings_ms={"denoise": 12.3456},
    )
    document = json.loads(json.dumps(score.to_json()))
    assert document == {
        "verdict": "scored",
        "score": 71.23,
        "accuracy": 70.0,
        "fluency": None,
        "prosody": None,
        "units": [
            {
                "text": "먹",
                "start_s": 0.123,
                "end_s": 0.3,
                "score": 55.55,
                "said": True,
                "phones": [{"phone": "ㅁ", "score": 12.35, "heard": "ㄴ"}],
            },
            {
                "text": "어",
                "start_s": 0.3,
                "end_s": 0.4,
                "score": None,
                "said": False,
                "phones": [],
            },
        ],
        "notes": ["loud"],
        "remarks": [{"kind": "as_spelled", "first": 0, "last": 1, "syllables": []}],
        "reference": {"engine": "espeak", "voice": "ko"},
        "bundle": {"name": "classic-1", "sha256": "ab" * 32},
        "timings_ms": {"denoise": 12.35},
    }


# ---- which scores may be compared ----

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
