"""Measure the bench's rows, print the table, write the JSON file.

Exit code 0: every must held; 1: one was missed, or a row failed; 2: bad usage.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from pronounce_kiosk.core.atomic import write_atomically
from tools.bench.machine import facts
from tools.bench.registry import Bench, Measured, Row, all_rows
from tools.bench.report import Finished, document, number, table

MISSED, BAD_USAGE = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    rows = all_rows()
    parser = _parser()
    options = parser.parse_args(argv)
    if options.list:
        print("\n".join(f"{row.name:18} {row.what}" for row in rows))
        return 0
    unknown = set(options.only) - {row.name for row in rows}
    if unknown:
        print(f"error: there is no row {min(unknown)!r}; see --list", file=sys.stderr)
        return BAD_USAGE
    if options.corpus is not None and not (options.corpus / "utterances.tsv").is_file():
        print(f"error: there is no utterances.tsv in {options.corpus}", file=sys.stderr)
        return BAD_USAGE
    wanted = [row for row in rows if not options.only or row.name in options.only]
    machine = facts()
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        bench = Bench(Path(folder), options.quick, options.corpus)
        bench.options = {"before": options.before, "keep_scores": options.keep_scores}
        finished = [_run(row, bench) for row in wanted]
    print(", ".join(f"{name} {value}" for name, value in machine.items()), end="\n\n")
    print(table(finished))
    if options.output is not None:
        path = options.output / "bench.json"
        options.output.mkdir(parents=True, exist_ok=True)
        write_atomically(path, document(machine, options.quick, finished).encode())
        write_atomically(options.output / "bench.txt", f"{table(finished)}\n".encode())
        print(f"\n{path}")
    bad = [each for each in finished if each.verdict in ("MISSED", "FAILED")]
    for each in bad:
        print(f"bench: {each.row.name} {each.verdict.lower()}", file=sys.stderr)
    return MISSED if bad else 0


def _run(row: Row, bench: Bench) -> Finished:
    """Run a row; an error is a finding and does not end the run."""
    start = time.monotonic()
    try:
        measured, error = row.measure(bench), ""
    except Exception as problem:  # any error: the other rows are still measured
        traceback.print_exc()
        measured, error = Measured(), f"{type(problem).__name__}: {problem}"[:500]
    done = Finished(row, measured, time.monotonic() - start, error)
    figure = number(measured.figure, row.unit)
    print(
        f"{row.name}: {figure} {done.verdict} [{done.seconds:.0f} s]", file=sys.stderr, flush=True
    )
    return done


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="these rows only; see --list"
    )
    parser.add_argument("--list", action="store_true", help="name the rows and leave")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: for a look only")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="write bench.json and bench.txt there"
    )
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="real takes (utterances.tsv, audio/), for scores"
    )
    parser.add_argument(
        "--before", metavar="COMMIT", help="score with this commit's code too, for the row scores"
    )
    parser.add_argument(
        "--keep-scores", action="store_true", help="keep the scores of now as those to come up to"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
