"""References' own fixtures: sentences, a fast espeak-ng, a stand-in for Google's server."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine
from pronounce_kiosk.references.espeak_library import EspeakLibrary


def sentence(text: str, language: str = "ko", **fields: object) -> Sentence:
    return Sentence("s1", text, language, **fields)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def quick_espeak() -> EspeakEngine:
    """espeak-ng in this process: the same voice, less exactly repeatable, much quicker."""
    return EspeakEngine(library=EspeakLibrary(fresh_process=False))


@dataclass
class StandIn:
    """A server that answers as translate.google.com does. ``mode`` says how it behaves."""

    mode: str = "speech"
    asked: list[tuple[str, str]] = field(default_factory=list)
    was_asked: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    mp3: bytes = b""


def _answer(audio: bytes) -> bytes:
    """The body of batchexecute: a guard line, a length, and JSON with the mp3 in base64."""
    inner = json.dumps([base64.b64encode(audio).decode()], separators=(",", ":"))
    rows = json.dumps([["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]])
    rows = rows.replace(", ", ",")
    return f")]}}'\n\n{len(rows)}\n{rows}\n".encode()


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.path == "/_/TranslateWebserverUi/data/batchexecute"
            request = json.loads(urllib.parse.parse_qs(body)["f.req"][0])
            name, parameters = request[0][0][:2]
            assert name == "jQ1olc"
            text, language = json.loads(parameters)[:2]
            stand_in.asked.append((text, language))
            stand_in.was_asked.set()
            self._behave(stand_in.mode)

        def _behave(self, mode: str) -> None:
            if mode == "speech":
                self._send(200, _answer(stand_in.mp3))
            elif mode == "too many":
                self._send(429, b"slow down", {"Retry-After": "7200"})
            elif mode == "down":
                self._send(503, b"")
            elif mode == "no speech":
                self._send(200, b')]}\'\n[["wrb.fr","jQ1olc",null]]')
            elif mode == "not audio":
                self._send(200, _answer(b"this is not an mp3" * 50))
            elif mode == "bytes":
                self._send(200, bytes(range(256)) * 8 + b"jQ1olc\xff\n")
            elif mode == "silent":
                time.sleep(1.0)
            elif mode == "trickle":
                self.send_response(200)
                self.end_headers()
                for _ in range(12):
                    time.sleep(0.1)
                    self.wfile.write(b"x")

        def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    class Quiet(Handler):
        def handle(self) -> None:
            # The client gives up, as the slow modes mean it to.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

    return Quiet


@pytest.fixture(scope="session")
def speech_mp3(quick_espeak: EspeakEngine) -> bytes:
    """Speech as Google sends it: mp3 at 24 kHz."""
    clip = quick_espeak.render(sentence("안녕하세요")).clip
    pcm = (np.asarray(clip.samples) * 32767).astype("<i2").tobytes()
    command = ["ffmpeg", "-v", "error", "-f", "s16le", "-ac", "1", "-ar", str(clip.sample_rate_hz)]
    command += ["-i", "-", "-ar", "24000", "-f", "mp3", "-"]
    return subprocess.run(command, input=pcm, capture_output=True, check=True).stdout


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch, speech_mp3: bytes) -> Iterator[StandIn]:
    """gTTS's own code, its requests sent to a server on this machine."""
    import gtts.tts

    stand_in = StandIn(mp3=speech_mp3)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand_in))
    server.daemon_threads = True
    stand_in.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    def local_url(tld: str = "com", path: str = "") -> str:
        return f"http://127.0.0.1:{stand_in.port}/{path}"

    monkeypatch.setattr(gtts.tts, "_translate_url", local_url)
    yield stand_in
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def make_sentence() -> Callable[..., Sentence]:
    return sentence
