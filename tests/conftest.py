"""What every test gets: no screen, no user folders, and no stray warning or log record."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.paths import HOME_VARIABLE
from pronounce_kiosk.references.espeak_library import EspeakLibrary

RATE = 16_000
Speak = Callable[..., AudioClip]

WEEKLY = bool(os.environ.get("PRONOUNCE_KIOSK_WEEKLY_TESTS"))

# Before anything imports Qt: tests must never open windows, on a desktop either.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# A busy machine is no failure; and a suite that gates a change must give one answer for it.
settings.register_profile(
    "kiosk", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# `./scripts/test --weekly`: other cases every time, and many more of them.
settings.register_profile(
    "weekly", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("weekly" if WEEKLY else "kiosk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a time limit of their own first, then the other system tests.

    They mostly wait, for sounds, screens and other programs: one worker does so while the others
    compute, and none is left with a long one at the end.
    """

    def order(item: pytest.Item) -> tuple[float, bool]:
        limit = item.get_closest_marker("timeout")
        return (0.0 if limit is None else -limit.args[0], "system" not in item.path.parts)

    items.sort(key=order)


@pytest.fixture(autouse=True)
def kiosk_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh place for everything the program writes; the user's own folders stay untouched."""
    home = tmp_path / "kiosk-home"
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    return home


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """What a command sets up for its process goes again: the next test has a log of its own."""
    root, package = logging.getLogger(), logging.getLogger("pronounce_kiosk")
    handlers, level = list(root.handlers), package.level
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    package.setLevel(level)
    logging.captureWarnings(False)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.expected: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_stray_logs() -> Iterator[_Collector]:
    """Fail a test that logs WARNING or above unless it said so with `expected_log`."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield collector
    root.removeHandler(collector)
    said = [
        f"{record.levelname} {record.name}: {record.getMessage()}" for record in collector.records
    ]
    stray = [line for line in said if not any(p.search(line) for p in collector.expected)]
    missing = [p.pattern for p in collector.expected if not any(p.search(line) for line in said)]
    if stray:
        pytest.fail("stray log records:\n" + "\n".join(stray), pytrace=False)
    if missing:
        pytest.fail(f"log records that never came: {missing}", pytrace=False)


@pytest.fixture
def expected_log(_no_stray_logs: _Collector) -> Callable[[str], None]:
    """Call it with a regex for ``LEVEL logger: message`` of a WARNING or above that must come."""

    def expect(pattern: str) -> None:
        _no_stray_logs.expected.append(re.compile(pattern))

    return expect


@pytest.fixture(scope="session")
def speak() -> Speak:
    """speak(text, voice, noise_db, before_s, after_s) -> a 16 kHz clip.

    noise_db: white noise under the voice's RMS, None for none; pauses hold the noise alone.
    """
    library = EspeakLibrary()

    def make(
        text: str = "오늘은 삼겹살을 먹었어요",
        voice: str = "ko",
        noise_db: float | None = 40.0,
        before_s: float = 0.5,
        after_s: float = 0.5,
    ) -> AudioClip:
        spoken = library.speak(text, voice)
        voice_only = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(RATE)
        padding = (round(before_s * RATE), round(after_s * RATE))
        samples = np.pad(voice_only.samples, padding).astype(np.float64)
        if noise_db is not None:
            random = np.random.default_rng(7)
            scale = voice_only.rms * 10 ** (-noise_db / 20)
            samples += scale * random.standard_normal(len(samples))
        return AudioClip.from_array(samples * 0.5, RATE)

    return make


@pytest.fixture(scope="session")
def take(speak: Speak) -> AudioClip:
    """One good take."""
    return speak()
