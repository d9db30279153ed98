"""Declare commands, and the options that several of them share."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from pronounce_kiosk.cli.exits import BAD_INPUT
from pronounce_kiosk.language.tags import language_code

Option = tuple[tuple[str, ...], dict[str, Any]]
Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Reports an error in one line, without argparse's usage."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with `BAD_INPUT`."""
        print_error(f"{message}; see {self.prog} --help")
        raise SystemExit(BAD_INPUT)


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def option(*names: str, **settings: Any) -> Option:
    """Declare an option, or without dashes an argument, as `add_argument` does."""
    return names, settings


def flag(name: str, help: str) -> Option:
    """Declare an option without a value."""
    return option(name, action="store_true", help=help)


def path(name: str, metavar: str, help: str | None = None, **settings: Any) -> Option:
    """Declare an option, or without dashes an argument, that names a file or folder."""
    return option(name, type=Path, metavar=metavar, help=help, **settings)


def run(parser: Parser, function: Run, *options: Option) -> None:
    """Make a parser run a function of its options."""
    parser.set_defaults(run=function)
    for names, settings in options:
        parser.add_argument(*names, **settings)


def group(parser: Parser, metavar: str = "COMMAND") -> Commands:
    """Give a parser commands of its own."""
    return parser.add_subparsers(metavar=metavar, required=True)


def command(commands: Commands, name: str, help: str, function: Run, *options: Option) -> Parser:
    """Add a command that runs a function of its options."""
    parser = commands.add_parser(name, help=help, description=sentence(help))
    run(parser, function, *options)
    return parser


def sentence(help: str) -> str:
    """Make a sentence of a short help."""
    return f"{help[0].upper()}{help[1:]}."


def count(text: str) -> int:
    """Read a whole number of 1 or more."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def language(text: str) -> str:
    """Read a language tag."""
    code = language_code(text)
    if code is None:
        raise argparse.ArgumentTypeError(
            f"{text} is no language: write ko, en or another ISO 639 code"
        )
    return code


def print_error(message: str) -> None:
    """Print an error as one line on standard error."""
    print(f"error: {' '.join(message.split())}", file=sys.stderr)


ENGINE = option(
    "--engine",
    choices=("auto", "espeak", "gtts", "recording"),
    help="source of the reference (default: the setting's)",
)
BUNDLE = option(
    "--bundle", metavar="B", help="name or folder of a bundle (default: the active one)"
)
LIST_LANGUAGE = option("--lang", type=language, help="language of a list that names none")
JOBS = option(
    "--jobs",
    type=count,
    default=min(2, os.cpu_count() or 1),
    help="number of processes (default 2)",
)
SCHEDULER = option(
    "--scheduler",
    metavar="ADDRESS",
    help="address of a Dask cluster (extra [cluster]) to run on, e.g. tcp://10.0.0.1:8786; its "
    "workers need the same files at the same paths",
)
CORPUS_HELP = "folder with utterances.tsv and audio/"
