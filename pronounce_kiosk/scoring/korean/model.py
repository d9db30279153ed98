"""`KoreanModel`: from a take and a sentence's reference to an `Assessment`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import nn

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.score import Remark, RemarkKind
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.scoring.acoustic.korean import FRAME_S, WINDOW_S, KoreanAcousticModel, slowed
from pronounce_kiosk.scoring.assessment import Assessment, UnitAssessment
from pronounce_kiosk.scoring.frontend import CleanTake
from pronounce_kiosk.scoring.korean import acceptance, spelling
from pronounce_kiosk.scoring.korean.added import added_before
from pronounce_kiosk.scoring.korean.alignment import Alignment, align, beginning_log_likelihoods
from pronounce_kiosk.scoring.korean.contrasts import contrasted
from pronounce_kiosk.scoring.korean.evidence import (
    Posteriors,
    blended,
    disagreement,
    gather,
    log_emissions,
    merged_posteriors,
)
from pronounce_kiosk.scoring.korean.likeness import allowance, likeness, phone_vectors, supported
from pronounce_kiosk.scoring.korean.phones import KoreanPhone, Phones, sentence_phones
from pronounce_kiosk.scoring.korean.scale import KoreanScale, measure
from pronounce_kiosk.scoring.korean.units import LEFT_OUT_NEPERS, UnitPoints, unit_points
from pronounce_kiosk.scoring.korean.vowels import added_vowels, with_vowels
from pronounce_kiosk.scoring.reached import Reached, reached_by
from pronounce_kiosk.scoring.stopped import without_rest, word_ends

IMPOSSIBLE_FIT = -1e6
"""Log-likelihood of a sentence that has more phones than the take has frames."""
ONE_UNIT_ALLOWANCE = 3.6
"""Log-odds that a sentence of a single syllable gets. It gives little evidence, its points tell
whether another was said, and refused words teach nothing. Without it 31 % of Google's words of one
syllable are refused, with it 5 %."""
SPELLED_LOG_ODDS = 0.5
"""What a sentence read as it is spelled must be likelier: another one would be tried twice. At 0, 2
of 337 wrong sentences more are accepted."""
SPARE_NEPERS = 6.0
"""See `reached_by`. Raising it calls more takes finished. Whole takes called unfinished, natives
reading and on a stage: 1.5 and 10 % at 0, .6 and 3.5 % at 6, .6 and 2.2 % at 10. Of 567 takes cut
in a pause none was called finished at any of them."""
SURE_ACCEPTANCE = 2.2
"""Log-odds of acceptance that a beginning needs where a sentence was broken off. Of 100 wrong
sentences none reaches more than 1.6, of natives' halves none less than 2.6."""


@dataclass(frozen=True, eq=False)
class PreparedKorean:
    """A sentence ready to be compared with.

    vectors: bottleneck of each phone in the reference, float32 (phones, 64), length 1. readings:
    stretches that are not said as they are spelled.
    """

    phones: tuple[KoreanPhone, ...]
    vectors: FloatArray
    readings: tuple[spelling.SpelledReading, ...] = ()

    def beginning(self, count: int) -> "PreparedKorean":
        """Give the sentence up to so many phones, one at least."""
        phones, last = self.phones[:count], self.phones[count - 1].unit
        readings = tuple(one for one in self.readings if one.last <= last)
        return PreparedKorean(phones, self.vectors[:count], readings)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Give plain arrays, to be cached; the phones follow from the sentence."""
        return {"vectors": self.vectors}

    @classmethod
    def from_arrays(cls, sentence: Sentence, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Read what `to_arrays` gave."""
        readings = spelling.spelled_readings(sentence)
        return cls(sentence_phones(sentence), arrays["vectors"], readings)


@dataclass(frozen=True, eq=False)
class HeardTake:
    """A clip as the acoustic model hears it.

    views: its posteriors heard in several ways, merged vowels shared. bottleneck: the mean of the
    views', (frames, 64).
    """

    views: tuple[Posteriors, ...]
    bottleneck: FloatArray


