"""`train aligned`: the whole recipe of the aligned architecture, from corpus to bundle.

1. speech: the corpus' takes, and synthesis by random voices; 2. two frame encoders, each on half of
the speakers, then with a Korean person's diphones too, then with these made high; 3. how each
compares; 4. what is one voice and what is not; 5. evidence of every take by the encoder that never
heard its speaker; 6. the judge; 7. the bundle. What is finished is kept in the work folder, so a
training that was cut off goes on.
"""

from __future__ import annotations

import csv
import dataclasses
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.bundles.manifest import CARD_NAME
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.scoring.first.aligned import AlignedModel
from pronounce_kiosk.scoring.first.aligned_encoder import (
    AlignedEncoder,
    Comparison,
    Ear,
    EncoderShape,
)
from pronounce_kiosk.scoring.first.aligned_voice import Voice
from pronounce_kiosk.training.data.corpus import Corpus, CorpusTake, read_corpus, split_speakers
from pronounce_kiosk.training.data.mbrola import Mbrola
from pronounce_kiosk.training.evaluation.out_of_fold import (
    FILE_NAME,
    words_by_take,
    write_out_of_fold,
)
from pronounce_kiosk.training.export import write_bundle
from pronounce_kiosk.training.first.aligned_compare import people, synthesis, train_comparison
from pronounce_kiosk.training.first.aligned_encoder import EncoderRecipe, train_encoder
from pronounce_kiosk.training.first.aligned_gate import gate_rows
from pronounce_kiosk.training.first.aligned_judge import Fitted, calibrated, fit_judge
from pronounce_kiosk.training.first.aligned_korean import example_texts, korean_rows
from pronounce_kiosk.training.first.aligned_rows import take_rows
from pronounce_kiosk.training.first.aligned_speech import (
    as_recorded,
    english_texts,
    korean_texts,
    render,
    takes,
)
from pronounce_kiosk.training.first.aligned_store import (
    StoredItem,
    load_items,
    load_weights,
    save_items,
    save_weights,
    stored_items,
)
from pronounce_kiosk.training.first.aligned_syllables import fit_syllables, touched_rows
from pronounce_kiosk.training.first.aligned_voice import (
    load_examples,
    save_examples,
    take_doubts,
    train_voices,
    voice_examples,
)
from pronounce_kiosk.training.golden import make_golden

ENCODERS = 2
VOICES = 4
SEED = 0
VERSION = "1.10"
MEL = MelParameters(top_db=50.0, soft_floor=True)
"""50 dB hold all of speech but the faintest fricatives; a quiet room lies below."""

Log = Callable[[str], None]


def _going_on(
    steps: int,
    seed: int,
    engine: str,
    before: tuple[float, float, float, float],
    diphones: dict[str, float],
) -> EncoderRecipe:
    """A further round, of an encoder that knows when which phone is said.

    engine: whose speech it hears for the first time. before: the shares of what it has heard
    already, in the first round's order; diphones: those of the person's diphones.
    """
    shares = dict(zip(EncoderRecipe().shares, before, strict=True)) | diphones
    return EncoderRecipe(
        steps=steps,
        learning_rate=1.5e-3,
        shares=shares,
        variants={engine: 3},
        align_at=(0.0, 0.5),
        ctc_after=0.2,
        seed=seed,
    )


@dataclasses.dataclass(frozen=True)
class AlignedRecipe:
    """How much of what. Fewer texts and steps make a quick trial.

    diphones: how many Korean texts MBROLA says in a low voice, and how many in a high one; with 0
    it need not be installed, and the encoders do not learn again.
    """

    english: int = 1800
    flite: int = 500
    korean: int = 4000
    compared: int = 800
    touched: int = 1500
    examples: int = 1000
    hard: int = 4000
    crowds: int = 4000
    diphones: int = 3000
    encoder: EncoderRecipe = dataclasses.field(default_factory=EncoderRecipe)
    again: EncoderRecipe = dataclasses.field(
        default_factory=lambda: _going_on(
            3400, 1, "mbrola", (0.38, 0.12, 0.07, 0.18), {"mbrola/ko": 0.25}
        )
    )
    last: EncoderRecipe = dataclasses.field(
        default_factory=lambda: _going_on(
            5600,
            2,
            "mbrola-high",
            (0.40, 0.08, 0.05, 0.11),
            {"mbrola/ko": 0.13, "mbrola-high/ko": 0.23},
        )
    )
    shape: EncoderShape = dataclasses.field(default_factory=EncoderShape)


