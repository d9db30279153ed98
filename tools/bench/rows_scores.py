"""Check that optimisation changes no score: score takes again and compare."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from pronounce_kiosk.bundles.load import Bundle, load_bundle, shipped_folders
from pronounce_kiosk.core.atomic import write_atomically
from pronounce_kiosk.core.paths import Paths
from tools.bench.registry import Bench, Measured, row

KEPT = Path(__file__).with_name("scores.tsv")
COLUMNS = ("bundle", "id", "verdict", "score", "accuracy", "fluency", "prosody")
REPOSITORY = Path(__file__).resolve().parents[2]
QUICK_EVERY = 12
VERDICT_CHANGED = 100.0
"""Points counted for a changed verdict."""

Scores = Mapping[str, tuple[str, ...]]


@row("scores", "largest change of a score, the shipped bundle", "points", 0.5, 0)
def scores(bench: Bench) -> Measured:
    """Compare the scores of the bundle's golden takes with the recorded ones.

    With --corpus and --before: every take of a corpus too, by that commit's code and by this.
    """
    bundle = load_bundle(shipped_folders(Paths.default())[0])
    now = _golden(bench, bundle)
    if bench.options.get("keep_scores"):
        _keep(bundle.manifest.sha256, now)
    kept = _kept(bundle.manifest.sha256)
    compared: dict[str, list[float]] = {}
    if kept:
        compared["golden takes"] = _changes(kept, now)
    before = bench.options.get("before")
    if bench.corpus is not None and before:
        compared[f"corpus takes against {before}"] = _corpus(bench, bench.corpus, before)
    changes = [change for each in compared.values() for change in each]
    if not changes:
        return Measured(
            skipped="no scores are kept for this bundle: --keep-scores keeps them, --corpus DIR "
            "--before COMMIT compares with a commit's"
        )
    note = ", ".join(
        f"{len(each)} {what}: {sum(change > 0 for change in each)} changed"
        for what, each in compared.items()
    )
    return Measured(value=max(changes), note=note)


def _golden(bench: Bench, bundle: Bundle) -> Scores:
    takes = bundle.manifest.golden
    rows = [(str(n), bundle.folder / t.audio, t.text, t.language) for n, t in enumerate(takes)]
    return _score(bench, REPOSITORY, bundle.folder, _manifest(bench.work / "golden.tsv", rows))


def _corpus(bench: Bench, corpus: Path, before: str) -> list[float]:
    """Score by both versions with the bundle that the commit shipped."""
    with (corpus / "utterances.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    lines = lines[:: QUICK_EVERY if bench.quick else 1]
    names = {path.stem: path for path in (corpus / "audio").iterdir()}
    rows = [
        (line["utterance"], names[line["utterance"]], line["text"], language)
        for line in lines
        for language in ["ko" if any("가" <= c <= "힣" for c in line["text"]) else "en"]
    ]
    manifest = _manifest(bench.work / "corpus.tsv", rows)
    old = bench.work / "before"
    packed = subprocess.run(
        ["git", "archive", "--format=tar", before], cwd=REPOSITORY, capture_output=True, check=True
    )
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(old, filter="data")
    shipped = shipped_folders(replace(Paths.default(), models_dir=old / "models"))[0]
    return _changes(
        _score(bench, old, shipped, manifest), _score(bench, REPOSITORY, shipped, manifest)
    )


def _manifest(path: Path, rows: Iterable[tuple[str, Path, str, str]]) -> Path:
    text = "".join("\t".join(map(str, each)) + "\n" for each in rows)
    path.write_text(f"id\taudio\ttext\tlang\n{text}", encoding="utf-8")
    return path


def _score(bench: Bench, code: Path, bundle: Path, manifest: Path) -> Scores:
    """Score by one checkout's score-batch, with a home of its own, so without the other's cache."""
    home = f"scores-{code.name}"
    out = bench.work / f"{manifest.stem}-{code.name}.tsv"
    command = [sys.executable, "-m", "pronounce_kiosk.cli", "score-batch", str(manifest)]
    command += ["--out", str(out), "--bundle", str(bundle), "--engine", "espeak"]
    environment = bench.environment(1, home) | {"PYTHONPATH": str(code)}
    jobs = str(min(2, os.cpu_count() or 1))
    run = subprocess.run(
        [*command, "--jobs", jobs], cwd=code, env=environment, capture_output=True, text=True
    )
    # 1 means an unreadable take, which is a row like any other here.
    if run.returncode > 1:
        raise RuntimeError(run.stderr.strip()[-500:])
    lines = out.read_text(encoding="utf-8").splitlines()[1:]
    return {cells[0]: tuple(cells[1:]) for cells in (line.split("\t") for line in lines)}


def _changes(before: Scores, now: Scores) -> list[float]:
    """Return each take's largest change, of total and aspects."""
    if before.keys() != now.keys():
        raise RuntimeError("the takes are not the same ones: keep their scores anew")
    return [_change(before[name], now[name]) for name in before]


def _change(before: tuple[str, ...], now: tuple[str, ...]) -> float:
    if before[0] != now[0]:
        return VERDICT_CHANGED
    pairs = [(a, b) for a, b in zip(before[1:], now[1:], strict=True) if a or b]
    return round(max((abs(float(a) - float(b)) for a, b in pairs), default=0.0), 6)


def _kept(sha256: str) -> Scores:
    if not KEPT.is_file():
        return {}
    lines = [line.split("\t") for line in KEPT.read_text(encoding="utf-8").splitlines()[1:]]
    return {cells[1]: tuple(cells[2:]) for cells in lines if cells[0] == sha256}


def _keep(sha256: str, found: Scores) -> None:
    lines = ["\t".join((sha256, name, *cells)) for name, cells in found.items()]
    write_atomically(KEPT, "\n".join(["\t".join(COLUMNS), *lines, ""]).encode())
