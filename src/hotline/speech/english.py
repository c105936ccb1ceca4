"""English words and letters inside a Mandarin text, in the neural voice's phonemes."""

from __future__ import annotations

from hotline.speech.espeak import english_phonemes

# The model writes diphthongs and affricates as one sign each.
_SIGNS = (
    ("eɪ", "A"),
    ("aɪ", "I"),
    ("oʊ", "O"),
    ("əʊ", "O"),
    ("aʊ", "W"),
    ("ɔɪ", "Y"),
    ("tʃ", "ʧ"),
    ("dʒ", "ʤ"),
    ("ɚ", "əɹ"),
    ("ɜː", "ɜ"),
    ("r", "ɹ"),
    ("ɐ", "ə"),
    ("x", "k"),
    ("ɡ", "ɡ"),
    ("g", "ɡ"),
    ("ː", ""),
    ("\u0361", ""),
    ("_", ""),
)


def kokoro_english(words: str) -> str:
    """Phonemes of ``words``; single letters are read by their names."""
    phonemes = english_phonemes(words)
    for sign, ours in _SIGNS:
        phonemes = phonemes.replace(sign, ours)
    return phonemes.strip()