def train_aligned(
    corpus_folder: Path,
    out: Path,
    work: Path,
    sentences: Path,
    processes: int,
    log: Log,
    recipe: AlignedRecipe | None = None,
) -> Fitted:
    """Train and write a bundle to ``out``.

    work: a folder for what is finished, so that training goes on where it was cut off. sentences:
    the folder of the bundled Korean lists. processes: how many at once. Raises `TrainingError`
    where the corpus or a voice is missing.
    """
    recipe = recipe or AlignedRecipe()
    mel = MEL
    work.mkdir(parents=True, exist_ok=True)
    person = _person(recipe)
    corpus = read_corpus(corpus_folder)
    korean = _korean_sentences(sentences)
    paths = [work / f"encoder-{index}.pt" for index in range(ENCODERS)]
    if not all(path.is_file() for path in paths):
        _train_encoders(corpus, korean, recipe, mel, work, paths, processes, log)
    encoders = [load_weights(path, AlignedEncoder(recipe.shape)) for path in paths]
    ears = _ears(corpus, korean, encoders, recipe, mel, work, processes, person, log)
    halves = _halves(corpus)
    voices = _voices(corpus, korean, recipe, mel, work, processes, person, log)
    log("evidence of every take")
    listeners = [_unheard(halves, take.speaker) for take in corpus.takes]
    rows = take_rows(corpus.takes, listeners, ears, mel, processes)
    texts = korean_texts(korean, recipe.touched, random.Random(SEED + 5))
    syllables = fit_syllables(touched_rows(texts, ears, mel, processes, person))
    said = example_texts(korean, recipe.examples, SEED)
    examples = korean_rows(said, ears, mel, processes, person)
    spoken = example_texts(korean, recipe.hard, SEED + 13)
    hard = gate_rows(corpus.takes, listeners, spoken, ears, mel, processes, person)
    fitted = fit_judge(corpus.takes, rows, syllables, examples, hard, processes)
    kept = [corpus.takes[index] for index in fitted.kept]
    doubt = take_doubts(kept, fitted.right, _own_parts(corpus, kept), voices, mel)
    fitted = dataclasses.replace(fitted, doubt=doubt)
    numbers = figures(fitted, corpus)
    sha256 = export(out, recipe.shape, ears, voices, fitted, mel, numbers, corpus.speakers)
    leave_out_of_fold(out, sha256, corpus.takes, fitted)
    return fitted


def leave_out_of_fold(out: Path, sha256: str, takes: Sequence[CorpusTake], fitted: Fitted) -> None:
    """Write what was predicted of every take by parts that never heard its speaker."""
    judge = fitted.judge
    points = np.interp(
        fitted.words[0],
        judge.get_buffer("unit_from_en").numpy().astype(np.float64),
        judge.get_buffer("unit_to_en").numpy().astype(np.float64),
    )
    # Of several ways to spoil a take, the first.
    rows, first = np.unique(fitted.negative_of, return_index=True)
    spoiled = np.full(len(fitted.kept), np.nan)
    spoiled[rows] = fitted.negative[first]
    write_out_of_fold(
        out / FILE_NAME,
        sha256,
        takes,
        fitted.kept,
        10.0 * calibrated(fitted),
        fitted.believed,
        fitted.wrong,
        spoiled,
        words_by_take(100.0 * points, fitted.word_counts),
    )


def export(
    out: Path,
    shape: EncoderShape,
    ears: Sequence[Ear],
    voices: Sequence[Voice],
    fitted: Fitted,
    mel: MelParameters,
    numbers: dict[str, float],
    speakers: Sequence[str] = (),
) -> str:
    """Write the bundle, weights as 16-bit floats where that loses nothing; gives its sha256.

    numbers: the manifest's figures. speakers: whom it was trained on. A card that is there stays.
    """
    model = AlignedModel(shape, len(ears), fitted.judge, len(voices))
    for mine, theirs in zip((*model.ears, *model.voices), (*ears, *voices), strict=True):
        mine.load_state_dict(theirs.state_dict())
    state = {
        name: value.half() if _survives(name) else value.float()
        for name, value in model.state_dict().items()
    }
    tables = {
        "aligned": {
            **_shape(shape),
            "encoders": len(ears),
            "vectors": len(fitted.judge.get_buffer("vectors")),
            "readers": len(fitted.judge.readers),
            "voices": len(voices),
            "gate_hidden": len(fitted.judge.get_buffer("gate_out_ko")),
        },
        "training": {
            "corpus": "speechocean762 (OpenSLR 101, CC BY 4.0), training half",
            "synthesis": "espeak-ng, flite, MBROLA hn1",
            "seed": SEED,
            "training_speakers": list(speakers),
        },
        "figures": numbers,
        "golden": [],
    }
    card = out / CARD_NAME
    write = partial(
        write_bundle,
        out,
        name=out.name,
        version=VERSION,
        architecture="aligned",
        mel=mel,
        state=state,
        card=card.read_text("utf-8") if card.is_file() else f"# {out.name}\n",
    )
    write(tables=tables)
    # Twice: the golden takes are scored by the bundle as it will be loaded.
    return write(tables={**tables, "golden": make_golden(out)})


