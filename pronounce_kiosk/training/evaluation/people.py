"""Measure the agreement of scores with the raters of a corpus.

A bundle scores takes of speakers it was not trained on. For its training speakers, the
out-of-fold predictions of `train` in out_of_fold.tsv count. It is compared with the classic bundle
and a single human rater.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.bundles.manifest import Manifest, read_manifest
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.training.data.corpus import CorpusTake, other_sentences, read_corpus
from pronounce_kiosk.training.evaluation import base
from pronounce_kiosk.training.evaluation.agreement import Scorer, compare
from pronounce_kiosk.training.evaluation.figures import Report
from pronounce_kiosk.training.evaluation.out_of_fold import (
    ASPECT_ORDER,
    FILE_NAME,
    TakePrediction,
    read_out_of_fold,
)

_Work = tuple[CorpusTake, Sentence]
"""A take, and another sentence to score it against."""
_Predictions = Mapping[str, TakePrediction]
"""Out-of-fold predictions, by take."""
_SPEAKER_KEYS = ("training_speakers", "calibration_speakers")


def evaluate_bundle(request: base.Request) -> Report:
    """Compare a bundle with a corpus' raters, and with a second bundle.

    Where the corpus is the one a bundle was trained on, takes of its training and calibration
    speakers are left out, except for those with an out-of-fold prediction; `TrainingError` where
    none is left, or where the corpus or the predictions are not as documented.
    """
    folder = request.folders["corpus"]
    assert folder is not None
    corpus = read_corpus(folder)
    manifest = read_manifest(request.bundle)
    held = _held_out(request, manifest, corpus)
    work = list(zip(corpus, other_sentences(corpus), strict=True))
    own = _scorer(request, corpus, work, held)
    asked = [pair for pair in work if pair[0].utterance in own.predictions]
    if not asked:
        raise TrainingError(
            "The bundle was trained on every speaker here: name what training predicted of them "
            "with --out-of-fold."
        )
    others = []
    beside = request.beside or request.baseline
    if beside is not None and beside.resolve() != request.bundle.resolve():
        other = _scorer(replace(request, bundle=beside), corpus, asked, {})
        others = [other] if other.predictions else []
    # Acceptance values are not comparable with scores: only the former where there are such.
    accepted = Scorer(own.name, held) if held else own
    takes = [take for take, _ in asked]
    tables, figures = compare(takes, own, others, accepted)
    title = f"{manifest.name} on {folder.resolve().name}"
    return Report(title, _note(manifest, takes, held), tables, figures)


def _scorer(
    request: base.Request, corpus: Sequence[CorpusTake], work: Sequence[_Work], held: _Predictions
) -> Scorer:
    """Collect predictions, out of fold or scored; none of speakers a bundle was fitted on."""
    manifest = read_manifest(request.bundle)
    fitted = fitted_speakers(manifest, corpus)
    unheld = (pair for pair in work if pair[0].utterance not in held)
    asked = [pair for pair in unheld if pair[0].speaker not in fitted]
    found = request.over(_predict, asked, "takes") if asked else []
    return Scorer(manifest.name, {one.take: one for one in found} | {**held})


def _held_out(
    request: base.Request, manifest: Manifest, corpus: Sequence[CorpusTake]
) -> _Predictions:
    """Read the out-of-fold rows of this corpus; none where there is no file."""
    path = request.out_of_fold or request.bundle / FILE_NAME
    if request.out_of_fold is None and not path.is_file():
        return {}
    held = read_out_of_fold(path, manifest.sha256)
    speakers = {take.utterance: take.speaker for take in corpus}
    same = all(speakers.get(row.take) == row.speaker for row in held.values())
    return held if same else {}


def _note(manifest: Manifest, takes: Sequence[CorpusTake], held: _Predictions) -> str:
    """Describe how many takes are out of fold, and how many of new speakers."""
    folds = sum(take.utterance in held for take in takes)
    fresh = len(takes) - folds
    parts = []
    if folds:
        parts.append(f"{folds} out-of-fold (by parts of the model trained without their speakers)")
    if fresh:
        named = any(manifest.tables.get("training", {}).get(key) for key in _SPEAKER_KEYS)
        unsaid = "of which the manifest does not say whether it was trained on them"
        parts.append(f"{fresh} {'by speakers not used in training' if named else unsaid}")
    speakers = len({take.speaker for take in takes})
    return f"{len(takes)} takes of {speakers} speakers: {'; '.join(parts)}. espeak-ng references."


def fitted_speakers(manifest: Manifest, corpus: Sequence[CorpusTake]) -> set[str]:
    """Find the speakers a bundle was fitted on; none where the corpus does not hold them all."""
    table = manifest.tables.get("training", {})
    names = {str(name) for key in _SPEAKER_KEYS for name in table.get(key, [])}
    return names if names <= {take.speaker for take in corpus} else set()


def _predict(work: _Work) -> TakePrediction:
    take, wrong = work
    clip = read_clip(take.audio)
    right = base.score_of(clip, Sentence("", take.sentence.text, take.sentence.language))
    points = [unit.score for unit in right.units]
    aspects = [getattr(right, "score" if name == "total" else name) for name in ASPECT_ORDER]
    total = right.score or 0.0
    return TakePrediction(
        take.utterance,
        take.speaker,
        _similarity(right),
        _similarity(base.score_of(clip, wrong)),
        aspects=tuple(total if one is None else float(one) for one in aspects),
        words=tuple(one for one in points if one is not None) if None not in points else (),
    )


def _similarity(score: Score) -> float:
    """Return the total as acceptance value; a take with 0 points is accepted all the same."""
    return 0.0 if score.score is None else max(score.score, 1e-6)
