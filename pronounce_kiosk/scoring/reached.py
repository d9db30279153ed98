"""`Reached`: how far into its sentence a take has come, from a take that may not be over yet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reached:
    """How far into its sentence a take has come.

    unit: index of the last unit that was begun; None where none was. finished: whether it is the
    last unit that has phones. A speaker who says something else may never finish.
    """

    unit: int | None
    finished: bool


NOTHING_SAID = Reached(None, finished=False)


def reached_by(
    log_likelihoods: NDArray[np.float64], units: Sequence[int], spare_nepers: float
) -> Reached:
    """Tell how far a take has come from how well each beginning of its sentence fits it.

    log_likelihoods: nepers; of none, one, ... all of the phones, (phones + 1,). units: the unit of
    each phone, which never falls. spare_nepers: by how much a shorter beginning may fit better than
    one that ends in the last unit without the sentence counting as unfinished; below 0, how much
    worse it has to fit.
    """
    best = int(np.argmax(log_likelihoods))
    whole = units.index(units[-1]) + 1
    if log_likelihoods[whole:].max() >= log_likelihoods[:whole].max() - spare_nepers:
        return Reached(units[-1], finished=True)
    return Reached(units[best - 1] if best else None, finished=False)
