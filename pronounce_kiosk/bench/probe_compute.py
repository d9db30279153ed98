"""What `rows_compute` measures, in a process of its own."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from pronounce_kiosk.core.audio_file import read_clip
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.core.tuning import keep_heap
from pronounce_kiosk.session.engine import PracticeEngine


def open_engine(threads: int = 1) -> PracticeEngine:
    """The engine as the kiosk has it: default settings, the bundle that scores."""
    import torch

    from pronounce_kiosk.bundles.activation import active_folder
    from pronounce_kiosk.bundles.load import load_bundle
    from pronounce_kiosk.references.library import default_library

    keep_heap()
    torch.set_num_threads(threads)
    paths = Paths.default()
    scorer = load_bundle(active_folder(paths)).scorer
    return PracticeEngine(default_library(paths, Settings()), scorer, "espeak")


def against_original(take: str, text: str, rounds: int, threads: int) -> dict[str, Any]:
    """Both flows in turn on one take, from its file to its score: seconds of every round."""
    from pronounce_kiosk.bench.original import OriginalFlow
    from pronounce_kiosk.bundles.load import find_bundle, load_bundle
    from pronounce_kiosk.core.audio_file import write_clip

    engine = open_engine(threads)
    paths = Paths.default()
    classic: Any = load_bundle(find_bundle(paths, "classic-1")).scorer
    original = OriginalFlow(paths.cache_dir / "original", classic._model)
    sentence, path = Sentence("", text, "ko"), Path(take)
    said = paths.cache_dir / "reference-take.wav"
    write_clip(said, engine.reference(sentence).clip)
    image = original.prepare(said)
    theirs, ours, cpu = [], [], []
    stages: dict[str, list[float]] = {}
    their_stages: dict[str, list[float]] = {}
    for number in range(rounds + 3):
        start, begin = time.perf_counter(), time.process_time()
        original.score(path, image)
        middle, turn = time.perf_counter(), time.process_time()
        score = engine.score(read_clip(path), sentence).score
        end, stop = time.perf_counter(), time.process_time()
        if number < 3:
            continue  # the first rounds still fill caches
        theirs.append(middle - start)
        ours.append(end - middle)
        cpu.append((turn - begin) / (stop - turn))
        for kept, new in ((stages, score.timings_ms), (their_stages, original.timings_ms)):
            for name, spent in new.items():
                kept.setdefault(name, []).append(spent)
    return {
        "theirs": theirs,
        "ours": ours,
        "cpu_ratios": cpu,
        "verdict": score.verdict.value,
        "stages_ms": {name: statistics.median(spent) for name, spent in stages.items()},
        "their_stages_ms": {name: statistics.median(spent) for name, spent in their_stages.items()},
    }


def costs(takes: list[tuple[str, str]], rounds: int) -> dict[str, Any]:
    """Each take's stages in every round, the takes in turn: [{stage: ms}] a take, "total" too."""
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
                kept.append({**score.timings_ms, "total": total, "verdict": score.verdict.value})
    return {"takes": results}


def held(takes: list[tuple[str, str]], count: int) -> dict[str, Any]:
    """Resident MB after 100 takes and after every hundredth of `count` more."""
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