class KoreanModel(nn.Module):
    """Everything of a bundle that Korean needs."""

    def __init__(self) -> None:
        super().__init__()
        self.acoustic = KoreanAcousticModel()
        self.acceptance = acceptance.Acceptance(len(acceptance.FEATURES))

    def hear(self, take: CleanTake) -> HeardTake:
        """Hear a take as it is, denoised, and slowed.

        In rooms the first is better, in noise the second, and fast speech is heard better slowed;
        where all are good they are better together. Swapped sounds told at a cost of 2 % of
        natives' right ones on a stage: 38 % by the first two, 46 % by all.
        """
        plain, denoised, slow = self.acoustic.hear(
            [take.raw.samples, take.clip.samples, slowed(take.raw.samples)]
        )
        views = [plain, denoised, slow.stretched(len(plain.posteriors))]
        bottleneck = np.mean([one.bottleneck for one in views], axis=0)
        return HeardTake(tuple(merged_posteriors(one.posteriors) for one in views), bottleneck)

    def prepare(self, sentence: Sentence, reference: CleanTake) -> tuple[PreparedKorean, Alignment]:
        """Find a sentence's phones in its trimmed reference, heard as a take is.

        Raises:
            ReferenceFailedError: where there is nothing to say, or the reference is too short.
        """
        phones = sentence_phones(sentence)
        if not phones:
            raise ReferenceFailedError(
                f"There is nothing to say in {sentence.text!r}: check the text.", text=sentence.text
            )
        heard = self.hear(reference)
        evidence = gather(blended(heard.views, phones), phones)
        if evidence is None:
            raise ReferenceFailedError(
                f"The reference of {sentence.text!r} is too short for it: check the text or record "
                "it again.",
                text=sentence.text,
            )
        vectors = phone_vectors(heard.bottleneck, evidence.alignment)
        readings = spelling.spelled_readings(sentence)
        return PreparedKorean(phones, vectors, readings), evidence.alignment

    def log_likelihood_of(self, heard: HeardTake, prepared: PreparedKorean) -> float:
        """Give the log-likelihood of a sentence's phones in a take, for choosing among sentences.

        Of Google's words 96 % are likelier than 20 others; by the log-odds of acceptance, which
        weigh length and tempo too, 85 % are.
        """
        evidence = gather(np.mean(heard.views, axis=0), prepared.phones)
        return IMPOSSIBLE_FIT if evidence is None else evidence.alignment.log_likelihood

    def reached(self, take: CleanTake, prepared: PreparedKorean) -> Reached:
        """Tell how far a take has come that may not be over; heard as it is alone, to be quick."""
        heard = merged_posteriors(self.acoustic.hear([take.raw.samples])[0].posteriors)
        phones = prepared.phones
        likelihoods = beginning_log_likelihoods(*log_emissions(heard, phones))
        return reached_by(likelihoods, [phone.unit for phone in phones], SPARE_NEPERS)

    def assess(self, heard: HeardTake, prepared: PreparedKorean, scale: KoreanScale) -> Assessment:
        """Assess a take against a sentence, or where that refuses it against its beginning."""
        whole, alignment = self._weigh(heard, prepared, scale)
        if whole.accepted or alignment is None:
            return whole
        count = phones_begun(alignment, prepared.phones)
        if count is None:
            return whole
        begun, _ = self._weigh(heard, prepared.beginning(count), scale)
        if begun.acceptance < SURE_ACCEPTANCE:
            return whole
        return without_rest(begun, [phone.unit for phone in prepared.phones[count:]])

    def _weigh(
        self, heard: HeardTake, prepared: PreparedKorean, scale: KoreanScale
    ) -> tuple[Assessment, Alignment | None]:
        phones = prepared.phones
        posteriors = blended(heard.views, phones)
        evidence = gather(posteriors, phones, disagreement(heard.views))
        if evidence is None:
            return Assessment(acceptance.IMPOSSIBLE), None
        alignment = evidence.alignment
        cosines = likeness(heard.bottleneck, alignment, prepared.vectors)
        odds = self._log_odds(posteriors, alignment, prepared, allowance(cosines))
        if odds <= 0.0:
            return Assessment(odds), alignment
        evidence = contrasted(evidence, posteriors, phones)
        points = unit_points(supported(evidence, cosines), phones, scale.units)
        weighed = spelling.weighed_readings(posteriors, alignment, phones, prepared.readings)
        points = spelling.capped(points, weighed)
        points = with_vowels(points, added_vowels(posteriors, alignment, phones))
        read = [one for one, over in weighed.items() if over > 0.0]
        remarks = [Remark(RemarkKind.AS_SPELLED, one.first, one.last) for one in read]
        added = added_before(posteriors, alignment, phones)
        remarks += [Remark(RemarkKind.ADDED, unit, unit) for unit in added]
        delivery = measure(alignment, phones)
        assessment = Assessment(
            odds,
            accuracy=scale.accuracy_of(points.points, points.said),
            fluency=scale.fluency_of(delivery),
            prosody=scale.prosody_of(delivery),
            units=_units(alignment, phones, points),
            remarks=tuple(remarks),
        )
        return assessment, alignment

    def _log_odds(
        self, posteriors: Posteriors, alignment: Alignment, prepared: PreparedKorean, alike: float
    ) -> float:
        features = acceptance.acceptance_features(posteriors, alignment, prepared.phones)
        units = {phone.unit for phone in prepared.phones}
        short = ONE_UNIT_ALLOWANCE if len(units) == 1 else 0.0
        odds = self.acceptance.log_odds(features) + short + alike
        if odds > 0.0 or not prepared.readings:
            return odds
        # Read as it is spelled, it is the same sentence: learners are told so, not refused.
        spelled = spelling.as_spelled_throughout(prepared.phones, prepared.readings)
        other = align(*log_emissions(posteriors, spelled))
        if other is None:
            return odds
        features = acceptance.acceptance_features(posteriors, other, spelled)
        return max(odds, self.acceptance.log_odds(features) + short - SPELLED_LOG_ODDS)


