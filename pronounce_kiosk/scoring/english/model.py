"""The English model: from a clip and a sentence's references to an `Assessment`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import nn

from pronounce_kiosk.audio.clip import FloatArray
from pronounce_kiosk.core.errors import ReferenceFailedError
from pronounce_kiosk.core.sentence import STRESS
from pronounce_kiosk.language.phones import PhoneLine
from pronounce_kiosk.scoring.acoustic.conformer import SHORTEST_SAMPLES, Conformer, FrameOutputs
from pronounce_kiosk.scoring.assessment import Assessment
from pronounce_kiosk.scoring.english import alignment, confusions
from pronounce_kiosk.scoring.english.acceptance import acceptance
from pronounce_kiosk.scoring.english.features import Features, Spoken, find_phones, gather_features
from pronounce_kiosk.scoring.english.network import PhoneSequenceNetwork, batch, points, predict
from pronounce_kiosk.scoring.english.stress import moved_stresses, told
from pronounce_kiosk.scoring.english.units import assess_units
from pronounce_kiosk.scoring.reached import Reached, reached_by
from pronounce_kiosk.scoring.stopped import cut_short, without_rest, word_ends

FOLDS, SEEDS = 5, 2
"""Phone-sequence networks whose mean is the score: so many seeds for each fold of speakers that a
network has not met. Another one costs 0.1 MB and 0.5 ms."""
IMPOSSIBLE = -20.0
"""The acceptance of a clip that is too short for the sentence's phones."""
UNSAID_NEPERS = 5.0
"""By how much more the sentence's last word has to fit than a beginning without it, where the voice
ends with that beginning. Raising it calls fewer takes finished."""
NEPERS_A_FRAME = 0.35
"""Taken off `UNSAID_NEPERS` for each frame of voice after the last phone of that beginning: what is
said there is likely the last word, said otherwise. Both fitted to 500 learners' takes, whole and
cut in two pauses each."""
BEGUN_NEPERS = 5.0
"""How much better a beginning has to fit a take than the whole sentence to have been broken off."""
SURE_ACCEPTANCE, SURE_MARGIN = 2.0, 3.0
"""Log-odds of acceptance that the beginning needs, and by how much they exceed the whole's. Of 239
learners' takes cut after a word 96 % are told, 91 % of these at the right word; of 250 whole takes
one, of 250 other sentences none. Raising any of the three tells fewer."""
_IMPOSSIBLE_FIT = -1e6
"""Fit of more phones than the take has frames."""


@dataclass(frozen=True, eq=False)
class PreparedEnglish:
    """A sentence ready to be compared with.

    line: its phones. references: the clips of it said right, with these phones found. usual: the
    highest weight of each alternative in any reference. contrasts: see `Sentence.contrasts`.
    """

    line: PhoneLine
    references: tuple[Spoken, ...]
    usual: FloatArray
    contrasts: tuple[tuple[str, ...], ...] = ()

    def beginning(self, count: int) -> Self:
        """Give the sentence up to so many phones, one at least."""
        line = PhoneLine("en", self.line.indices[:count], self.line.units[:count])
        references = tuple(one.beginning(count) for one in self.references)
        usual = self.usual[: len(confusions.alternatives(line))]
        return replace(self, line=line, references=references, usual=usual)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays, to be cached; `from_arrays` reads them."""
        arrays: dict[str, NDArray[Any]] = {
            "line": np.array([self.line.indices, self.line.units], np.int64),
            "usual": self.usual,
        }
        for number, one in enumerate(self.references):
            places = one.places
            arrays |= {
                f"{number}.places": np.stack([places.first, places.last]),
                f"{number}.edges": places.edges,
                f"{number}.path": np.array(places.log_likelihood),
                f"{number}.posteriors": one.posteriors,
                f"{number}.vectors": one.vectors,
                f"{number}.frames": one.frames,
                f"{number}.energy": one.energy,
            }
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Read what `to_arrays` made."""
        indices, units = arrays["line"].tolist()
        count = sum(name.endswith(".edges") for name in arrays)
        references = tuple(_spoken(arrays, f"{number}.") for number in range(count))
        line = PhoneLine("en", tuple(indices), tuple(units))
        return cls(line, references, arrays["usual"])


