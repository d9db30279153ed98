"""Build the objects that the commands' options name."""

import argparse
from pathlib import Path

from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.bundles.activation import active_folder
from pronounce_kiosk.bundles.load import find_bundle, load_bundle
from pronounce_kiosk.cli.log import open_log
from pronounce_kiosk.core.errors import UsageError
from pronounce_kiosk.core.paths import Paths
from pronounce_kiosk.core.settings import load_settings
from pronounce_kiosk.core.tuning import keep_heap
from pronounce_kiosk.references.library import ReferenceLibrary, default_library
from pronounce_kiosk.session.engine import PracticeEngine


def jobs_of(options: argparse.Namespace) -> Jobs:
    """Read `--jobs` and `--scheduler`."""
    jobs: Jobs = options.scheduler or options.jobs
    return jobs


def engine_name(options: argparse.Namespace) -> str:
    """Return the engine asked for, or else the setting's; auto lets the library choose."""
    return str(options.engine or load_settings().reference_engine)


def build_engine(engine_name: str, bundle: str | None) -> PracticeEngine:
    """Build the kiosk's engine from settings, library and bundle."""
    return PracticeEngine(library(), load_bundle(bundle_folder(bundle)).scorer, engine_name)


def library() -> ReferenceLibrary:
    """Open the reference library according to the settings."""
    return default_library(Paths.default(), load_settings())


def worker_engine(engine_name: str, bundle: str | None) -> PracticeEngine:
    """Build the engine of a worker process, which starts without a log."""
    open_log()
    keep_heap()
    return build_engine(engine_name, bundle)


def bundle_folder(bundle: str | None) -> Path:
    """Find a bundle by name or folder; None: the active one."""
    paths = Paths.default()
    return active_folder(paths) if bundle is None else find_bundle(paths, bundle)


def check_output(path: Path) -> None:
    """Raise `UsageError` where a file's folder does not exist, or it is a folder itself."""
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}: make it first.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file for the results.")
