"""`history ...`: export learners' attempts as CSV, and delete them."""

import argparse

from pronounce_kiosk.batch.results import write_results
from pronounce_kiosk.cli import declare
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.history.records import Learner, Scope
from pronounce_kiosk.history.store import HistoryStore

commands = declare.Commands()


@commands.add(
    "export",
    "write every attempt as CSV",
    declare.path("--out", "FILE.csv", required=True),
    declare.option("--learner", metavar="NICKNAME", help="export this learner's attempts only"),
)
def _export(options: argparse.Namespace) -> None:
    with HistoryStore(Paths.default().data_dir) as store:
        if options.learner is None:
            rows = store.export_rows()
        else:
            found = _find(store, options.learner)
            rows = (
                row for learner in found for row in store.export_rows(Scope(learner_id=learner.id))
            )
        count = write_results(options.out, rows)
    print(f"{count} attempts: {options.out}")


@commands.add(
    "forget",
    "delete attempts and kept takes permanently",
    declare.one_of(
        declare.option("--learner", metavar="NICKNAME", help="delete this learner's"),
        declare.flag("--guests", "delete all guests'"),
        declare.flag("--all", "delete everybody's"),
    ),
)
def _forget(options: argparse.Namespace) -> None:
    with HistoryStore(Paths.default().data_dir) as store:
        if options.learner is not None:
            deleted = sum(store.forget_learner(one.id) for one in _find(store, options.learner))
        elif options.guests:
            deleted = store.forget_guests()
        else:
            deleted = store.forget_all()
    print(f"{deleted} attempts deleted")


def _find(store: HistoryStore, nickname: str) -> list[Learner]:
    """Find learners by nickname; two may share one, with different animals."""
    learners = store.learners()
    found = [learner for learner in learners if learner.nickname == nickname]
    if not found:
        names = ", ".join(sorted({learner.nickname for learner in learners})) or "nobody yet"
        raise UsageError(f"There is no learner {nickname}: there are {names}.")
    return found
