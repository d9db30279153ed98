"""What scores golden takes: the kiosk's own engine, every setting at its default."""

from pronounce_kiosk.bundles.verify import ScoreTake, ScoreWith
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import Settings
from pronounce_kiosk.references.library import default_library
from pronounce_kiosk.scoring.protocol import Scorer
from pronounce_kiosk.session.engine import PracticeEngine


def golden_scorer(paths: Paths) -> ScoreWith:
    """Make the scorer of golden takes for `bundles.verify` and `bundles.importing`.

    espeak-ng says the references, as when the manifest was written, whatever this kiosk's voice.
    """
    library = default_library(paths, Settings())

    def score_with(scorer: Scorer) -> ScoreTake:
        engine = PracticeEngine(library, scorer, "espeak")
        return lambda take, sentence: engine.score(take, sentence).score

    return score_with
