"""Train the aligned bundle: both languages' models, the Korean scale, golden takes."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.bundles.manifest import CARD_NAME
from pronounce_kiosk.core.documents import toml_document
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.scoring.acoustic.korean import FRAME_S, PHONES, SHAPE, KoreanAcousticModel
from pronounce_kiosk.scoring.acoustic.tdnnf import Tdnnf
from pronounce_kiosk.scoring.korean.model import KoreanModel
from pronounce_kiosk.sentences.bundled import bundled_lists
from pronounce_kiosk.training.aligned.convert_korean import SOURCE, convert_korean, source_sha256
from pronounce_kiosk.training.aligned.english import Log, TrainedEnglish, train_english
from pronounce_kiosk.training.aligned.korean_acceptance import (
    AcceptanceRow,
    acceptance_rows,
    fit_acceptance,
    say,
)
from pronounce_kiosk.training.aligned.korean_adaptation import adapt
from pronounce_kiosk.training.aligned.pictures import draw_losses, draw_posteriors
from pronounce_kiosk.training.aligned.steps import finished
from pronounce_kiosk.training.data.corpus import CorpusTake, read_corpus
from pronounce_kiosk.training.evaluation.base import clip_at_16_khz
from pronounce_kiosk.training.evaluation.out_of_fold import FILE_NAME, write_out_of_fold
from pronounce_kiosk.training.export import CASES, write_bundle

VERSION = "2.2"
ARCHITECTURE = "acoustic"
KNOTS = toml_document(Path(__file__).with_name("korean_scale.toml").read_bytes())
"""Of the Korean scale, from nepers, seconds and shares to points, by `KoreanScale`'s fields."""
MEL = MelParameters()
"""Parameters of the images on the screen; no score depends on them."""
ACCEPTANCE_TAKES = 800
"""Right Korean takes of which the acceptance classifier's rows are made; more take longer."""
SYNTHESISED = 700
"""Korean sentences by espeak-ng among the clips that the network is adapted by."""
SEED = 0
FIXED_SENTENCE = "오늘은 삼겹살을 먹었어요"
"""Korean sentence, by espeak-ng, whose posteriors are drawn."""


def train_aligned(
    corpus_folder: Path, out: Path, work: Path, assets: Path, processes: int, log: Log
) -> None:
    """Train and write a bundle.

    corpus_folder: See `read_corpus`. out: The bundle's folder. work: Folder of finished steps, from
    which an interrupted training continues, and of pictures: losses, and of one take posteriors and
    each epoch's predictions. assets: The program's, whose Korean
    lists espeak-ng says. processes: That work at once. `TrainingError` where the corpus or an
    acoustic model's package is missing.
    """
    work.mkdir(parents=True, exist_ok=True)
    takes = read_corpus(corpus_folder)
    korean = _train_korean(takes, assets, work, log)
    english = train_english(takes, work, processes, log)
    state = {f"korean.{name}": value for name, value in korean.state_dict().items()}
    state |= {f"english.{name}": value for name, value in english.state.items()}
    sha256 = _export(out, state, english, takes)
    log(f"{out.name} {VERSION}, model.pt {sha256[:8]}")
    write_out_of_fold(out / FILE_NAME, sha256, english.out_of_fold)


def _train_korean(takes: Sequence[CorpusTake], assets: Path, work: Path, log: Log) -> KoreanModel:
    """Convert the acoustic model, fit the acceptance classifier, and adapt the network.

    In this order: a classifier fitted on what the adapted network hears takes four times as many of
    Google's words of two syllables for another.
    """
    model = KoreanModel()
    model.acoustic = convert_korean()
    log("Korean acoustic model converted")
    spoken = EspeakEngine().render(Sentence("", FIXED_SENTENCE, "ko")).clip
    samples = spoken.resampled(PIPELINE_SAMPLE_RATE_HZ).samples
    said = [sentence for one in bundled_lists(assets) for sentence in one.sentences]
    texts = sorted(one.text for one in said if one.language == "ko")

    def rows() -> list[AcceptanceRow]:
        found = list(acceptance_rows(model, texts, takes, ACCEPTANCE_TAKES, SEED))
        log(f"{len(found)} rows for the Korean acceptance classifier")
        return found

    path = work / "korean-acceptance-rows.pt"
    model.acceptance = fit_acceptance(finished(path, rows, AcceptanceRow))
    network = partial(_adapt, model.acoustic, takes, texts, work, log)
    adapted = finished(work / "korean-network.pt", network)
    # A new one: the converted network's weights have been multiplied out for use.
    model.acoustic.network = Tdnnf(SHAPE)
    model.acoustic.network.load_state_dict(adapted)
    posteriors = model.acoustic.hear([samples])[0].posteriors[:, 1:]
    picture = work / "korean-posteriors.png"
    draw_posteriors(picture, samples, posteriors, PHONES, FRAME_S, FIXED_SENTENCE)
    return model.eval()


def _adapt(
    acoustic: KoreanAcousticModel,
    takes: Sequence[CorpusTake],
    texts: Sequence[str],
    work: Path,
    log: Log,
) -> dict[str, Tensor]:
    """Adapt the network to noise and rooms, by learners' takes and by espeak-ng's Korean."""
    random = np.random.default_rng(SEED)
    people = [clip_at_16_khz(take.audio).samples.astype(np.float64) for take in takes]
    synthesis = [say(str(random.choice(texts)), random) for _ in range(SYNTHESISED)]
    curve: list[float] = []

    def report(step: int, loss: float) -> None:
        curve.append(loss)
        log(f"Korean network, step {step}: {loss:.3f} nepers from the clean clips")
        draw_losses(work / "korean-losses.png", {"adaptation": curve}, "Korean network")

    adapt(acoustic, people, synthesis, report, seed=SEED)
    return acoustic.network.state_dict()


def _export(
    out: Path, state: dict[str, Tensor], english: TrainedEnglish, takes: Sequence[CorpusTake]
) -> str:
    """Write the bundle with 16-bit weights and return its sha256."""
    tables: dict[str, Any] = {
        "korean": KNOTS,
        "korean_acoustic_model": {"source": SOURCE, "sha256": source_sha256()},
        "english_acoustic_model": {
            "package": "hama 1.7.0",
            "maker": "Seongmin Park",
            "license": "MIT in its repository, Apache-2.0 in its metadata",
            "archive_sha256": english.conversion.sha256,
            "largest_difference": english.conversion.largest_difference,
        },
        "training": {
            "corpus": "speechocean762 (OpenSLR 101, CC BY 4.0), training half",
            "synthesis": "espeak-ng",
            "seed": SEED,
            "training_speakers": list(dict.fromkeys(take.speaker for take in takes)),
        },
        "figures": english.figures,
    }
    card = out / CARD_NAME
    return write_bundle(
        out,
        name=out.name,
        version=VERSION,
        architecture=ARCHITECTURE,
        mel=MEL,
        state={name: kept(name, value) for name, value in state.items()},
        tables=tables,
        card=card.read_text("utf-8") if card.is_file() else f"# {out.name}\n",
        cases=CASES,
    )


def kept(name: str, value: Tensor) -> Tensor:
    """Convert a weight to the type it has on the disk: 16-bit where that changes no score."""
    wide = "acceptance" in name or name.startswith("korean.acoustic.ivectors.weights")
    return value.float() if wide else value.half()
