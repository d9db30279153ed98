"""`scripts/fuzz`: damaged files for every reader, for as long as it is let; finds are kept.

Without atheris: random changes to valid files. With it (`--atheris TARGET`, where it is installed):
changes that are led by which lines of the reader they reach. A find is a file in the folder of
finds; put into tests/fuzz/finds/TARGET it is read again by every run of the tests.

Exit code 0: nothing found; 1: something.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import random
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pronounce_kiosk.bench.fuzz_targets import KINDS, TARGETS, Target, mutated

CHANGES_MAX = 12
FOLDER_CASES = 200
"""So many cases share a folder: what one leaves behind may trouble the next."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run it."""
    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=60, help="how long (60)")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="TARGET")
    parser.add_argument("--seed", type=int, default=None, help="to see the same again")
    parser.add_argument("--finds", type=Path, default=Path("fuzz-finds"), metavar="DIR")
    parser.add_argument("--atheris", choices=names, metavar="TARGET", help="guided, one target")
    options = parser.parse_args(argv)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("error")
    chosen = [target for target in TARGETS if target.name in options.only]
    if options.atheris:
        return _guided(TARGETS[names.index(options.atheris)], options.minutes, options.finds)
    return _random(chosen, options.minutes, options.seed, options.finds)


def _random(targets: Sequence[Target], minutes: float, seed: int | None, finds: Path) -> int:
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    print(f"seed {seed}: {', '.join(target.name for target in targets)}", flush=True)
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    found: set[str] = set()
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        for target in targets:
            with tempfile.TemporaryDirectory(prefix="kiosk-fuzz-") as folder:
                for _ in range(FOLDER_CASES):
                    counts[target.name] += 1
                    _try(target, _damaged(target, rng), Path(folder), finds, found)
    print(f"{sum(counts.values())} cases ({dict(counts)}), {len(found)} found")
    return 1 if found else 0


def _damaged(target: Target, rng: random.Random) -> bytes:
    seeds = target.seeds()
    changes = []
    for _ in range(rng.randint(1, CHANGES_MAX)):
        noise = rng.randbytes(rng.randint(0, 8))
        piece = rng.choice(target.tokens) if rng.random() < 0.6 else noise
        changes.append((rng.random(), rng.choice(KINDS), piece))
    data = mutated(rng.choice(seeds), changes)
    if rng.random() < 0.05:
        # The beginning of one and the end of another.
        other = rng.choice(seeds)
        data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other)) :]
    return data


def _try(target: Target, data: bytes, folder: Path, finds: Path, found: set[str]) -> None:
    try:
        target.read(data, folder)
    except Exception as error:
        trace = traceback.extract_tb(error.__traceback__)
        where = f"{target.name}: {type(error).__name__} in {trace[-1].filename}:{trace[-1].lineno}"
        if where in found:
            return
        found.add(where)
        place = finds / target.name / hashlib.sha256(data).hexdigest()[:12]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        print(f"{where}: {error}\n  {place}", flush=True)
        traceback.print_exc()


def _guided(target: Target, minutes: float, finds: Path) -> int:
    """libFuzzer through atheris. It ends the process itself at its first find."""
    try:
        import atheris
    except ImportError:
        print("error: atheris is not installed: pip install atheris", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="kiosk-fuzz-"))
    corpus, place = folder / "corpus", finds / target.name
    corpus.mkdir()
    place.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / str(number)).write_bytes(seed)
    work = folder / "work"

    def one(data: bytes) -> None:
        work.mkdir(exist_ok=True)
        target.read(data, work)

    # Everything that was imported so far, the readers and the libraries they lean on.
    atheris.instrument_all()
    options = [
        f"-max_total_time={int(60 * minutes)}",
        f"-artifact_prefix={place}/",
        "-close_fd_mask=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
