"""`models ...`: list, verify, activate, compare and import model bundles."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pronounce_kiosk.cli.options import (
    DONE,
    add_engine,
    add_jobs,
    command,
    engine_name,
    worker_engine,
)
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths

if TYPE_CHECKING:
    from pronounce_kiosk.cli.options import Commands


def add_models(commands: Commands) -> None:
    """Add `models ...`."""
    group = commands.add_parser("models", help="list, check, activate, compare and import bundles")
    inner = group.add_subparsers(metavar="COMMAND", required=True)
    command(inner, "list", "list the bundles; * marks the active one", _list_models)
    parser = command(
        inner, "verify", "check that bundles load and score their golden takes", _verify_models
    )
    parser.add_argument(
        "bundle", nargs="*", metavar="BUNDLE", help="bundles to check (default: all)"
    )
    parser = command(
        inner, "activate", "verify a bundle and make it the active one", _activate_model
    )
    parser.add_argument("bundle", nargs="?", metavar="BUNDLE")
    parser.add_argument("--shipped", action="store_true", help="activate the best shipped bundle")
    command(inner, "rollback", "activate the previous bundle again", _roll_back)
    parser = command(
        inner, "compare", "score takes with two bundles and compare the results", _compare_models
    )
    parser.add_argument("a", metavar="A", help="name or folder of a bundle")
    parser.add_argument("b", metavar="B", help="name or folder of another")
    parser.add_argument(
        "--on",
        type=Path,
        required=True,
        metavar="MANIFEST.tsv",
        help="manifest as for score-batch; columns such as total_1 hold ratings",
    )
    parser.add_argument(
        "--out", type=Path, metavar="PAIRS.tsv", help="table of both scores of each take"
    )
    add_engine(parser)
    add_jobs(parser)
    parser = command(
        inner,
        "import",
        "copy a bundle from a stick and verify it, without activating it",
        _import_model,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="folder, zip or tar of a bundle")


def _list_models(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli.bundles import list_bundles

    return list_bundles(Paths.default())


def _verify_models(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli.bundles import verify_bundles

    return verify_bundles(Paths.default(), options.bundle)


def _activate_model(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli.bundles import activate_bundle

    return activate_bundle(Paths.default(), options.bundle, options.shipped)


def _roll_back(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli.bundles import go_back

    return go_back(Paths.default())


def _import_model(options: argparse.Namespace) -> int:
    from pronounce_kiosk.cli.bundles import import_file

    return import_file(Paths.default(), options.file)


def _compare_models(options: argparse.Namespace) -> int:
    from pronounce_kiosk.batch.compare import pair_up, read_ratings, report, write_pairs
    from pronounce_kiosk.batch.scoring import read_batch, score_rows
    from pronounce_kiosk.cli.bundles import bundle_info

    paths, engine = Paths.default(), engine_name(options)
    infos = [bundle_info(paths, name) for name in (options.a, options.b)]
    rows, ratings = read_batch(options.on), read_ratings(options.on)
    if options.out is not None and not options.out.parent.is_dir():
        raise UsageError(f"There is no folder {options.out.parent}: make it first.")
    first, second = (
        list(score_rows(rows, partial(worker_engine, engine, name), options.jobs))
        for name in (options.a, options.b)
    )
    pairs = pair_up(first, second, ratings)
    print(report(infos[0], infos[1], pairs))
    if options.out is not None:
        write_pairs(options.out, pairs)
    return DONE