def _spoken(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Spoken:
    first, last = arrays[f"{prefix}places"]
    places = alignment.PhonePlaces(
        first, last, arrays[f"{prefix}edges"], float(arrays[f"{prefix}path"])
    )
    names = ("posteriors", "vectors", "frames", "energy")
    return Spoken(places, *(arrays[f"{prefix}{name}"] for name in names))


class EnglishModel(nn.Module):
    """Everything of a bundle that English needs."""

    def __init__(self) -> None:
        super().__init__()
        self.conformer = Conformer()
        self.networks = nn.ModuleList(PhoneSequenceNetwork() for _ in range(FOLDS * SEEDS))

    def hear(self, samples: FloatArray) -> FrameOutputs:
        """Frame outputs of a clip at 16 kHz; any loudness."""
        missing = max(0, SHORTEST_SAMPLES - len(samples))
        return self.conformer.hear(np.pad(samples, (0, missing)) if missing else samples)

    def prepare(self, line: PhoneLine, references: Sequence[FloatArray]) -> PreparedEnglish:
        """Find a sentence's phones in its references: trimmed to the voice, 16 kHz, not denoised.

        Raises:
            ReferenceFailedError: where all of them are too short for the phones.
        """
        heard = [self.hear(samples) for samples in references]
        found = [(one, find_phones(one, line)) for one in heard]
        kept = tuple((one, spoken) for one, spoken in found if spoken is not None)
        if not kept:
            raise ReferenceFailedError(
                "Every reference of this sentence is too short for it: check the text or record "
                "it again."
            )
        asked = confusions.alternatives(line)
        own = [
            confusions.weights(one.log_posteriors, said.places, line, asked) for one, said in kept
        ]
        return PreparedEnglish(line, tuple(said for _, said in kept), np.max(own, axis=0))

    def acceptance_of(self, heard: FrameOutputs, prepared: PreparedEnglish) -> float:
        """Log-odds that one person said this sentence; for choosing among sentences."""
        return self._weigh(heard, prepared).acceptance

    def reached(self, samples: FloatArray, prepared: PreparedEnglish) -> Reached:
        """Tell how far a take, at 16 kHz and trimmed, has come that may not be over."""
        heard = self.hear(samples).log_posteriors
        phones, units = prepared.line.indices, prepared.line.units
        likelihoods = alignment.beginning_log_likelihoods(heard, phones)
        begun = int(np.argmax(likelihoods[: units.index(units[-1]) + 1]))
        places = alignment.align_ctc(heard, phones[:begun]) if begun else None
        after = len(heard) - 1 - int(places.last[-1]) if places else len(heard)
        return reached_by(likelihoods, units, NEPERS_A_FRAME * after - UNSAID_NEPERS)

    def assess(self, heard: FrameOutputs, prepared: PreparedEnglish) -> Assessment:
        """Assess a take; without aspects and units where it is refused.

        Where its beginning fits much better than the whole sentence, it was broken off.
        """
        whole = self._weigh(heard, prepared)
        count = phones_begun(heard.log_posteriors, prepared.line)
        if count is None:
            return whole
        begun = self._weigh(heard, prepared.beginning(count))
        if begun.acceptance < max(SURE_ACCEPTANCE, whole.acceptance + SURE_MARGIN):
            return whole
        rest = prepared.line.units[count:]
        return cut_short(whole, rest) if whole.accepted else without_rest(begun, rest)

    def _weigh(self, heard: FrameOutputs, prepared: PreparedEnglish) -> Assessment:
        features = gather_features(heard, prepared.line, prepared.references)
        if features is None:
            return Assessment(IMPOSSIBLE)
        found = predict(self.networks, batch([features], [prepared.line]))
        refused = Assessment(acceptance(float(found.acceptance[0]), features))
        if not refused.accepted:
            return refused
        accuracy, fluency, prosody, total = points(found.aspects[0])
        confused = self._confused(heard, features, prepared)
        units = assess_units(features, prepared.line, points(found.words[0]))
        units = confusions.named(units, prepared.line, confused)
        scored = Assessment(
            refused.acceptance, accuracy, fluency, prosody, units, total, unlike=bool(confused)
        )
        taught = STRESS in prepared.contrasts
        moved = moved_stresses(features, prepared.line, prepared.references, taught)
        return told(scored, moved, taught)

    def _confused(
        self, heard: FrameOutputs, features: Features, prepared: PreparedEnglish
    ) -> dict[int, confusions.Alternative]:
        asked = confusions.alternatives(prepared.line, prepared.contrasts)
        own = confusions.weights(heard.log_posteriors, features.places, prepared.line, asked)
        unlike = confusions.unlikeness(features.of_phones("vector_likeness"))
        return confusions.confused(asked, own, prepared.usual, unlike)


def phones_begun(log_posteriors: FloatArray, line: PhoneLine) -> int | None:
    """Count the phones up to the word after which a sentence was broken off.

    None where no beginning fits much better than the whole.
    """
    fits = alignment.beginning_log_likelihoods(log_posteriors, line.indices)
    fits = np.maximum(fits, _IMPOSSIBLE_FIT)
    best = max(word_ends(line.units), key=lambda place: float(fits[place]), default=None)
    return None if best is None or fits[best] - fits[-1] < BEGUN_NEPERS else best
