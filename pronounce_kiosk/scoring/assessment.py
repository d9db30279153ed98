"""`Assessment`: what a language's model finds in a take, before it becomes a `Score`."""

from dataclasses import dataclass

from pronounce_kiosk.core.score import PhoneScore, Remark

WEIGHTS = {"accuracy": 0.8, "fluency": 0.1, "prosody": 0.1}
"""How raters weigh the aspects: in 98 % of 12,500 ratings of speechocean762."""
POINTS_FOR_ALL = 70.0
"""Points that leaving out everything costs; each unit left out costs its share."""


@dataclass(frozen=True)
class UnitAssessment:
    """One unit that has phones.

    index: its place among the sentence's units. start_s, end_s: in the assessed clip. score: 0-100.
    said: False where it was left out.
    """

    index: int
    start_s: float
    end_s: float
    score: float
    said: bool = True
    phones: tuple[PhoneScore, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """A take against a sentence.

    acceptance: log-odds that one person said this sentence; refused at 0 and below. accuracy,
    fluency, prosody: 0-100, None where the take is refused. total: 0-100 where the model predicts
    it by itself; None where it follows from the aspects. remarks: on stretches of units. unlike:
    whether a sound is surely another one than the same network hears in the reference.
    """

    acceptance: float
    accuracy: float | None = None
    fluency: float | None = None
    prosody: float | None = None
    units: tuple[UnitAssessment, ...] = ()
    total: float | None = None
    remarks: tuple[Remark, ...] = ()
    unlike: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the take is scored."""
        return self.acceptance > 0.0

    def points(self) -> float:
        """Give an accepted take's total, 0-100; one rule for every language.

        The language's own prediction where it has one, else the weighted aspects; never more than
        what the units left out allow.
        """
        total = self.total
        if total is None:
            total = sum(
                weight * float(getattr(self, name) or 0.0) for name, weight in WEIGHTS.items()
            )
        missing = sum(not unit.said for unit in self.units) / max(1, len(self.units))
        return min(max(total, 0.0), 100.0 - POINTS_FOR_ALL * missing)
