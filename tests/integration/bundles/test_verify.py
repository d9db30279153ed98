"""A bundle does what its manifest says, or is told from one that does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.bundles.manifest import read_manifest
from pronounce_kiosk.bundles.verify import ScoreWith, Verification, verify_bundle
from pronounce_kiosk.core.errors import BundleError
from pronounce_kiosk.core.score import Score, UnitScore, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.classic.network import ClassicSiamese

Make = Callable[..., Path]


def edit(folder: Path, pattern: str, new: str) -> Path:
    path = folder / "manifest.toml"
    text = path.read_text(encoding="utf-8")
    assert re.search(pattern, text)
    path.write_text(re.sub(pattern, new, text, count=1), encoding="utf-8")
    return folder


def refused(found: Verification) -> str:
    """The one sentence of a bundle that fails its check."""
    with pytest.raises(BundleError) as caught:
        found.require()
    message = caught.value.message
    assert "\n" not in message
    assert found.problem in message
    return message


def test_a_whole_bundle_passes(make_whole: Make, score_with: ScoreWith) -> None:
    found = verify_bundle(make_whole(), score_with)
    assert found.problem == ""
    assert found.require() is found.bundle
    assert [result.take.kind for result in found.golden] == ["right", "silence"]
    assert found.golden[0].score is not None
    assert found.golden[0].score.verdict is Verdict.SCORED


def test_a_score_out_of_its_band(make_whole: Make, score_with: ScoreWith) -> None:
    folder = edit(
        make_whole(), "score_min = .*\nscore_max = .*", "score_min = 1.0\nscore_max = 2.0"
    )
    assert "golden/right.flac gets " in refused(verify_bundle(folder, score_with))


def test_another_verdict(make_whole: Make, score_with: ScoreWith) -> None:
    folder = edit(make_whole(), 'verdict = "silence"', 'verdict = "noisy"')
    message = refused(verify_bundle(folder, score_with))
    assert "golden/silence.flac is silence and not noisy" in message


def test_a_golden_take_that_is_gone_or_no_audio(make_whole: Make, score_with: ScoreWith) -> None:
    folder = make_whole()
    (folder / "golden" / "right.flac").write_bytes(b"no audio")
    assert "golden/right.flac cannot be scored" in refused(verify_bundle(folder, score_with))
    (folder / "golden" / "right.flac").unlink()
    assert "golden/right.flac cannot be scored" in refused(verify_bundle(folder, score_with))


def test_nothing_to_go_by(make: Make, score_with: ScoreWith) -> None:
    assert "no golden take that must be scored" in refused(verify_bundle(make(), score_with))


def test_weights_that_are_numbers_and_give_none(
    make: Make, make_whole: Make, score_with: ScoreWith
) -> None:
    """Each weight is finite, and their products are not."""
    golden = read_manifest(make_whole()).tables["golden"]
    state = {
        name: torch.full_like(value, 1e38) if name.endswith("weight") else value
        for name, value in ClassicSiamese().state_dict().items()
    }
    folder = make("whole-1", state=state, golden=golden)
    assert "golden/right.flac" in refused(verify_bundle(folder, score_with))


def fixed(*scores: Score) -> ScoreWith:
    """Gives these, one after another, whatever it hears."""
    given = iter(scores)
    return lambda scorer: lambda take, sentence: next(given)


@pytest.mark.parametrize(
    "score",
    [
        Score(Verdict.SCORED, float("nan")),
        Score(Verdict.SCORED, 90.0, fluency=float("inf")),
        Score(Verdict.SCORED, 90.0, units=(UnitScore("안", 0.0, float("nan"), 50.0),)),
    ],
    ids=["score", "aspect", "unit"],
)
def test_values_that_are_not_numbers(make_whole: Make, score: Score) -> None:
    found = verify_bundle(make_whole(), fixed(score, Score(Verdict.SILENCE)))
    assert "not numbers" in refused(found)


def test_a_scored_take_without_a_score(make_whole: Make) -> None:
    found = verify_bundle(make_whole(), fixed(Score(Verdict.SCORED), Score(Verdict.SILENCE)))
    assert "no score" in refused(found)


def test_a_scorer_that_breaks(make_whole: Make) -> None:
    def breaks(take: AudioClip, sentence: Sentence) -> Score:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    found = verify_bundle(make_whole(), lambda scorer: breaks)
    assert "cannot be scored (RuntimeError)" in refused(found)
    assert all(result.problem for result in found.golden)


@pytest.mark.parametrize(("bad", "passes"), [(60.0, True), (80.0, False), (81.0, False)])
def test_a_bad_take_is_below_the_right_one_though_their_bands_meet(
    make_whole: Make, bad: float, passes: bool
) -> None:
    folder = edit(make_whole(), "score_min = .*\nscore_max = .*", "score_min = 0\nscore_max = 100")
    manifest = folder / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    take = text.partition("[[golden]]")[2].partition("[[golden]]")[0]
    bad_take = take.replace('"right"', '"bad"')
    manifest.write_text(f"{text}\n[[golden]]{bad_take}", encoding="utf-8")
    scores = (Score(Verdict.SCORED, 80.0), Score(Verdict.SILENCE), Score(Verdict.SCORED, bad))
    found = verify_bundle(folder, fixed(*scores))
    assert (found.problem == "") is passes