def figures(fitted: Fitted, corpus: Corpus) -> dict[str, float]:
    """Out-of-fold figures for the manifest: nobody's own takes or voice were learned from."""
    final = calibrated(fitted)
    chosen = [corpus.takes[index] for index in fitted.kept]
    total = np.array([take.human("total") for take in chosen])
    numbers = {
        f"pcc_{name}": _pcc(final[:, i], fitted.human[:, i])
        for i, name in enumerate(("accuracy", "fluency", "prosody"))
    }
    numbers["pcc_total"] = _pcc(final[:, 3], total)
    numbers["pcc_word_accuracy"] = _pcc(*fitted.words)
    numbers["right_refused"] = float((fitted.believed[total >= 4.0] < 0).mean())
    numbers["wrong_refused"] = float((fitted.wrong < 0).mean())
    numbers["spoiled_refused"] = float((fitted.negative < 0).mean())
    return {name: round(value, 4) for name, value in numbers.items()}


def _survives(name: str) -> bool:
    """The kernel machine's vectors were rounded before solving; its weights were not."""
    small = name.startswith(("ears.", "judge.readers.", "voices."))
    return small or name in ("judge.vectors", "judge.word_vectors")


def _shape(shape: EncoderShape) -> dict[str, object]:
    fields = dataclasses.asdict(shape)
    return {
        name: fields[name] for name in ("channels", "expansion", "kernel", "dilations", "embedding")
    }


