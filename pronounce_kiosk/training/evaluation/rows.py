"""List the rows of `evaluate`: the folders that each needs, and the function of its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pronounce_kiosk.training.evaluation.left_out import left_out_table
from pronounce_kiosk.training.evaluation.lesson import lesson_table
from pronounce_kiosk.training.evaluation.namings import english_naming_table, naming_table
from pronounce_kiosk.training.evaluation.natives import red_marks_table, wrong_sentence_table
from pronounce_kiosk.training.evaluation.nonspeech import nonspeech_table
from pronounce_kiosk.training.evaluation.people import evaluate_bundle
from pronounce_kiosk.training.evaluation.perturbed import perturbed_table
from pronounce_kiosk.training.evaluation.replay import replay_table
from pronounce_kiosk.training.evaluation.report import Report, Table
from pronounce_kiosk.training.evaluation.robustness import clipped_table, robustness_table
from pronounce_kiosk.training.evaluation.spelled import spelled_table
from pronounce_kiosk.training.evaluation.swaps import noisy_swaps_table, swaps_table
from pronounce_kiosk.training.evaluation.trials import Request
from pronounce_kiosk.training.evaluation.words import confusions_table, own_word_table, pairs_table


@dataclass(frozen=True)
class Row:
    """A table of `evaluate`. folders: it needs any of these, () for none."""

    name: str
    make: Callable[[Request], Table | Report]
    folders: tuple[str, ...] = ()


ROWS = (
    Row("people", evaluate_bundle, ("corpus",)),
    Row("redmarks", red_marks_table, ("korean", "tedx")),
    Row("wrong", wrong_sentence_table, ("korean", "tedx", "corpus")),
    Row("swaps", swaps_table, ("korean", "tedx")),
    Row("noisyswaps", noisy_swaps_table, ("korean",)),
    Row("leftout", left_out_table, ("korean",)),
    Row("gtts", own_word_table, ("gtts",)),
    Row("confusions", confusions_table, ("gtts",)),
    Row("pairs", pairs_table),
    Row("perturbed", perturbed_table, ("korean",)),
    Row("clipped", clipped_table, ("korean",)),
    Row("robustness", robustness_table, ("corpus", "korean")),
    Row("nonspeech", nonspeech_table, ("corpus", "korean")),
    Row("naming", naming_table, ("korean", "tedx", "gtts")),
    Row("lesson", lesson_table, ("korean", "tedx", "gtts")),
    Row("englishnaming", english_naming_table),
    Row("spelled", spelled_table, ("korean",)),
    Row("replay", replay_table, ("corpus", "korean", "gtts")),
)
"""In the order of a report."""
