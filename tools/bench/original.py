"""The original team's program, step by step: the baseline of the bench's ratios.

Each step reads the file of the step before it, and all modules are imported at the start. The
network is the classic bundle's; its weights do not change the cost of a step.
"""

from __future__ import annotations

import time
import warnings
import wave
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")

import librosa  # noqa: E402
import librosa.display  # noqa: E402
import matplotlib  # noqa: E402

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import noisereduce  # noqa: E402
import numpy as np  # noqa: E402
import scipy.io.wavfile  # noqa: E402
import torch  # noqa: E402
import webrtcvad  # noqa: E402
from PIL import Image  # noqa: E402
from pydub import AudioSegment  # noqa: E402

from pronounce_kiosk.scoring.classic.network import (  # noqa: E402
    IMAGE_HEIGHT,
    IMAGE_WIDTH,
    ClassicSiamese,
    pair_distance,
)

RATE = 16_000
FRAME_MS = 30
MARGIN = 2.0


class OriginalFlow:
    """The original program. folder: where each step writes its file."""

    def __init__(self, folder: Path, model: ClassicSiamese) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._model = model.eval()
        self.timings_ms: dict[str, float] = {}

    def prepare(self, reference: Path) -> Path:
        """Compute a reference's mel image, once."""
        wav = self._folder / "reference.wav"
        AudioSegment.from_file(str(reference)).set_channels(1).set_frame_rate(RATE).export(
            str(wav), format="wav"
        )
        return self.mel(wav, self._folder / "reference.png")

    def score(self, take: Path, reference: Path) -> float:
        """Score a take's file against a reference's image, 0-100."""
        self.timings_ms = {}
        wav = self._timed("convert", self.convert, take, self._folder / "take.wav")
        clean = self._timed("denoise", self.denoise, wav, self._folder / "clean.wav")
        trimmed = self._timed("trim", self.trim, clean, self._folder / "trimmed.wav")
        image = self._timed("mel", self.mel, trimmed, self._folder / "take.png")
        return float(self._timed("siamese", self.compare, image, reference))

    def convert(self, source: Path, target: Path) -> Path:
        """Convert any file to a 16 kHz mono WAV file, by pydub."""
        segment = AudioSegment.from_file(str(source))
        segment.set_channels(1).set_frame_rate(RATE).set_sample_width(2).export(
            str(target), format="wav"
        )
        return target

    def denoise(self, source: Path, target: Path) -> Path:
        """Denoise by noisereduce, with the first second as the noise."""
        rate, samples = scipy.io.wavfile.read(str(source))
        samples = samples.astype(np.float32) / 32768.0
        cleaned = noisereduce.reduce_noise(
            y=samples, sr=rate, y_noise=samples[:rate], stationary=True
        )
        pcm = np.clip(np.nan_to_num(cleaned) * 32767.0, -32768, 32767).astype(np.int16)
        scipy.io.wavfile.write(str(target), rate, pcm)
        return target

    def trim(self, source: Path, target: Path) -> Path:
        """Keep the frames that webrtcvad classifies as voice."""
        with wave.open(str(source), "rb") as file:
            pcm = file.readframes(file.getnframes())
        size = RATE * FRAME_MS // 1000 * 2
        vad = webrtcvad.Vad(2)
        frames = [pcm[at : at + size] for at in range(0, len(pcm) - size + 1, size)]
        voiced = [frame for frame in frames if vad.is_speech(frame, RATE)] or frames
        with wave.open(str(target), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(b"".join(voiced))
        return target

    def mel(self, source: Path, target: Path) -> Path:
        """Draw librosa's mel spectrogram by matplotlib into a PNG file."""
        samples, rate = librosa.load(str(source), sr=None)
        mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=512, hop_length=160)
        figure = plt.figure()
        axes = figure.add_subplot(111)
        axes.axis("off")
        librosa.display.specshow(
            librosa.power_to_db(mel, ref=np.max), sr=rate, hop_length=160, ax=axes, cmap="gray"
        )
        figure.savefig(str(target), bbox_inches="tight", pad_inches=0)
        plt.close(figure)
        return target

    def compare(self, image: Path, reference: Path) -> float:
        """Convert the distance of both images' embeddings to points; embeds both every time."""
        left, right = (self._model(self._tensor(path)) for path in (image, reference))
        distance = float(pair_distance(left, right).detach())
        return 100.0 * max(0.0, 1.0 - distance / MARGIN)

    def _tensor(self, path: Path) -> torch.Tensor:
        with Image.open(path) as file:
            small = file.convert("L").resize((IMAGE_WIDTH, IMAGE_HEIGHT))
        return torch.from_numpy(np.asarray(small, np.float32) / 255.0)[None, None]

    def _timed(self, name: str, step: Any, *arguments: Path) -> Any:
        start = time.perf_counter()
        result = step(*arguments)
        self.timings_ms[name] = (time.perf_counter() - start) * 1000.0
        return result