def _pcc(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def _halves(corpus: Corpus) -> tuple[tuple[str, ...], ...]:
    return split_speakers(corpus.speakers, [1 / ENCODERS] * ENCODERS, SEED)


def _unheard(halves: Sequence[Sequence[str]], speaker: str) -> int:
    """The encoder that was trained without this speaker."""
    return next(index for index, half in enumerate(halves) if speaker not in half)


def _own_parts(corpus: Corpus, takes: Sequence[CorpusTake]) -> list[int]:
    """Of each take, which of the networks by halves may learn from it: the encoder's half."""
    halves = _halves(corpus)
    return [1 - _unheard(halves, take.speaker) for take in takes]


def _person(recipe: AlignedRecipe) -> Mbrola | None:
    """The diphones' voice, where it is wanted; heard once, lest it be missed after an hour."""
    if not recipe.diphones:
        return None
    voice = Mbrola()
    voice.speak("가", random.Random(SEED))
    return voice


def _korean_sentences(folder: Path) -> list[str]:
    texts = []
    for path in sorted(folder.glob("ko*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    if not texts:
        raise TrainingError(f"{folder} holds no Korean lists: name assets/sentences.")
    return texts


def _ears(
    corpus: Corpus,
    korean: Sequence[str],
    encoders: Sequence[AlignedEncoder],
    recipe: AlignedRecipe,
    mel: MelParameters,
    work: Path,
    processes: int,
    person: Mbrola | None,
    log: Log,
) -> list[Ear]:
    """Each encoder with its comparison, which learns from the encoder's own speakers."""
    paths = [work / f"comparison-{index}.pt" for index in range(len(encoders))]
    if not all(path.is_file() for path in paths):
        log("learning to compare")
        plain = [Ear(encoder, None) for encoder in encoders]
        own = _own_parts(corpus, corpus.takes)
        english = people(corpus.takes, own, plain, mel, processes)
        texts = example_texts(korean, recipe.compared, SEED + 6)
        said = synthesis(texts, plain, mel, processes, person)
        for index, spoken in enumerate(said):
            mine = [one for one, ear in zip(english, own, strict=True) if ear == index and one]
            comparison = train_comparison(mine, spoken, recipe.shape, SEED + index)
            save_weights(paths[index], comparison)
    return [
        Ear(encoder, load_weights(path, Comparison(recipe.shape))).eval()
        for encoder, path in zip(encoders, paths, strict=True)
    ]


def _voices(
    corpus: Corpus,
    korean: Sequence[str],
    recipe: AlignedRecipe,
    mel: MelParameters,
    work: Path,
    processes: int,
    person: Mbrola | None,
    log: Log,
) -> list[Voice]:
    """The networks that tell one voice from anything else, each by half of the speakers."""
    paths = [work / f"voice-{index}.pt" for index in range(VOICES)]
    kept = work / "voices.pt"
    if not all(path.is_file() for path in paths) and not kept.is_file():
        log("what is one voice, and what is not")
        own = _own_parts(corpus, corpus.takes)
        texts = example_texts(korean, recipe.crowds, SEED + 12)
        save_examples(kept, voice_examples(corpus.takes, own, texts, mel, processes, person))
    return train_voices(load_examples(kept) if kept.is_file() else (), mel, paths, processes)


def _train_encoders(
    corpus: Corpus,
    korean: Sequence[str],
    recipe: AlignedRecipe,
    mel: MelParameters,
    work: Path,
    paths: Sequence[Path],
    processes: int,
    log: Log,
) -> None:
    speech = work / "speech.pt"
    if not speech.is_file():
        save_items(speech, _speech(corpus, korean, recipe, mel, processes, log))
    rounds = [(recipe.encoder, speech)]
    if recipe.diphones:
        for how, engine in ((recipe.again, "mbrola"), (recipe.last, "mbrola-high")):
            diphones = work / f"{engine}.pt"
            if not diphones.is_file():
                items = _by_diphones(korean, recipe, engine, processes, mel, log)
                save_items(diphones, items)
            rounds.append((how, diphones))
    log("the speech is ready: both encoders learn from it")
    jobs = [
        partial(_train_encoder, rounds, half, path, recipe.shape, mel)
        for half, path in zip(_halves(corpus), paths, strict=True)
        if not path.is_file()
    ]
    if processes == 1 or torch.cuda.is_available():
        for job in jobs:
            job()
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


def _speech(
    corpus: Corpus,
    korean: Sequence[str],
    recipe: AlignedRecipe,
    mel: MelParameters,
    processes: int,
    log: Log,
) -> list[StoredItem]:
    """Takes and synthesis, each as it is and as a microphone in a room would have heard it."""
    rng = random.Random(SEED)
    english = [take.sentence.text for take in corpus.takes]
    items = takes(corpus.folder)
    log(f"{len(items)} takes")
    for language, count, engine, seed in (
        ("en", recipe.english, "espeak", 1),
        ("en", recipe.flite, "flite", 2),
        ("ko", recipe.korean, "espeak", 3),
    ):
        texts = (
            english_texts(english, count, rng)
            if language == "en"
            else korean_texts(korean, count, rng)
        )
        items += render(texts, language, seed, processes, engine)
        log(f"{language} by {engine}: {len(texts)} texts said")
    items += as_recorded(items, SEED + 7, processes)
    log(f"{len(items)} items, half of them as recorded in a room")
    return stored_items(items, mel, recipe.encoder.variants, recipe.encoder.seed, processes)


def _by_diphones(
    korean: Sequence[str],
    recipe: AlignedRecipe,
    engine: str,
    processes: int,
    mel: MelParameters,
    log: Log,
) -> list[StoredItem]:
    """Korean by a person's diphones, as it is and as recorded in a room."""
    how, turn = (recipe.last, 1) if engine == "mbrola-high" else (recipe.again, 0)
    texts = korean_texts(korean, recipe.diphones, random.Random(SEED + 8 + 2 * turn))
    items = render(texts, "ko", 4 + turn, processes, engine)
    items += as_recorded(items, SEED + 9 + 2 * turn, processes)
    log(f"ko by {engine}: {len(texts)} texts, {len(items)} items")
    return stored_items(items, mel, how.variants, 10 + 2 * turn, processes)


def _train_encoder(
    rounds: Sequence[tuple[EncoderRecipe, Path]],
    half: Sequence[str],
    path: Path,
    shape: EncoderShape,
    mel: MelParameters,
) -> None:
    """Train one encoder on the takes of half of the speakers; in a process of its own.

    rounds: each goes on from the one before, with the speech of its file besides.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu":
        torch.set_num_threads(1)
    encoder: AlignedEncoder | None = None
    items: list[StoredItem] = []
    for turn, (how, speech) in enumerate(rounds, start=1):
        items += [
            one for one in load_items(speech) if one.source != "take" or one.speaker in set(half)
        ]
        kept = path if turn == len(rounds) else path.with_suffix(f".{turn}.pt")
        if not kept.is_file():
            trained = train_encoder(
                items,
                shape,
                mel,
                how,
                device,
                lambda text: print(f"{path.stem} {text}", flush=True),
                checkpoint=kept.with_suffix(".checkpoint"),
                start=encoder,
            )
            save_weights(kept, trained)
        encoder = load_weights(kept, AlignedEncoder(shape))
