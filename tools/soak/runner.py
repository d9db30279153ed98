"""`scripts/soak`: record takes for hours over a real sound server, with injected faults.

The microphone is unplugged, the server restarts, the disk fills and is freed, the clock jumps by
hours, the bundle changes, the language changes, scoring is cancelled, the learner leaves. At the
end: nothing failed, nothing grew, and every attempt whose score was shown is on the disk.

Exit code 0: all holds; 1: something does not, and the report says what.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import logging
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from pronounce_kiosk.core.paths import HOME_VARIABLE, Paths
from pronounce_kiosk.core.sentence import Sentence, SentenceList
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.demo.hands import DemoFailedError
from tools.bench.practice import Learner, practice

WORDS = (
    ("네, 맞아요.", "ko"),
    ("안녕하세요.", "ko"),
    ("감사합니다.", "ko"),
    ("물 주세요.", "ko"),
    ("Thank you.", "en"),
    ("Good morning.", "en"),
)
SILENCE_END_MS = 450
"""Less than half of a kiosk's value, to save waiting."""
GROWTH_MB = 10.0
"""Limit of memory growth in a thousand takes."""
FIRST_USE_MB = 20.0
"""Limit of memory growth in a short run, for things loaded at first use, such as another bundle."""
FIRST_USE_TAKES = 100
FAULT_EVERY = 3
LOOKS = 6


@dataclass
class Report:
    """Result of the soak. problems: empty where all is well."""

    takes: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    shown: int = 0
    kept: int = 0
    cancelled: int = 0
    seconds: float = 0.0
    footprints: list[dict[str, float]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__.split("\n\n")[0])
    parser.add_argument("--takes", type=int, default=2000, help="how many (2000)")
    parser.add_argument(
        "--fault-every", type=int, default=FAULT_EVERY, metavar="N", help="a fault every N takes"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the order of faults")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report there, too")
    options = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="kiosk-soak-") as home:
        os.environ[HOME_VARIABLE] = home
        report = Soak(options.takes, options.seed, options.fault_every).run()
    text = json.dumps(vars(report), ensure_ascii=False, indent=1)
    if options.output is not None:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text if report.problems else summary(report))
    return 1 if report.problems else 0


def summary(report: Report) -> str:
    """Format the report for people."""
    first, last = report.footprints[0], report.footprints[-1]
    ends = ", ".join(f"{count} {end}" for end, count in sorted(report.ends.items()))
    faults = ", ".join(f"{count} {name}" for name, count in sorted(report.faults.items()))
    return (
        f"{report.takes} takes in {report.seconds:.0f} s ({ends}); {faults}; "
        f"{report.shown} scores shown, {report.kept} attempts kept, {report.cancelled} cancelled; "
        f"after {first['takes']:g} takes {first['rss_mb']:.0f} MB, {first['threads']:g} threads, "
        f"{first['files']:g} files, at the end {last['rss_mb']:.0f} MB, {last['threads']:g}, "
        f"{last['files']:g}"
    )