def phones_begun(alignment: Alignment, phones: Phones) -> int | None:
    """Count the phones up to the word after which a sentence was broken off.

    None where no path that ends after a word fits much better.
    """
    count = len(phones)
    ends = word_ends([phone.word for phone in phones])
    gains = {place: alignment.without(place, count) - alignment.log_likelihood for place in ends}
    best = max(gains, key=lambda place: gains[place], default=None)
    if best is None or gains[best] <= LEFT_OUT_NEPERS * (count - best):
        return None
    return best


def unit_times_s(
    alignment: Alignment, phones: Phones, units: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give start and end of units that have phones, (2, units), in seconds of the clip.

    Output frame n is of a window centred on n `FRAME_S` + half a window; a silence shorter than a
    pause is shared by the units beside it.
    """
    place_of = np.array([phone.unit for phone in phones])
    starts = np.array([alignment.starts[place_of == unit].min() for unit in units], float)
    ends = np.array([alignment.ends[place_of == unit].max() for unit in units], float)
    gaps = starts[1:] - ends[:-1]
    shared = np.where((gaps > 0) & (gaps * FRAME_S < 0.15), gaps / 2.0, 0.0)
    ends[:-1] += shared
    starts[1:] -= shared
    return np.maximum(np.stack([starts, ends]) * FRAME_S + (WINDOW_S - FRAME_S) / 2.0, 0.0)


def _units(alignment: Alignment, phones: Phones, points: UnitPoints) -> tuple[UnitAssessment, ...]:
    starts_s, ends_s = unit_times_s(alignment, phones, points.units)
    return tuple(
        UnitAssessment(int(unit), float(start_s), float(end_s), float(score), bool(said), own)
        for unit, start_s, end_s, score, said, own in zip(
            points.units, starts_s, ends_s, points.points, points.said, points.phones, strict=True
        )
    )
