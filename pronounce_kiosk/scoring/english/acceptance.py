"""Log-odds that one person said an English sentence."""

import numpy as np

from pronounce_kiosk.scoring.english.features import ORDER_FEATURES, Features

ACCEPTED_FROM = -4.5
"""The networks' log-odds above which a take is scored, what its order costs taken off. Raising it
refuses more, right and wrong: they were fitted to as many wrong takes as right ones, and a learner
refused is worse."""
_FREE = {"backwards": -0.95, "exchanged": -0.5, "cut": 1.35, "repeats": 0.45}
"""What a feature may reach without cost: 0.2 to 1 % of right takes go beyond."""
_COST = {"backwards": 5.0, "exchanged": 5.0, "cut": 5.0, "repeats": 16.0}
"""Log-odds for each 1 beyond. Chosen on three folds of speakers so that no right take more is
refused: of speech backwards, loops, halves and several voices 0.6 % get more than 20 points in all
folds where the networks alone leave 2.7 %."""


def acceptance(network_log_odds: float, features: Features) -> float:
    """Give the log-odds of a take; above 0 it is accepted."""
    free, cost = (np.array([table[name] for name in ORDER_FEATURES]) for table in (_FREE, _COST))
    lost = float((cost * np.maximum(features.order - free, 0.0)).sum())
    return network_log_odds - lost - ACCEPTED_FROM
