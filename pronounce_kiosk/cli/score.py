"""`score` and `score-batch`: score one recording, or a manifest of recordings."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.cli.options import (
    DONE,
    FINDING,
    add_bundle,
    add_engine,
    add_jobs,
    add_scheduler,
    build_engine,
    bundle_folder,
    command,
    engine_name,
    jobs_of,
    language_code_of,
    worker_engine,
)
from pronounce_kiosk.core.errors import UnreadableAudioError, UsageError

if TYPE_CHECKING:
    from pronounce_kiosk.cli.options import Commands
    from pronounce_kiosk.core.score import Score


def add_score(commands: Commands) -> None:
    """Add `score`."""
    parser = command(commands, "score", "score a recording against a sentence", _score)
    parser.add_argument(
        "audio", type=Path, metavar="AUDIO", help="audio file, in a format of libsndfile or ffmpeg"
    )
    parser.add_argument("--text", required=True, help="the sentence that was said")
    parser.add_argument(
        "--lang",
        required=True,
        help="language of the sentence: ko, ko-KR, Korean, 한국어 or another code",
    )
    parser.add_argument(
        "--pronunciation",
        default="",
        metavar="P",
        help="pronunciation of the sentence (default: by rule)",
    )
    parser.add_argument(
        "--reference", type=Path, metavar="FILE", help="recording of the sentence to compare with"
    )
    add_engine(parser)
    add_bundle(parser)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_score_batch(commands: Commands) -> None:
    """Add `score-batch`."""
    parser = command(
        commands,
        "score-batch",
        "score the recordings of a manifest (columns id, audio, text, lang and optionally "
        "pronunciation, separated by tabs)",
        _score_batch,
    )
    parser.add_argument("manifest", type=Path, metavar="MANIFEST.tsv")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="RESULTS.tsv",
        help="table of results; with the ending .jsonl, the JSON of score --json, one line a row",
    )
    add_engine(parser)
    add_bundle(parser)
    add_jobs(parser)
    add_scheduler(parser)


def _score(options: argparse.Namespace) -> int:
    from pronounce_kiosk.audio.files import read_clip
    from pronounce_kiosk.core.score import Score, Verdict
    from pronounce_kiosk.core.sentence import Sentence
    from pronounce_kiosk.language.units import UNFIT_PRONUNCIATION, follows_pronunciation

    text, language = _spoken(options.text), language_code_of(options.lang)
    pronunciation = options.pronunciation.strip()
    if pronunciation and not follows_pronunciation(text, language, pronunciation):
        raise UsageError(UNFIT_PRONUNCIATION)
    if options.reference is not None and not options.reference.is_file():
        raise UsageError(f"There is no reference {options.reference}: check its name.")
    try:
        clip = read_clip(options.audio)
    except UnreadableAudioError as error:
        # To a program a verdict like any other, to a person bad input.
        if options.json:
            print(json.dumps(Score(Verdict.UNREADABLE).to_json(), ensure_ascii=False))
        raise error
    audio = None if options.reference is None else options.reference.resolve()
    sentence = Sentence("", text, language, pronunciation=pronunciation, audio=audio)
    engine = build_engine(engine_name(options), options.bundle)
    score = engine.score(clip, sentence).score
    if options.json:
        print(json.dumps(score.to_json(), ensure_ascii=False))
    else:
        print(readable(score))
    return DONE


def _score_batch(options: argparse.Namespace) -> int:
    from pronounce_kiosk.batch.scoring import read_batch, score_rows, write_results

    rows = read_batch(options.manifest)
    if not options.out.parent.is_dir():
        raise UsageError(f"There is no folder {options.out.parent}: make it first.")
    if options.out.is_dir():
        raise UsageError(f"{options.out} is a folder: name a file for the results.")
    bundle_folder(options.bundle)
    factory = partial(worker_engine, engine_name(options), options.bundle)
    results = write_results(options.out, score_rows(rows, factory, jobs_of(options)))
    troubled = [result for result in results if result.problem]
    print(f"{len(results)} rows, {len(results) - len(troubled)} of them read: {options.out}")
    for result in troubled[:5]:
        print(f"  {result.id}: {result.problem}")
    if len(troubled) > 5:
        print(f"  and {len(troubled) - 5} more")
    return FINDING if troubled else DONE


def readable(score: Score) -> str:
    """Format a result for people: the verdict, the available numbers, the units."""
    from pronounce_kiosk.core.grades import shown
    from pronounce_kiosk.core.score import Note

    head = score.verdict.value if score.score is None else f"{shown(score.score)} of 100"
    lines = [head]
    for name in ("accuracy", "fluency", "prosody"):
        value = getattr(score, name)
        if value is not None:
            lines.append(f"  {name} {shown(value)}")
    for unit in score.units:
        value = "-" if unit.score is None else str(shown(unit.score))
        value = value if unit.said else "left out"
        lines.append(f"  {unit.start_s:6.2f}-{unit.end_s:.2f} s  {unit.text}  {value}")
    lines += [{Note.LOUD: "  a little too loud: some peaks are clipped"}[n] for n in score.notes]
    if score.reference is not None and score.bundle is not None:
        lines.append(
            f"  reference {score.reference.engine} ({score.reference.voice}), "
            f"bundle {score.bundle.name}"
        )
    return "\n".join(lines)


def _spoken(text: str) -> str:
    if not any(letter.isalnum() for letter in text):
        raise UsageError("There is nothing to say in --text: write the sentence.")
    return text.strip()
