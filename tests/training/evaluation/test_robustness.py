"""Robustness rows: every change is what it says it is, and the tables count right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.training.evaluation.korean import SpokenTake
from pronounce_kiosk.training.evaluation.robustness import (
    GAINS_DB,
    NOISE_SNRS_DB,
    ROOMS,
    Changed,
    babblers,
    changes_of,
    in_noise,
    in_room,
    looped,
    louder,
    mixed,
    nonspeech_rows,
    nonspeech_table,
    read_rated,
    robustness_rows,
    robustness_table,
    synthetic_nonspeech,
)

RATE = 16_000


@pytest.fixture(scope="module")
def speech() -> AudioClip:
    spoken = EspeakLibrary().speak("the weather is nice today", "en-us")
    return AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(RATE)


def decibels(ratio: float) -> float:
    return 20 * float(np.log10(ratio))


@pytest.mark.parametrize("gain_db", [-30, -10, 10])
def test_a_gain_is_that_gain_or_stops_short_of_clipping(speech: AudioClip, gain_db: int) -> None:
    quiet = AudioClip.from_array(0.1 * speech.samples / speech.peak, RATE)
    assert decibels(louder(quiet, gain_db).rms / quiet.rms) == pytest.approx(gain_db, abs=0.1)
    loud = AudioClip.from_array(0.9 * speech.samples / speech.peak, RATE)
    assert louder(loud, gain_db).peak < 0.99


def test_noise_lies_that_far_under_the_take(speech: AudioClip) -> None:
    samples = speech.samples.astype(np.float64)
    noise = np.random.default_rng(0).standard_normal(len(samples))
    made = in_noise(samples, noise, 10.0).samples.astype(np.float64)
    # The part of the sum that is the take, and what is left over.
    share = made @ samples / (samples @ samples)
    rest = made - share * samples
    ratio = decibels(float(np.linalg.norm(share * samples) / np.linalg.norm(rest)))
    assert ratio == pytest.approx(10.0, abs=0.3)


def test_babble_holds_every_voice_as_loud() -> None:
    loud = AudioClip.from_array(np.sin(np.arange(4000)), RATE)
    quiet = AudioClip.from_array(0.01 * np.sin(np.arange(8000) / 3), RATE)
    spectrum = np.abs(np.fft.rfft(mixed([loud, quiet], RATE)))
    first, second = (round(RATE * rate / (2 * np.pi)) for rate in (1, 1 / 3))
    peaks = [spectrum[at - 3 : at + 4].max() for at in (first, second)]
    assert peaks[0] == pytest.approx(peaks[1], rel=0.5)


@pytest.mark.parametrize("room", list(ROOMS))
def test_a_room_decays_by_60_db_in_its_time(room: str) -> None:
    t60_s, ratio_db = ROOMS[room]
    click = np.zeros(RATE)
    click[0] = 1.0
    made = in_room(click, t60_s, ratio_db, np.random.default_rng(0)).samples.astype(np.float64)
    tail = made[1:]
    assert decibels(abs(made[0]) / np.linalg.norm(tail)) == pytest.approx(ratio_db, abs=0.1)
    size = round(t60_s * RATE)
    early = np.sqrt(np.mean(tail[size // 10 : size // 5] ** 2))
    late = np.sqrt(np.mean(tail[8 * size // 10 : 9 * size // 10] ** 2))
    assert decibels(early / late) == pytest.approx(0.7 * 60, abs=2.0)


def test_nobody_in_the_babble_says_the_sentence() -> None:
    takes = [SpokenTake(Sentence("", f"text {row % 4}", "en"), Path(str(row))) for row in range(12)]
    for row, take in enumerate(takes):
        voices = babblers(takes, row)
        assert len({voice.audio for voice in voices}) == 5
        assert take.sentence.text not in {voice.sentence.text for voice in voices}
    assert babblers(takes[:1], 0) == ()


def test_changes_are_all_there_and_none_clips(speech: AudioClip) -> None:
    changes = changes_of(speech, [speech], np.random.default_rng(0))
    assert len(changes) == 2 * len(GAINS_DB) + 2 * len(NOISE_SNRS_DB) + 7 + len(ROOMS)
    assert all(clip.peak <= 1.0 and len(clip.samples) for clip in changes.values())
    assert changes["48 kHz"].sample_rate_hz == 48_000
    long = changes["digital silence 3 s before and after"]
    assert long.duration_s == pytest.approx(speech.duration_s + 6.0)


def test_no_speech_lasts_as_long_as_asked() -> None:
    made = synthetic_nonspeech(2.0, np.random.default_rng(0))
    assert made["silence"].peak == 0.0
    for kind in ("hum", "music", "white noise", "pink noise", "coughs", "claps", "screams"):
        assert made[kind].duration_s == pytest.approx(2.0)
        assert made[kind].rms > 0.01
    piece = AudioClip.from_array(np.ones(1600), RATE)
    assert looped(piece, 1.0).duration_s == pytest.approx(1.0, abs=0.06)


def score(points: float | None, verdict: Verdict = Verdict.NOISY) -> Score:
    return Score(verdict) if points is None else Score(Verdict.SCORED, points)


def test_robustness_counts_refusals_as_nought_and_noisy_ones_apart(speech: AudioClip) -> None:
    names = list(changes_of(speech, [speech], np.random.default_rng(0)))

    def changed(plain: float | None, special: dict[str, Score]) -> Changed:
        same = {name: score(plain) for name in names}
        return Changed(score(plain), {**same, **special})

    refused = score(None, Verdict.DIFFERENT_SENTENCE)
    results = [
        changed(80, {"loudness -30 dB": score(70), "white noise 10 dB": score(None)}),
        changed(60, {"babble 20 dB": refused, "48 kHz": score(63), "tiled room": score(40)}),
        changed(None, {}),
    ]
    table = robustness_rows(results)
    shown = {row[0]: (row[1], row[2]) for row in table.rows}
    assert shown["loudness, all: within 1 point"] == ("10", "90.0 %")
    assert shown["loudness -30 dB: within 1 point"] == ("2", "50.0 %")
    assert shown["loudness, all, not rounded: within 1 point"] == ("10", "100.0 %")
    assert shown["white noise 10 dB: median change"] == ("1", "0.0")
    assert shown["white noise 10 dB: noisy"] == ("2", "50.0 %")
    assert shown["babble 20 dB: median change"] == ("2", "30.0")
    assert shown["babble 20 dB: refused otherwise"] == ("2", "50.0 %")
    assert shown["48 kHz: 99 % / largest change"][1].endswith("/ 3.00")
    assert shown["tiled room: median score"] == ("2", "60.0")
    assert shown["rooms: largest difference of medians"] == ("2", "10.0")
    with pytest.raises(TrainingError, match="No take was scored"):
        robustness_rows(results[2:])


def test_no_speech_counts_what_was_scored() -> None:
    table = nonspeech_rows([[("hum", score(None)), ("claps", score(30))], [("hum", score(10))]])
    assert table.rows[0][:5] == ("hum", "2", "50.0 %", "10.0", "0.0 %")
    assert table.rows[1][:5] == ("claps", "1", "100.0 %", "30.0", "100.0 %")


def test_takes_go_through_the_product_itself(small_corpus: Path) -> None:
    bundle = Paths.default().models_dir / "aligned-1"
    takes = read_rated(small_corpus, limit=2)
    assert [take.sentence.text for take in takes] == [
        "the weather is nice today",
        "open the window please",
    ]
    rows = {row[0]: row[1] for row in robustness_table(takes, bundle, jobs=1).rows}
    assert rows["as it is: median score"] in ("1", "2")
    kinds = {row[0]: row[1] for row in nonspeech_table(takes, bundle, jobs=1).rows}
    assert {"silence", "babble", "speech backwards", "the reference's first half"} <= set(kinds)
    assert kinds["silence"] == "2"
