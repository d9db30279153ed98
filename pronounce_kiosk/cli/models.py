"""`models ...`: list, verify, activate, compare and import model bundles."""

import argparse
import sys
from functools import partial
from pathlib import Path

from pronounce_kiosk.batch.compare import pair_up, report, write_pairs
from pronounce_kiosk.batch.scoring import read_batch, score_rows
from pronounce_kiosk.bundles.activation import activate, active_folder, read_activation, roll_back
from pronounce_kiosk.bundles.importing import import_bundle
from pronounce_kiosk.bundles.load import (
    BundleListing,
    all_bundles,
    find_bundle,
    load_bundle,
    shipped_folders,
)
from pronounce_kiosk.bundles.verify import verify_bundle
from pronounce_kiosk.cli import declare
from pronounce_kiosk.cli.engines import check_output, engine_name, worker_engine
from pronounce_kiosk.cli.exits import DONE, FINDING
from pronounce_kiosk.core.errors import BundleError, UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import Verdict
from pronounce_kiosk.session.golden import golden_scorer

commands = declare.Commands()


@commands.add("list", "list the bundles; * marks the active one")
def _list_models(options: argparse.Namespace) -> int:
    paths = Paths.default()
    listings = all_bundles(paths)
    if not listings:
        print(f"no bundles in {paths.models_dir}")
        return FINDING
    now = read_activation(paths)
    try:
        active: Path | None = active_folder(paths)
    except BundleError as error:
        print(f"error: {error.message}", file=sys.stderr)
        active = None
    for listing in listings:
        mark = "*" if listing.folder == active else " "
        notes = "  the one before" if listing.name == now.previous else ""
        if now.failed is not None and listing.name == now.failed.bundle:
            notes += "  failed when it was last started"
        print(f"{mark} {_described(paths, listing)}{notes}")
    if not now.bundle:
        print("none is activated: the best one shipped scores")
    if now.failed is not None:
        print(f"{now.failed.bundle} failed: {now.failed.why}")
    return DONE if active is not None else FINDING


@commands.add(
    "verify",
    "check that bundles load and score their golden takes",
    declare.option("bundle", nargs="*", metavar="BUNDLE", help="bundles to check (default: all)"),
)
def _verify(options: argparse.Namespace) -> int:
    paths = Paths.default()
    folders = [find_bundle(paths, name) for name in options.bundle]
    if not options.bundle:
        folders = [listing.folder for listing in all_bundles(paths)]
    score_with = golden_scorer(paths)
    code = DONE if folders else FINDING
    for folder in folders:
        try:
            result = verify_bundle(folder, score_with)
        except BundleError as error:
            print(f"{folder.name}: FAILED  {error.message}")
            code = FINDING
            continue
        print(f"{folder.name}: {f'FAILED  {result.problem}' if result.problem else 'passed'}")
        for golden in result.golden:
            take, score = golden.take, golden.score
            got = "-" if score is None else score.verdict.value
            if score is not None and score.score is not None:
                got = f"{score.score:.1f}"
            wanted = take.verdict.value
            if take.verdict is Verdict.SCORED:
                wanted = f"{take.score_min:g} to {take.score_max:g}"
            print(f"  {take.audio}  {got} ({wanted}){'  FAILED' if golden.problem else ''}")
        if result.problem:
            code = FINDING
    return code


@commands.add(
    "activate",
    "verify a bundle and make it the active one",
    declare.option("bundle", nargs="?", metavar="BUNDLE"),
    declare.flag("--shipped", "activate the best shipped bundle"),
)
def _activate(options: argparse.Namespace) -> None:
    paths, name = Paths.default(), options.bundle
    if options.shipped == (name is not None):
        raise UsageError("Name a bundle to activate, or give --shipped; see models list.")
    folder = shipped_folders(paths)[0] if name is None else find_bundle(paths, name)
    if folder.parent not in (paths.models_dir, paths.imported_models_dir):
        raise BundleError(f"{folder} may vanish with its stick: bring it with models import.")
    verify_bundle(folder, golden_scorer(paths)).require()
    now = activate(paths, "" if name is None else folder.name)
    print(f"{folder.name} scores from now on; a kiosk that runs takes it between two takes.")
    if now.previous is not None:
        before = now.previous or "the best one shipped"
        print(f"  models rollback goes back to {before}")


@commands.add("rollback", "activate the previous bundle again")
def _roll_back(options: argparse.Namespace) -> None:
    paths = Paths.default()
    before = read_activation(paths).previous
    if before is not None:
        load_bundle(find_bundle(paths, before) if before else shipped_folders(paths)[0])
    roll_back(paths, before)
    print(f"{active_folder(paths).name} scores again.")


@commands.add(
    "import",
    "copy a bundle from a stick and verify it, without activating it",
    declare.path("file", "FILE", "folder, zip or tar of a bundle"),
)
def _import(options: argparse.Namespace) -> None:
    paths, source = Paths.default(), options.file
    if not source.exists():
        raise UsageError(f"There is no {source}: check its name.")
    imported = import_bundle(paths, source, golden_scorer(paths))
    name = imported.manifest.name
    if imported.already:
        print(f"{name} is there already, the same.")
    else:
        print(f"{name} is imported and passes its check; models activate {name} lets it score.")


@commands.add(
    "compare",
    "score takes with two bundles and compare the results",
    declare.option("a", metavar="A", help="name or folder of a bundle"),
    declare.option("b", metavar="B", help="name or folder of another"),
    declare.path(
        "--on",
        "MANIFEST.tsv",
        "manifest as for score-batch; columns such as total_1 hold ratings",
        required=True,
    ),
    declare.path("--out", "PAIRS.tsv", "table of both scores of each take"),
    declare.ENGINE,
    declare.JOBS,
)
def _compare(options: argparse.Namespace) -> None:
    paths, engine = Paths.default(), engine_name(options)
    # Loaded now, to fail before a long run.
    infos = [load_bundle(find_bundle(paths, name)).scorer.info for name in (options.a, options.b)]
    rows = read_batch(options.on)
    if options.out is not None:
        check_output(options.out)
    first, second = (
        list(score_rows(rows, partial(worker_engine, engine, name), options.jobs))
        for name in (options.a, options.b)
    )
    pairs = pair_up(rows, first, second)
    print(report(infos[0], infos[1], pairs))
    if options.out is not None:
        write_pairs(options.out, pairs)


def _described(paths: Paths, listing: BundleListing) -> str:
    if listing.manifest is None:
        return f"{listing.name}: {listing.problem}"
    manifest = listing.manifest
    origin = "imported" if listing.folder.parent == paths.imported_models_dir else "shipped"
    return (
        f"{listing.name}  version {manifest.version}  {manifest.architecture}  "
        f"sha256 {manifest.sha256[:12]}  {origin}"
    )