class Soak:
    """One run. The seed gives the order of events; the timing of threads varies."""

    def __init__(self, takes: int, seed: int = 0, fault_every: int = FAULT_EVERY) -> None:
        self.report = Report()
        self._takes = takes
        self._fault_every = fault_every
        self._random = random.Random(seed)
        self._clock = _Clock()

    def run(self) -> Report:
        """Record all takes, then check."""
        start = time.monotonic()
        sentences = tuple(Sentence(str(n), *word) for n, word in enumerate(WORDS, 1))
        lists = (SentenceList("soak", "Soak", "ko", sentences),)
        settings = Settings(silence_end_ms=SILENCE_END_MS, max_take_s=8.0)
        with _errors_noted(self.report.problems), self._clock.applied():
            try:
                with practice(settings, lists) as learner:
                    self._practise(learner, lists[0])
            except DemoFailedError as error:
                self.report.problems.append(str(error))
        self._account()
        self.report.seconds = time.monotonic() - start
        return self.report

    def _practise(self, learner: Learner, words: SentenceList) -> None:
        for sentence in words.sentences:
            learner.prepare_voice(sentence)
        # A guest's attempts are deleted with the guest, and could not be counted at the end.
        history = learner.model.history
        history.create("soak", "owl")
        learner.wait(lambda: not history.is_guest, "the learner")
        faults = itertools.cycle(self._faults(learner))
        measure_every = max(5, self._takes // 40)
        for number in range(self._takes):
            learner.home()
            if number % measure_every == 0:
                self._measure(learner)
            sentence = learner.open(words, self._random.randrange(len(words.sentences)))
            if number % self._fault_every == self._fault_every - 1:
                fault = next(faults)
                self.report.faults[fault.__name__] += 1
                fault(sentence)
            else:
                self._take(learner, sentence)
            self.report.takes += 1
        learner.home()
        self._measure(learner)

    def _take(
        self, learner: Learner, sentence: Sentence, act: Callable[[], object] = lambda: None
    ) -> None:
        """Record a take; call `act` while it is spoken."""
        if learner.begin_take():
            learner.speak(sentence)
            learner.rest(0.2)
            act()
            learner.until_the_end()
        self._note(learner)

    def _note(self, learner: Learner) -> None:
        end = learner.model.state.value
        self.report.ends[end] += 1
        if learner.model.result is not None:
            self.report.shown += 1
        if learner.model.error is not None:
            self.report.problems.append(f"take {self.report.takes}: {learner.model.error!r}")

    def _faults(self, learner: Learner) -> list[Callable[[Sentence], None]]:
        sound, model, window = learner.sound, learner.model, learner.window
        bundles = itertools.cycle(("classic-1", "aligned-2"))

        def microphone_away(sentence: Sentence) -> None:
            self._take(learner, sentence, sound.remove_microphone)
            sound.restore_microphone()
            learner.wait(lambda: not model.notices.key, "the microphone's return")

        def server_restart(sentence: Sentence) -> None:
            self._take(learner, sentence, sound.restart)
            learner.wait(lambda: not model.notices.key, "the server's return")

        def disk_full(sentence: Sentence) -> None:
            with _full_disk():
                self._take(learner, sentence)

        def clock_jump(sentence: Sentence) -> None:
            hours = self._random.choice((-30, -5, -1, 1, 7, 48))
            self._take(learner, sentence, lambda: self._clock.jump(hours))

        def bundle_swap(sentence: Sentence) -> None:
            from pronounce_kiosk.bundles.activation import activate

            bundle = next(bundles)
            self._take(learner, sentence, lambda: activate(Paths.default(), bundle))

        def language_switch(sentence: Sentence) -> None:
            self._take(learner, sentence, lambda: learner.tap(window.top_bar.language_button))

        def scoring_cancelled(sentence: Sentence) -> None:
            if learner.begin_take():
                learner.speak(sentence)
                learner.rest(self._random.uniform(0.3, 1.6))
                if model.state.value in ("record", "score"):
                    model.cancel()
                    self.report.cancelled += 1
            self._note(learner)

        def learner_gone(sentence: Sentence) -> None:
            somebody = model.history.learner
            self._take(learner, sentence)
            model.idle()
            model.history.choose(somebody)

        return [
            microphone_away,
            disk_full,
            clock_jump,
            bundle_swap,
            language_switch,
            server_restart,
            scoring_cancelled,
            learner_gone,
        ]

    def _measure(self, learner: Learner) -> None:
        looks = []
        for _ in range(LOOKS):
            learner.rest(0.12)
            looks.append(footprint())
        # Some may be taken during a query to the sound server.
        least = {name: min(look[name] for look in looks) for name in looks[0]}
        self.report.footprints.append({"takes": self.report.takes, **least})

    def _account(self) -> None:
        """Check the conditions that must hold at the end."""
        from pronounce_kiosk.history.store import HistoryStore

        report = self.report
        with HistoryStore(Paths.default().data_dir) as store:
            report.kept = store.count()
        # A take cancelled just as its score arrives may be stored.
        if not report.shown <= report.kept <= report.shown + report.cancelled:
            report.problems.append(f"{report.shown} scores shown, {report.kept} attempts kept")
        if not report.ends["result"]:
            report.problems.append("no take was scored")
        report.problems += growth(report.footprints)


def footprint() -> dict[str, float]:
    """Return resident memory, threads and open files of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "rss_mb": pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        "threads": len(os.listdir("/proc/self/task")),
        "files": len(os.listdir("/proc/self/fd")),
    }


def growth(footprints: Sequence[dict[str, float]]) -> list[str]:
    """Describe each figure that grew from the run's second fifth to its last; a sentence each."""
    fifth = max(1, len(footprints) // 5)
    # Skips the first fifth, which loads things at first use.
    early, late = footprints[fifth : 2 * fifth], footprints[-fifth:]
    if not early or early[0] is late[0]:
        return []
    found = []
    takes = late[-1]["takes"] - early[0]["takes"]
    grown_mb = min(f["rss_mb"] for f in late) - min(f["rss_mb"] for f in early)
    first_use_mb = FIRST_USE_MB if early[0]["takes"] < FIRST_USE_TAKES else 0.0
    if grown_mb > GROWTH_MB * max(1.0, takes / 1000) + first_use_mb:
        found.append(f"memory grew by {grown_mb:.1f} MB in {takes:g} takes")
    for what in ("threads", "files"):
        before, after = (statistics.median_low([f[what] for f in part]) for part in (early, late))
        if after > before:
            found.append(f"{after - before:g} more {what} after {takes:g} takes")
    return found


class _Clock:
    """A wall clock of this process that can jump; the monotonic clock goes on."""

    def __init__(self) -> None:
        self._offset_s = 0.0

    def jump(self, hours: float) -> None:
        self._offset_s += hours * 3600

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """Replace `time.time` and the history's clock, as if the system's clock had been set."""
        from pronounce_kiosk import app
        from pronounce_kiosk.history import clock
        from pronounce_kiosk.history.store import HistoryStore

        real_time, real_store = time.time, app.HistoryStore

        def now() -> datetime:
            return clock.now() + timedelta(seconds=self._offset_s)

        time.time = lambda: real_time() + self._offset_s
        app.HistoryStore = lambda folder: HistoryStore(folder, now=now)  # type: ignore
        try:
            yield
        finally:
            time.time, app.HistoryStore = real_time, real_store  # type: ignore


@contextlib.contextmanager
def _full_disk() -> Iterator[None]:
    """Simulate a full disk: no file of this process can grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def _errors_noted(problems: list[str]) -> Iterator[None]:
    """Note uncaught exceptions and records that are logged as errors."""

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            problems.append(f"{record.name}: {self.format(record)}")

    def hook(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        problems.append(f"uncaught {kind.__name__}: {error}")
        before(kind, error, traceback)

    notes, before = Notes(logging.ERROR), sys.excepthook
    logging.getLogger().addHandler(notes)
    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = before
        logging.getLogger().removeHandler(notes)
