"""`references render`: render the references of a list ahead of practice."""

import argparse
import sys

from tqdm import tqdm

from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.engines import library
from pronounce_kiosk.cli.exits import DONE, FINDING
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import SentenceList
from pronounce_kiosk.references.render import render_list
from pronounce_kiosk.sentences.commands import open_store
from pronounce_kiosk.sentences.reader import read_list

commands = declare.Commands()


@commands.add(
    "render",
    "render and cache every sentence of a list",
    declare.path("list", "LIST", "list file (default: every list of the kiosk)", nargs="?"),
    declare.LIST_LANGUAGE,
    declare.ENGINE,
)
def _render(options: argparse.Namespace) -> int:
    if options.list is None:
        lists = open_store(Paths.default()).visible()
        return max((_render_list(each, options.engine) for each in lists), default=DONE)
    result = read_list(options.list, options.lang)
    code = _render_list(result.sentence_list, options.engine)
    if result.problems:
        print(f"  {len(result.problems)} problems in the list: see pronounce-kiosk lists check")
    return code


def _render_list(sentence_list: SentenceList, engine: str | None) -> int:
    with tqdm(desc="references", disable=not sys.stderr.isatty(), leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        report = render_list(
            library(), sentence_list, progress, None if engine == "auto" else engine
        )
    count = len(sentence_list.sentences)
    print(f"{count} sentences: {report.rendered} made, {report.cached} there before")
    if report.gtts_stopped:
        print(f"  gTTS left out: {report.gtts_stopped}")
    for sentence, why in report.failed:
        print(f"  {sentence.id}: {why}")
    return FINDING if report.failed else DONE
