"""`score`: score one recording."""

import argparse
import json

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.engines import build_engine, engine_name
from pronounce_kiosk.core.errors import UnreadableAudioError, UsageError
from pronounce_kiosk.core.grades import shown
from pronounce_kiosk.core.score import Note, Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.units import UNFIT_PRONUNCIATION, follows_pronunciation

commands = declare.Commands()


@commands.alone(
    declare.path("audio", "AUDIO", "audio file, in a format of libsndfile or ffmpeg"),
    declare.option("--text", required=True, help="the sentence that was said"),
    declare.option(
        "--lang",
        type=declare.language,
        required=True,
        help="language of the sentence: ko, ko-KR, Korean, 한국어 or another code",
    ),
    declare.option(
        "--pronunciation",
        default="",
        metavar="P",
        help="pronunciation of the sentence (default: by rule)",
    ),
    declare.path("--reference", "FILE", "recording of the sentence to compare with"),
    declare.ENGINE,
    declare.BUNDLE,
    declare.flag("--json", "print the result as JSON"),
)
def _score(options: argparse.Namespace) -> None:
    text, code = options.text.strip(), options.lang
    if not any(letter.isalnum() for letter in text):
        raise UsageError("There is nothing to say in --text: write the sentence.")
    pronunciation = options.pronunciation.strip()
    if pronunciation and not follows_pronunciation(text, code, pronunciation):
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
    sentence = Sentence("", text, code, pronunciation=pronunciation, audio=audio)
    engine = build_engine(engine_name(options), options.bundle)
    score = engine.score(clip, sentence).score
    if options.json:
        print(json.dumps(score.to_json(), ensure_ascii=False))
    else:
        print(readable(score))


def readable(score: Score) -> str:
    """Format a result for people: the verdict, the available numbers, the units."""
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
