"""espeak-ng: small, always there, plainly synthetic. The fallback, and English phonemes."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import espeakng_loader
import numpy as np

from hotline.speech.audio import Audio, trim
from hotline.speech.provider import SpeechError, SpeechUnavailableError, UnknownVoiceError, Voice

ESPEAK_VOICE = "espeak_cmn"
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS
_UTF8 = 1
_IPA = 0x02
_RATE_PARAMETER = 1
_WORDS_A_MINUTE = 165
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakVoice:
    """Mandarin by espeak-ng's ``cmn``. One thread at a time: the library keeps global state."""

    name = "espeak"
    version = "espeak-ng-1.52/1"

    def available(self) -> bool:
        return Path(espeakng_loader.get_library_path()).is_file()

    def voices(self) -> Sequence[Voice]:
        return (Voice(ESPEAK_VOICE, "机器音", "", self.name),)

    def knows(self, voice: str) -> bool:
        return voice == ESPEAK_VOICE

    def synthesise(self, text: str, voice: str, speed: float) -> Audio:
        if not self.knows(voice):
            raise UnknownVoiceError(f"no voice {voice}")
        library, rate = _library()
        chunks: list[Any] = []

        def collect(wave: Any, count: int, _events: Any) -> int:
            if wave and count > 0:
                chunks.append(np.ctypeslib.as_array(wave, shape=(count,)).copy())
            return 0

        callback = _CALLBACK(collect)
        library.espeak_SetSynthCallback(callback)
        if library.espeak_SetVoiceByName(b"cmn") != 0:
            raise SpeechUnavailableError("espeak-ng has no Mandarin voice here")
        library.espeak_SetParameter(_RATE_PARAMETER, round(_WORDS_A_MINUTE * speed), 0)
        data = text.encode()
        if library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _UTF8, None, None) != 0:
            raise SpeechError("espeak-ng refused the text")
        library.espeak_Synchronize()
        if not chunks:
            raise SpeechError("espeak-ng made no sound of the text")
        samples = np.asarray(np.concatenate(chunks) / 32768, dtype=np.float32)
        return trim(Audio(samples, rate))


def english_phonemes(text: str) -> str:
    """The IPA of English words, as espeak-ng writes it."""
    library, _ = _library()
    if library.espeak_SetVoiceByName(b"en-us") != 0:
        raise SpeechUnavailableError("espeak-ng has no English voice here")
    pointer = ctypes.c_char_p(text.encode())
    parts: list[str] = []
    while pointer.value:
        part = library.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA)
        parts.append((part or b"").decode())
    return " ".join(parts)


@cache
def _library() -> tuple[Any, int]:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    data = espeakng_loader.get_data_path().encode()
    rate = int(library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0))
    if rate <= 0:
        raise SpeechUnavailableError("espeak-ng did not start")
    return library, rate
