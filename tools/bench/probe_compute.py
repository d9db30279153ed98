"""Measurements of `rows_compute`, in a process of their own."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.tuning import keep_heap
from pronounce_kiosk.session.engine import PracticeEngine


def open_engine(threads: int = 1) -> PracticeEngine:
    """Build the kiosk's engine: default settings, the active bundle."""
    import torch

    from pronounce_kiosk.bundles.activation import active_folder
    from pronounce_kiosk.bundles.load import load_bundle
    from pronounce_kiosk.references.library import default_library

    keep_heap()
    torch.set_num_threads(threads)
    paths = Paths.default()
    scorer = load_bundle(active_folder(paths)).scorer
    return PracticeEngine(default_library(paths, Settings()), scorer, "espeak")


def original(reference: str) -> Callable[[str], dict[str, Any]]:
    """Warm up the original program; return a function that scores a take's file."""
    import torch

    from pronounce_kiosk.bundles.load import find_bundle, load_bundle
    from tools.bench.original import OriginalFlow

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    paths = Paths.default()
    classic: Any = load_bundle(find_bundle(paths, "classic-1")).scorer
    flow = OriginalFlow(paths.cache_dir / "original", classic._model)
    image = flow.prepare(Path(reference))

    def score(take: str) -> dict[str, Any]:
        flow.score(Path(take), image)
        return flow.timings_ms

    return score


def ours(text: str) -> Callable[[str], dict[str, Any]]:
    """Warm up the kiosk's scorer; return a function that scores a take's file."""
    engine = open_engine(int(os.environ["OMP_NUM_THREADS"]))
    sentence = Sentence("", text, "ko")
    engine.prepare(sentence)

    def score(take: str) -> dict[str, Any]:
        return dict(engine.score(read_clip(Path(take)), sentence).score.timings_ms)

    return score


def serve(flow: str, argument: str) -> None:
    """Read a take's file from each line and print its cost as a line of JSON.

    {"seconds", "processor_s", "stages_ms"}.
    """
    score = {"original": original, "ours": ours}[flow](argument)
    for line in sys.stdin:
        begin, start = time.perf_counter(), time.process_time()
        stages = score(line.strip())
        cost = {
            "seconds": time.perf_counter() - begin,
            "processor_s": time.process_time() - start,
            "stages_ms": stages,
        }
        print(json.dumps(cost), flush=True)


def costs(takes: list[tuple[str, str]], rounds: int) -> dict[str, Any]:
    """Measure the stages of each take in every round: [{stage: ms}] a take, "total" too."""
    engine = open_engine()
    results: list[list[dict[str, float]]] = [[] for _ in takes]
    for number in range(rounds + 2):
        for (path, text), kept in zip(takes, results, strict=True):
            clip, sentence = read_clip(Path(path)), Sentence("", text, "ko")
            engine.prepare(sentence)
            start = time.perf_counter()
            score = engine.score(clip, sentence).score
            total = (time.perf_counter() - start) * 1000.0
            if number >= 2:
                kept.append({**score.timings_ms, "total": total})
    return {"takes": results}


def held(takes: list[tuple[str, str]], count: int) -> dict[str, Any]:
    """Measure resident MB after 100 takes and after every hundredth of `count` more."""
    engine = open_engine()
    clips = [(read_clip(Path(path)), Sentence("", text, "ko")) for path, text in takes]
    held_mb = []
    for number in range(100 + count):
        clip, sentence = clips[number % len(clips)]
        engine.score(clip, sentence)
        if number % 100 == 99:
            with open("/proc/self/status") as file:
                kilobytes = next(line.split()[1] for line in file if line.startswith("VmRSS:"))
            held_mb.append(int(kilobytes) / 1024)
    return {"held_mb": held_mb}


if __name__ == "__main__":
    serve(*sys.argv[1:])
