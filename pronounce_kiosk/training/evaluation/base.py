"""Read the takes that a request names, and score them in a few processes.

Each process has its own engine, with references by espeak-ng: a cached gTTS voice changes figures.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.batch.parallel import DEFAULT_JOBS, Jobs, limit_threads, map_in_order
from pronounce_kiosk.bundles.load import load_bundle
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Score
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.session.engine import PracticeEngine
from pronounce_kiosk.training.data.corpus import read_utterances
from pronounce_kiosk.training.data.references import training_library
from pronounce_kiosk.training.evaluation.figures import SEED, Rows

NATIVES, TEDX = "natives", "TEDx"
FOLDERS = {"corpus": "English", "korean": NATIVES, "tedx": TEDX, "gtts": "gTTS words"}
"""Names of the sets of takes, by the option that names their folder: learners of the rated corpus,
natives who read or act, natives on a stage, single words by a synthesiser."""

BABBLE_VOICES = 5
"""Takes mixed to babble; more make steadier babble."""

Item = TypeVar("Item")
Result = TypeVar("Result")

_engine: PracticeEngine | None = None


@dataclass(frozen=True)
class SpokenTake:
    """A take without ratings. sentence: the one said. emotion: the mood it is acted in."""

    sentence: Sentence
    audio: Path
    speaker: str = ""
    emotion: str = ""

    @property
    def source(self) -> str:
        """The speaker or, where there is one voice, the text, by which intervals resample."""
        return self.speaker or self.sentence.text


@dataclass(frozen=True)
class Request:
    """A request to evaluate a bundle.

    folders: By `FOLDERS`; None, or left out, where not given. rows: Names of rows, or ``all``.
    beside: A second bundle to compare with in every table; baseline: in agreement with people only.
    limit: Of takes of a kind, None for all. out_of_fold: Predictions in place of the bundle's own
    file. out: File of the report.
    """

    bundle: Path
    folders: Mapping[str, Path | None] = field(default_factory=dict)
    rows: Sequence[str] = ("people",)
    beside: Path | None = None
    baseline: Path | None = None
    limit: int | None = None
    jobs: Jobs = DEFAULT_JOBS
    out_of_fold: Path | None = None
    out: Path | None = None

    def takes(self, *folders: str, most: int | None = None) -> list[SpokenTake]:
        """Read folders' takes: of each at most the limit, or `most` where no limit is given."""
        found: list[SpokenTake] = []
        for folder in folders:
            if path := self.folders.get(folder):
                language = "en" if folder == "corpus" else "ko"
                found += read_takes(path, language, self.limit or most)
        return found

    def over(
        self, function: Callable[[Item], Result], work: Sequence[Item], label: str = ""
    ) -> list[Result]:
        """Apply a module's function to every item, in order, in processes that have an engine."""
        start = partial(start_engine, self.bundle)
        return list(map_in_order(function, work, jobs=self.jobs, label=label, initializer=start))

    def rows_by_set(
        self,
        score: Callable[[SpokenTake], Result],
        add: Callable[[Rows, str, Sequence[Result]], None],
        *folders: str,
    ) -> Rows:
        """Score the takes of each folder, and add rows of the results under the set's name."""
        rows = Rows()
        for folder in folders:
            if takes := self.takes(folder):
                add(rows, FOLDERS[folder], self.over(score, takes, FOLDERS[folder]))
        return rows


@dataclass(frozen=True)
class Scored:
    """A clip's score and who spoke. kind: of the clip, where there are several.

    units: those of the sentence that were changed; plain: the take's score before the change.
    """

    speaker: str
    score: Score
    kind: str = ""
    units: tuple[int, ...] = ()
    plain: Score | None = None

    @property
    def total(self) -> float:
        """The total, 0 where the clip was refused."""
        return self.score.score or 0.0

    @property
    def refused(self) -> bool:
        """Whether the clip got no score."""
        return self.score.score is None

    @property
    def change(self) -> float:
        """How much the total differs from that of the take as it is."""
        assert self.plain is not None
        return abs(self.total - (self.plain.score or 0.0))

    @property
    def unit_scores(self) -> list[float]:
        """Scores of the units that have one."""
        return [unit.score for unit in self.score.units if unit.score is not None]


