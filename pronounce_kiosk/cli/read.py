"""``pronounce-kiosk read``: pronounce, romanise and transcribe lines of Korean."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.cli.options import command
from pronounce_kiosk.core.errors import UsageError

if TYPE_CHECKING:
    from pronounce_kiosk.cli.options import Commands

_HANGUL = re.compile("[가-힣]+")


def add_read(commands: Commands) -> None:
    """Add the command `read`."""
    parser = command(
        commands, "read", "print pronunciation, romanisation and IPA of lines of Korean", read_lines
    )
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="text file (default: standard input)"
    )
    parser.add_argument("--lang", default="ko", help="language of the lines (only ko)")


def read_lines(options: argparse.Namespace) -> int:
    """Print a tab-separated line for each line of text: text, pronunciation, romanisation, IPA.

    Returns:
        0, or 1 where a line holds a word without a Korean reading (reported on stderr).

    Raises:
        UsageError: The language is not Korean, or the file cannot be read.
    """
    from pronounce_kiosk.language.korean.numbers import unread_words
    from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
    from pronounce_kiosk.language.korean.romanisation import ipa, romanise
    from pronounce_kiosk.language.tags import language_code

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


def _text(path: Path | None) -> str:
    from pronounce_kiosk.sentences.encoding import decode

    try:
        data = path.read_bytes() if path else sys.stdin.buffer.read()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): check its name.") from error
    return decode(data, path.name if path else "standard input")[0]
