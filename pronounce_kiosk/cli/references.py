"""`references render`: render the references of a list ahead of practice."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.cli.options import (
    DONE,
    FINDING,
    add_engine,
    command,
    language_code_of,
    library,
)
from pronounce_kiosk.core.paths import Paths

if TYPE_CHECKING:
    from pronounce_kiosk.cli.options import Commands
    from pronounce_kiosk.core.sentence import SentenceList


def add_references(commands: Commands) -> None:
    """Add `references ...`."""
    group = commands.add_parser("references", help="render the references of a list ahead of time")
    inner = group.add_subparsers(metavar="COMMAND", required=True)
    parser = command(inner, "render", "render and cache every sentence of a list", _render)
    parser.add_argument(
        "list",
        type=Path,
        nargs="?",
        metavar="LIST",
        help="list file (default: every list of the kiosk)",
    )
    parser.add_argument("--lang", help="language of a list that names none")
    add_engine(parser)


def _render(options: argparse.Namespace) -> int:
    from pronounce_kiosk.sentences.reader import read_list

    if options.list is None:
        return max((_render_list(each, options.engine) for each in _all_lists()), default=DONE)
    language = None if options.lang is None else language_code_of(options.lang)
    result = read_list(options.list, language)
    code = _render_list(result.sentence_list, options.engine)
    if result.problems:
        print(f"  {len(result.problems)} problems in the list: see pronounce-kiosk lists check")
    return code


def _all_lists() -> Sequence[SentenceList]:
    """Return the learners' lists: the bundled ones and those of teachers."""
    from pronounce_kiosk.sentences.bundled import bundled_lists
    from pronounce_kiosk.sentences.store import ListStore

    paths = Paths.default()
    return ListStore(paths.data_dir / "lists", bundled_lists(paths.assets_dir)).visible()


def _render_list(sentence_list: SentenceList, engine: str | None) -> int:
    from tqdm import tqdm

    from pronounce_kiosk.references.render import render_list

    with tqdm(desc="references", disable=not sys.stderr.isatty(), leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        report = render_list(
            library(),
            sentence_list,
            progress,
            None if engine == "auto" else engine,
        )
    count = len(sentence_list.sentences)
    print(f"{count} sentences: {report.rendered} made, {report.cached} there before")
    if report.gtts_stopped:
        print(f"  gTTS left out: {report.gtts_stopped}")
    for sentence, why in report.failed:
        print(f"  {sentence.id}: {why}")
    return FINDING if report.failed else DONE
