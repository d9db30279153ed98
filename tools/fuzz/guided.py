"""Fuzz one reader under atheris: libFuzzer's mutations, guided by coverage of Python lines.

`python -m tools.fuzz.guided TARGET SECONDS FINDS`, which `scripts/fuzz --coverage` calls for each
reader. Only the readers are instrumented, before their first import; C libraries are black boxes.
Finds do not end it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from types import FunctionType

READERS = (
    "csv",
    "gtts",
    "html",
    "json",
    "openpyxl",
    "pronounce_kiosk",
    "pydub",
    "soundfile",
    "tarfile",
    "tomllib",
    "xml",
    "zipfile",
)
"""Packages to instrument; atheris does not accept modules."""
CASE_S = 60
FORGET_EVERY = 200


def main() -> int:
    """Run one target. libFuzzer ends the process."""
    name, seconds, finds = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    import atheris
    import numpy.lib.format as array_header
    import torch._weights_only_unpickler as unpickler

    for loaded in [each for each in sys.modules if each.split(".")[0] in READERS]:
        del sys.modules[loaded]  # loaded by Python or a module without instrumentation
    for each, function in vars(array_header).copy().items():
        if isinstance(function, FunctionType) and function.__module__ == array_header.__name__:
            setattr(array_header, each, atheris.instrument_func(function))
    load = atheris.instrument_func(unpickler.Unpickler.load)
    unpickler.Unpickler.load = load  # type: ignore[method-assign]
    with (
        atheris.instrument_imports(include=list(READERS)),
        tempfile.TemporaryDirectory(prefix="kiosk-fuzz-") as first,
    ):
        from tools.fuzz.runner import Finds, own_words
        from tools.fuzz.targets import TARGETS

        target = next(each for each in TARGETS if each.name == name)
        for seed in target.seeds():  # imports the rest
            target.read(seed, Path(first))

    folder = Path(tempfile.mkdtemp(prefix="kiosk-fuzz-"))
    corpus, work, words = folder / "corpus", folder / "work", folder / "words"
    corpus.mkdir()
    for number, seed in enumerate(target.seeds()):
        (corpus / str(number)).write_bytes(seed)
    words.write_text("".join(f'"{_escaped(token)}"\n' for token in target.tokens if token[:64]))
    options = [
        f"-max_total_time={seconds}",
        f"-dict={words}",
        f"-timeout={CASE_S}",
        f"-artifact_prefix={finds}/{name}-",
        f"-max_len={2 * max(len(seed) for seed in target.seeds()) + 4096}",
        "-rss_limit_mb=6000",
        "-close_fd_mask=2",
    ]
    finds.mkdir(parents=True, exist_ok=True)
    out = own_words()
    found = Finds(finds, out)
    count = 0

    def one(data: bytes) -> None:
        nonlocal count
        if count % FORGET_EVERY == 0:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
        count += 1
        found.try_one(target, data, work)

    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()
    return 0


def _escaped(token: bytes) -> str:
    return "".join(f"\\x{byte:02X}" for byte in token[:64])


if __name__ == "__main__":
    raise SystemExit(main())
