"""What is recognised in recorded sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hotline.telephony.world.listen import RATE, Samples, contains, read_sound, tone

PACKET = RATE // 50


def sound(folder: Path, *tones: float, seconds: float = 2.0) -> Samples:
    name = "-".join(str(int(one)) for one in tones)
    return read_sound(tone(folder / f"{name}.alaw", tones, seconds))


def silence(seconds: float) -> Samples:
    return np.full(int(seconds * RATE), 8, dtype=np.int16)


def without_packets(samples: Samples, *gone: int) -> Samples:
    packets = [samples[at : at + PACKET] for at in range(0, samples.size, PACKET)]
    return np.concatenate([one for at, one in enumerate(packets) if at not in gone])


def test_its_place_is_told(tmp_path: Path) -> None:
    key = sound(tmp_path, 350, 1150)
    found = contains(np.concatenate([silence(0.7), key // 3, silence(0.5)]), key)
    assert found is not None
    assert abs(found - 0.7 * RATE) <= 0.2 * RATE


def test_missing_packets_do_not_hide_it(tmp_path: Path) -> None:
    key = sound(tmp_path, 350, 1150, 620)
    heard = np.concatenate([silence(1.0), without_packets(key, 20, 45, 46, 70), silence(0.5)])
    found = contains(heard, key)
    assert found is not None
    assert abs(found - RATE) <= 0.2 * RATE


def test_silence_in_the_middle_does_not_hide_it(tmp_path: Path) -> None:
    key = sound(tmp_path, 350, 1150, 620)
    middle = key.size // 2
    heard = np.concatenate([key[:middle], silence(0.1), key[middle:], silence(1.0)])
    assert contains(heard, key) is not None


@pytest.mark.parametrize("tones", [(620, 880), (880, 620), (400, 1200), (1000, 300)])
def test_another_sound_is_not_taken_for_it(tmp_path: Path, tones: tuple[float, float]) -> None:
    key = sound(tmp_path, 350, 1150)
    heard = np.concatenate([silence(1.0), sound(tmp_path, *tones), silence(1.0)])
    assert contains(heard, key) is None


def test_noise_and_silence_have_nothing(tmp_path: Path) -> None:
    key = sound(tmp_path, 350, 1150)
    noise = np.random.default_rng(1).integers(-9000, 9000, 4 * RATE).astype(np.int16)
    assert contains(noise, key) is None
    assert contains(silence(4.0), key) is None
