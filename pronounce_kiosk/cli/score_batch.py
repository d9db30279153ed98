"""`score-batch`: score a manifest of recordings."""

import argparse
from functools import partial

from pronounce_kiosk.batch.scoring import read_batch, score_rows, write_results
from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.engines import (
    bundle_folder,
    check_output,
    engine_name,
    jobs_of,
    worker_engine,
)
from pronounce_kiosk.cli.exits import DONE, FINDING

commands = declare.Commands()


@commands.alone(
    declare.path("manifest", "MANIFEST.tsv"),
    declare.path(
        "--out",
        "RESULTS.tsv",
        "table of results; with the ending .jsonl, the JSON of score --json, one line a row",
        required=True,
    ),
    declare.ENGINE,
    declare.BUNDLE,
    declare.JOBS,
    declare.SCHEDULER,
)
def _score_batch(options: argparse.Namespace) -> int:
    rows = read_batch(options.manifest)
    check_output(options.out)
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
