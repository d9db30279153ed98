"""Disable torchaudio's CUDA extension where torch is built for the CPU.

torchaudio's wheels are built for CUDA. Beside a CPU torch their extension cannot be loaded, and
`import torchaudio` fails. torchaudio works without that file (`forced_align` excepted), so it is
renamed if this is why the import fails. `scripts/setup` runs this module; an installed wheel calls
it before it builds a scorer.
"""

import ctypes
import importlib.util
import re
import sys
from pathlib import Path

from pronounce_kiosk.core.errors import KioskError

_CUDA_LIBRARY = re.compile(r"lib(c10_cuda|torch_cuda|cudart|cu\w+)\.so")


def repair_torchaudio() -> bool:
    """Make `import torchaudio` work. Call it before torchaudio is imported.

    Returns:
        Whether this call renamed the extension.

    Raises:
        KioskError: The extension cannot be loaded, and its folder is not writable.
    """
    if "torchaudio" in sys.modules:
        return False
    import torch

    spec = importlib.util.find_spec("torchaudio")
    if torch.version.cuda is not None or spec is None or not spec.submodule_search_locations:
        return False
    folder = Path(spec.submodule_search_locations[0]) / "lib"
    broken = [path for path in folder.glob("_torchaudio*.so") if _needs_cuda(path)]
    for extension in broken:
        try:
            extension.rename(f"{extension}.unused")
        except OSError as error:
            raise KioskError(
                f"torchaudio cannot be used here: rename {extension} as its owner."
            ) from error
    return bool(broken)


def _needs_cuda(extension: Path) -> bool:
    try:
        ctypes.CDLL(str(extension))
    except OSError as error:
        return _CUDA_LIBRARY.search(str(error)) is not None
    return False


if __name__ == "__main__":
    if repair_torchaudio():
        print("setup: put torchaudio's CUDA extension aside")
