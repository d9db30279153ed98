"""Declare commands, and the options that several of them share."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pronounce_kiosk.cli.exits import BAD_INPUT
from pronounce_kiosk.language.tags import language_code

Option = Callable[[argparse._ActionsContainer], object]
"""Adds an option to a parser."""
Run = Callable[[argparse.Namespace], int | None]
"""Runs a command; its exit code, or None for `DONE`."""


class Parser(argparse.ArgumentParser):
    """Reports an error in one line, without argparse's usage."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with `BAD_INPUT`."""
        print_error(f"{message}; see {self.prog} --help")
        raise SystemExit(BAD_INPUT)


class Commands:
    """The commands of a module, each declared above the function that runs it.

    A module has either one command, or a group of commands with names.
    """

    def __init__(self, metavar: str = "COMMAND") -> None:
        self._metavar = metavar
        self._declared: dict[str, tuple[str, Run, Sequence[Option]]] = {}

    def add(self, name: str, help: str, *options: Option) -> Callable[[Run], Run]:
        """Declare a command of the group."""

        def declare(function: Run) -> Run:
            self._declared[name] = help, function, options
            return function

        return declare

    def alone(self, *options: Option) -> Callable[[Run], Run]:
        """Declare the module's only command."""
        return self.add("", "", *options)

    def fill(self, parser: Parser) -> None:
        """Make a parser run the commands."""
        parsers = {"": parser}
        if "" not in self._declared:
            group = parser.add_subparsers(metavar=self._metavar, required=True)
            for name, (help, *_) in self._declared.items():
                parsers[name] = group.add_parser(name, help=help, description=sentence(help))
        for name, (_, function, options) in self._declared.items():
            parsers[name].set_defaults(run=function)
            for add_to in options:
                add_to(parsers[name])


def option(*names: str, **settings: Any) -> Option:
    """Declare an option, or without dashes an argument, as `add_argument` does."""
    return lambda parser: parser.add_argument(*names, **settings)


def one_of(*options: Option) -> Option:
    """Declare options of which exactly one must be given."""

    def add_to(parser: argparse._ActionsContainer) -> None:
        group = parser.add_mutually_exclusive_group(required=True)
        for add_to_group in options:
            add_to_group(group)

    return add_to


def flag(name: str, help: str) -> Option:
    """Declare an option without a value."""
    return option(name, action="store_true", help=help)


def path(name: str, metavar: str, help: str | None = None, **settings: Any) -> Option:
    """Declare an option, or without dashes an argument, that names a file or folder."""
    return option(name, type=Path, metavar=metavar, help=help, **settings)


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
