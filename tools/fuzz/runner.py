"""`scripts/fuzz`: feed damaged files to every reader until the time is up; finds are kept.

Without atheris: random changes to valid files, all readers in turn. With it (`--coverage`, where
installed): changes guided by coverage, one reader after the other, each in a process of its own. A
find is a file in the folder of finds; copied to tests/system/tools/fuzz/finds/TARGET it is read
again by every run of the tests.

Exit code 0: nothing found; 1: something; 2: it cannot be done.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import importlib.util
import logging
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tools.fuzz.mutation import CHANGE_BYTES, CHANGES_MAX, HEAD_BYTES, Target, damaged

FOLDER_CASES = 200
"""Cases that share a folder: the files of one may affect the next."""
SLOW_S = 10.0
"""Limit of processor time for a file; a slower reader counts as stuck."""
MEMORY_BYTES = 8 << 30
"""Limit of address space; a file that makes a reader ask for more is a find."""
NOTED_EVERY_S = 300.0

_LAST_WORDS = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+) ft: (\d+) corp: (\d+)/")


class Finds:
    """The folder of finds; each failing place in the code is kept and reported once."""

    def __init__(self, folder: Path, out: TextIO) -> None:
        self._folder = folder
        self._out = out
        self._places: set[str] = set()

    def __len__(self) -> int:
        return len(self._places)

    def try_one(self, target: Target, data: bytes, folder: Path) -> None:
        """Read one case; keep it where reading failed."""
        begun_s = time.process_time()
        try:
            target.read(data, folder)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{target.name}: {type(error).__name__} in {last.filename}:{last.lineno}"
            told = f"{error}\n{traceback.format_exc()}"
        else:
            if time.process_time() - begun_s < SLOW_S:
                return
            place, told = f"{target.name}: slow", f"{time.process_time() - begun_s:.1f} s"
        if place in self._places:
            return
        self._places.add(place)
        path = self._folder / target.name / hashlib.sha256(data).hexdigest()[:12]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        print(f"FIND {place}: {told}\n  {path}", file=self._out, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    from tools.fuzz.targets import TARGETS

    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(
        prog="scripts/fuzz",
        description=(__doc__ or "").split("\n\n")[0],
        epilog=f"readers: {', '.join(names)}",
    )
    parser.add_argument("--minutes", type=float, default=60, help="how long, in all (60)")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="READER")
    parser.add_argument("--seed", type=int, default=None, help="to see the same again")
    parser.add_argument("--finds", type=Path, default=Path("fuzz-finds"), metavar="DIR")
    parser.add_argument("--coverage", action="store_true", help="guided by coverage, by atheris")
    options = parser.parse_args(argv)
    chosen = [target for target in TARGETS if target.name in options.only]
    if options.coverage:
        return _guided(options.only, options.minutes, options.finds)
    return _random(chosen, options.minutes, options.seed, options.finds)


def own_words() -> TextIO:
    """Silence logs, make warnings errors, and return a stream that outlives stderr."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("error")
    out = os.fdopen(os.dup(2), "w")
    faulthandler.enable(out)
    return out


def close_stderr() -> None:
    """Close stderr: C decoders write a line about most damaged files."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def bound_memory() -> None:
    """Limit the address space, so that a larger request raises MemoryError."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.RLIM_INFINITY))


def _random(targets: Sequence[Target], minutes: float, seed: int | None, finds: Path) -> int:
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    out = own_words()
    close_stderr()
    bound_memory()
    print(f"seed {seed}: {', '.join(target.name for target in targets)}", file=out, flush=True)
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    found = Finds(finds, out)
    end = time.monotonic() + 60 * minutes
    note = time.monotonic() + NOTED_EVERY_S
    while time.monotonic() < end:
        for target in targets:
            with tempfile.TemporaryDirectory(prefix="kiosk-fuzz-") as folder:
                for _ in range(FOLDER_CASES):
                    counts[target.name] += 1
                    changes = rng.randint(1, CHANGES_MAX)
                    choices = rng.randbytes(HEAD_BYTES + CHANGE_BYTES * changes)
                    found.try_one(target, damaged(target, choices), Path(folder))
        if time.monotonic() > note:
            note += NOTED_EVERY_S
            print(f"{sum(counts.values())} cases, {len(found)} found", file=out, flush=True)
    print(f"{sum(counts.values())} cases ({dict(counts)}), {len(found)} found", file=out)
    return 1 if len(found) else 0


def _guided(names: Sequence[str], minutes: float, finds: Path) -> int:
    """Run each reader in a process of its own, as libFuzzer ends its process."""
    if importlib.util.find_spec("atheris") is None:
        print("error: atheris is not installed: scripts/setup dev,fuzz", file=sys.stderr)
        return 2
    print(f"{'reader':<12}{'cases':>10}{'lines and jumps':>17}{'features':>10}{'kept':>8}  found")
    whole = True
    total = 0
    for name in names:
        seconds = max(1, round(60 * minutes / len(names)))
        command = [sys.executable, "-m", "tools.fuzz.guided", name]
        done = subprocess.run(
            [*command, str(seconds), str(finds)], stderr=subprocess.PIPE, text=True, check=False
        )
        said = done.stderr
        words = _LAST_WORDS.search(said)
        if words is None or done.returncode:
            print(f"{name}: ended with {done.returncode}\n{said[-4000:]}", flush=True)
            whole = False
        if words is None:
            continue
        count = said.count("FIND ")
        whole = whole and not count
        cases, lines, features, kept = words.groups()
        total += int(cases)
        print(f"{name:<12}{cases:>10}{lines:>17}{features:>10}{kept:>8}  {count}", flush=True)
        for line in said.splitlines():
            if line.startswith(("FIND ", f"  {finds}")):
                print(f"  {line}", flush=True)
    print(f"{total} cases")
    return 0 if whole else 1
