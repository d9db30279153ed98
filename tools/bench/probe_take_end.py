"""Probe of a take's end: natives' takes with a pause inserted between two words, played live.

The detector receives the audio block by block as in the kiosk. Where a pause begins, the scorer is
asked how much of the sentence has been said; its answer counts from the time it would take.
Computing is measured as processor time of one thread, so other programs change nothing.
"""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.audio.vad import FRAME, FRAME_MS, HANGOVER_AFTER_FRAMES, SpeechEndDetector
from pronounce_kiosk.bundles.load import load_bundle, shipped_folders
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.scoring.protocol import TakeResult
from pronounce_kiosk.session.early import EarlyScoring
from pronounce_kiosk.session.engine import PracticeEngine

RATE = PIPELINE_SAMPLE_RATE_HZ
PAUSES_S = (0.5, 1.0, 1.5, 2.0, 2.5)
TAIL_S = 4.0
NEAR = RATE * 60 // 1000
"""A pause is inserted at the quietest point this near to a word boundary, in samples."""


@dataclass(frozen=True)
class _Heard:
    """Audio at a microphone. said_s: the end of the last sound."""

    samples: FloatArray
    said_s: float


def take_end(corpus: str, every: int, slower: float) -> dict[str, Any]:
    """Measure when each take's end was declared and scored, in seconds after its last sound.

    Args:
        corpus: A folder with utterances.tsv and audio/.
        every: Use one of so many takes.
        slower: Factor by which the target machine computes slower than this one.

    Returns:
        Lists, one entry a take: ``pauses_s``, ``ended_s`` (negative: cut off), ``scored_s``;
        ``usual_ended_s`` and ``usual_scored_s``: where only the usual silence ends a take.
    """
    engine = PracticeEngine(
        default_library(Paths.default(), Settings()),
        load_bundle(shipped_folders(Paths.default())[0]).scorer,
    )
    found: dict[str, list[float]] = {}
    random = np.random.default_rng(0)
    for number, (file, text) in enumerate(_takes(Path(corpus))[::every]):
        sentence = Sentence(str(number), text, "ko")
        clip = read_clip(file).resampled(RATE)
        result = engine.score(clip, sentence)
        places = _between_words(result, sentence)
        if not places:
            continue
        pause_s = PAUSES_S[number % len(PAUSES_S)]
        place, quiet_s = places[random.integers(len(places))]
        added_s = max(0.0, pause_s - quiet_s)
        heard = _with_pause(clip, result, place, added_s, random)
        found.setdefault("pauses_s", []).append(pause_s)
        for usual, asks in (("", True), ("usual_", False)):
            ended_s, scored_s = _live(engine, sentence, heard, slower, asks)
            for what, at_s in (("ended_s", ended_s), ("scored_s", scored_s)):
                found.setdefault(usual + what, []).append(round(at_s - heard.said_s, 3))
    return found


def _takes(corpus: Path) -> list[tuple[Path, str]]:
    files = {path.stem: path for path in (corpus / "audio").iterdir()}
    with (corpus / "utterances.tsv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(files[line["utterance"]], line["text"]) for line in lines]


def _between_words(result: TakeResult, sentence: Sentence) -> list[tuple[int, float]]:
    """Find the word boundaries in samples, each with the seconds of existing silence."""
    said = split_units(sentence.text, sentence.language, sentence.pronunciation)
    units = result.score.units
    if len(units) != len(said):
        return []
    return [
        (
            round((units[n].end_s + units[n + 1].start_s) / 2 * RATE),
            units[n + 1].start_s - units[n].end_s,
        )
        for n in range(len(said) - 1)
        if " " in sentence.text[said[n].end : said[n + 1].start]
    ]


def _with_pause(
    clip: AudioClip, result: TakeResult, place: int, pause_s: float, random: np.random.Generator
) -> _Heard:
    samples = clip.samples
    power = np.convolve(np.square(samples), np.ones(160) / 160, mode="same")
    start = max(0, place - NEAR)
    place = start + int(np.argmin(power[start : place + NEAR]))
    room = float(np.sqrt(np.quantile(power, 0.02))) + 1e-5
    pause, tail, before = (
        (random.standard_normal(round(seconds * RATE)) * room).astype(np.float32)
        for seconds in (pause_s, TAIL_S, 0.5)
    )
    voice_end_s = result.take_start_s + result.take.duration_s
    voice_end_s -= HANGOVER_AFTER_FRAMES * FRAME_MS / 1000
    last = round(voice_end_s * RATE) + FRAME * HANGOVER_AFTER_FRAMES
    parts = (before, samples[:place], pause, samples[place:last], tail)
    return _Heard(np.concatenate(parts), 0.5 + voice_end_s + pause_s)


def _live(
    engine: PracticeEngine, sentence: Sentence, heard: _Heard, slower: float, asks: bool
) -> tuple[float, float]:
    """Find when the take was ended and scored, in seconds of the recording.

    asks: whether the scorer is asked how much of the sentence has been said.
    """
    settings, early = Settings(), EarlyScoring()
    detector = SpeechEndDetector(settings.silence_end_ms)
    answer_at_s, answer_ms, scored_s, pausing = 0.0, None, 0.0, False
    start, now_s = 0, 0.0
    for start in range(0, len(heard.samples), FRAME):
        now_s = (start + FRAME) / RATE
        detector.feed(heard.samples[start : start + FRAME])
        if answer_ms is not None and now_s >= answer_at_s:
            if detector.pausing:
                detector.wait(answer_ms)
            answer_ms = None
        if detector.ended:
            break
        if detector.pausing and not pausing:
            so_far = AudioClip.from_array(heard.samples[: start + FRAME], RATE)
            begun = time.process_time()
            if asks:
                answer_ms = engine.wait_ms(so_far, sentence, settings.pause_wait_ms)
            answer_at_s = now_s + slower * (time.process_time() - begun)
            early.begin(engine, so_far, sentence)
            scored_s = now_s + slower * (time.process_time() - begun)
        elif not detector.pausing:
            answer_ms = None
        pausing = detector.pausing
    begun = time.process_time()
    early.finish(engine, AudioClip.from_array(heard.samples[: start + FRAME], RATE), sentence)
    return now_s, max(now_s, scored_s) + slower * (time.process_time() - begun)