@dataclass(frozen=True)
class Heard:
    """A take in a process that scores it. others: make its babble."""

    take: SpokenTake
    others: tuple[SpokenTake, ...] = ()

    @cached_property
    def clip(self) -> AudioClip:
        """The take at 16 kHz, the rate of every change to it."""
        return clip_at_16_khz(self.take.audio)

    @cached_property
    def plain(self) -> Score:
        """Its score as it is."""
        return score_of(self.clip, self.take.sentence)

    @cached_property
    def voices(self) -> list[AudioClip]:
        """Clips of the other takes."""
        return [clip_at_16_khz(other.audio) for other in self.others]

    @cached_property
    def random(self) -> np.random.Generator:
        """The take's own generator, which does not depend on the takes beside it."""
        return random_of(self.take.audio)


@dataclass(frozen=True)
class Changed:
    """A changed clip. units: those of the sentence that were changed."""

    kind: str
    clip: AudioClip
    units: tuple[int, ...] = ()


def score_changed(
    request: Request,
    changes: Callable[[Heard], Iterable[Changed]],
    takes: Sequence[SpokenTake],
    label: str,
    *,
    refused_too: bool = False,
) -> list[Scored]:
    """Score takes changed in every way that a module's function gives.

    refused_too: Whether takes are changed that are refused as they are.
    """
    found = request.over(partial(_changed, changes, refused_too), with_babblers(takes), label)
    return [one for some in found for one in some]


def read_takes(folder: Path, language: str = "ko", limit: int | None = None) -> list[SpokenTake]:
    """Read at most `limit` takes of a folder, spread over its utterances.tsv; see `read_corpus`."""
    folder = folder.resolve()
    path, rows = read_utterances(folder)
    if not rows or not {"utterance", "text"} <= set(rows[0]):
        raise TrainingError(f"{path} needs the columns utterance and text: get the whole folder.")
    return [_take(folder, language, row) for row in spread(rows, limit)]


def spread(items: Sequence[Item], limit: int | None) -> list[Item]:
    """Choose at most `limit` items, evenly over the sequence, in its order."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[row] for row in np.linspace(0, len(items) - 1, limit).round().astype(int)]


def with_babblers(takes: Sequence[SpokenTake]) -> list[Heard]:
    """Give each take some of other sentences, spread over the list, for its babble."""
    found = []
    for row, take in enumerate(takes):
        rest = [one for one in (*takes[row:], *takes[:row]) if one.sentence != take.sentence]
        found.append(Heard(take, tuple(spread(rest, BABBLE_VOICES))))
    return found


def _take(folder: Path, language: str, row: dict[str, str]) -> SpokenTake:
    for extension in ("ogg", "mp3", "wav"):
        audio = folder / "audio" / f"{row['utterance']}.{extension}"
        if audio.is_file():
            text = row["text"].lower() if language == "en" else row["text"]
            sentence = Sentence("", text, language)
            return SpokenTake(sentence, audio, row.get("speaker", ""), row.get("emotion", ""))
    raise TrainingError(f"{folder / 'audio'} lacks {row['utterance']}: get the whole folder.")


def start_engine(bundle_folder: Path) -> None:
    """Build this process's engine."""
    global _engine
    limit_threads(1)
    _engine = PracticeEngine(training_library(), load_bundle(bundle_folder).scorer, "espeak")


def engine() -> PracticeEngine:
    """Return this process's engine, after `start_engine`."""
    assert _engine is not None
    return _engine


def score_of(clip: AudioClip, sentence: Sentence) -> Score:
    """Score a clip against a sentence with this process's engine."""
    return engine().score(clip, sentence).score


def score_right(take: SpokenTake) -> Scored:
    """Score a take against its own sentence, as `score_as`."""
    return score_as((take, take.sentence))


def score_as(work: tuple[SpokenTake, Sentence]) -> Scored:
    """Score a take against a sentence; its kind is the take's mood."""
    take, sentence = work
    return Scored(take.source, score_of(read_clip(take.audio), sentence), take.emotion)


def clip_at_16_khz(audio: Path) -> AudioClip:
    """Read a take at 16 kHz."""
    return read_clip(audio).resampled(PIPELINE_SAMPLE_RATE_HZ)


def random_of(audio: Path, seed: int = SEED) -> np.random.Generator:
    """Make a generator by a take's name."""
    return np.random.default_rng([seed, zlib.crc32(audio.stem.encode())])


def _changed(
    changes: Callable[[Heard], Iterable[Changed]], refused_too: bool, heard: Heard
) -> list[Scored]:
    take, plain = heard.take, heard.plain
    made = changes(heard) if refused_too or plain.score is not None else ()
    return [
        Scored(take.speaker, score_of(one.clip, take.sentence), one.kind, one.units, plain)
        for one in made
    ]
