"""Declare the options that several commands share, and build the objects they name."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pronounce_kiosk.cli.log import open_log
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import load_settings
from pronounce_kiosk.core.tuning import keep_heap

if TYPE_CHECKING:
    from pronounce_kiosk.batch.parallel import Jobs
    from pronounce_kiosk.references.library import ReferenceLibrary
    from pronounce_kiosk.session.engine import PracticeEngine

    Commands = argparse._SubParsersAction["Parser"]

DONE, FINDING, BAD_INPUT = 0, 1, 2
"""Exit codes."""

ENGINES = ("auto", "espeak", "gtts", "recording")

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Reports an error in one line, without argparse's usage."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with `BAD_INPUT`."""
        print_error(f"{message}; see {self.prog} --help")
        raise SystemExit(BAD_INPUT)


def command(
    commands: Commands,
    name: str,
    help: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """Add a command that runs a function of its options."""
    parser = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add `--engine`."""
    parser.add_argument(
        "--engine", choices=ENGINES, help="source of the reference (default: the setting's)"
    )


def add_bundle(parser: argparse.ArgumentParser) -> None:
    """Add `--bundle`."""
    parser.add_argument(
        "--bundle", metavar="B", help="name or folder of a bundle (default: the active one)"
    )


def add_corpus(parser: argparse.ArgumentParser, required: bool = True) -> None:
    """Add `--corpus`."""
    parser.add_argument(
        "--corpus",
        type=Path,
        required=required,
        metavar="DIR",
        help="folder with utterances.tsv and audio/",
    )


def add_work(parser: argparse.ArgumentParser) -> None:
    """Add `--work`."""
    parser.add_argument(
        "--work",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for finished steps, from which an interrupted training continues",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add `--jobs`."""
    parser.add_argument(
        "--jobs",
        type=count,
        default=min(2, os.cpu_count() or 1),
        help="number of processes (default 2)",
    )


def add_scheduler(parser: argparse.ArgumentParser) -> None:
    """Add `--scheduler`."""
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="address of a Dask cluster (extra [cluster]) to run on, e.g. tcp://10.0.0.1:8786; its "
        "workers need the same files at the same paths",
    )


def jobs_of(options: argparse.Namespace) -> Jobs:
    """Read `--jobs` and `--scheduler`."""
    from pronounce_kiosk.batch.cluster import Cluster

    return Cluster(options.scheduler) if options.scheduler else int(options.jobs)


def count(text: str) -> int:
    """Read a whole number of 1 or more."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def engine_name(options: argparse.Namespace) -> str | None:
    """Return the engine asked for; None lets the library choose."""
    name = options.engine or load_settings().reference_engine
    return None if name == "auto" else str(name)


def build_engine(engine_name: str | None, bundle: str | None) -> PracticeEngine:
    """Build the kiosk's engine from settings, library and bundle."""
    from pronounce_kiosk.bundles.load import load_bundle
    from pronounce_kiosk.session.engine import PracticeEngine

    scorer = load_bundle(bundle_folder(bundle)).scorer
    return PracticeEngine(library(), scorer, engine_name)


def library() -> ReferenceLibrary:
    """Open the reference library according to the settings."""
    from pronounce_kiosk.references.library import default_library

    return default_library(Paths.default(), load_settings())


def worker_engine(engine_name: str | None, bundle: str | None) -> PracticeEngine:
    """Build the engine of a worker process, which starts without a log."""
    open_log()
    keep_heap()
    return build_engine(engine_name, bundle)


def bundle_folder(bundle: str | None) -> Path:
    """Find a bundle by name or folder; None: the active one."""
    from pronounce_kiosk.bundles.activation import active_folder
    from pronounce_kiosk.bundles.load import find_bundle

    paths = Paths.default()
    return active_folder(paths) if bundle is None else find_bundle(paths, bundle)


def language_code_of(text: str) -> str:
    """Parse a language tag.

    Raises:
        UsageError: It names no language.
    """
    from pronounce_kiosk.language.tags import language_code

    code = language_code(text)
    if code is None:
        raise UsageError(f"--lang {text} is no language: write ko, en or another ISO 639 code.")
    return code


def print_error(message: str) -> None:
    """Print an error as one line on standard error."""
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
