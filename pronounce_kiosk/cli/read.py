"""`read`: pronounce, romanise and transcribe lines of Korean."""

import argparse
import re
import sys
from pathlib import Path

from pronounce_kiosk.cli import declare
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.language.korean.numbers import unread_words
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.korean.romanisation import ipa, romanise
from pronounce_kiosk.language.tags import language_code
from pronounce_kiosk.sentences.encoding import decode

commands = declare.Commands()

_HANGUL = re.compile("[가-힣]+")


@commands.alone(
    declare.path("file", "FILE", "text file (default: standard input)", nargs="?"),
    declare.option("--lang", default="ko", help="language of the lines (only ko)"),
)
def _read_lines(options: argparse.Namespace) -> int:
    """Print a tab-separated line for each line of text: text, pronunciation, romanisation, IPA.

    Returns 1 where a line holds a word without a Korean reading, which standard error names.
    """
    if language_code(options.lang) != "ko":
        raise UsageError(f"read knows Korean only, not {options.lang}: leave --lang out.")
    unread = 0
    for line, text in enumerate(_text(options.file).splitlines(), 1):
        text = " ".join(text.split())
        if not text:
            continue
        said = " ".join(_HANGUL.findall(standard_pronunciation(text)))
        print(text, said, romanise(said), ipa(said), sep="\t")
        for word in unread_words(text):
            unread += 1
            print(f"line {line}: {word!r} has no Korean reading", file=sys.stderr)
    return int(unread > 0)


def _text(file: Path | None) -> str:
    try:
        data = file.read_bytes() if file else sys.stdin.buffer.read()
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}): check its name.") from error
    return decode(data, file.name if file else "standard input")[0]
