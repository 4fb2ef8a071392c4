"""Sounds whose figures are known: sweeps, glides, noise, and voices between them. 16 kHz, 16 bits, mono; the same in every run."""

import array
import math
import random
import wave
from pathlib import Path
from typing import Callable

RATE = 16000


def tone(f0_hz: Callable[[float], float], seconds: float, amplitude: float, harmonics: int) -> list[float]:
    samples, phase = [], 0.0
    for i in range(int(seconds * RATE)):
        frequency = f0_hz(i / RATE)
        phase += 2 * math.pi * frequency / RATE
        sounding = min(harmonics, int(0.45 * RATE / frequency))
        samples.append(amplitude / 1.85 * sum(math.sin(k * phase) / k for k in range(1, sounding + 1)))
    return samples


def noise(seconds: float, amplitude: float, seed: int) -> list[float]:
    source = random.Random(seed)
    return [source.uniform(-amplitude, amplitude) for _ in range(int(seconds * RATE))]


def mixed(a: list[float], b: list[float]) -> list[float]:
    return [x + y for x, y in zip(a, b)]


def clipped(samples: list[float], limit: float) -> list[float]:
    return [max(-limit, min(limit, x)) for x in samples]


def swelling(samples: list[float], rate_hz: float) -> list[float]:
    return [x * (0.05 + 0.95 * math.sin(math.pi * rate_hz * i / RATE) ** 2) for i, x in enumerate(samples)]


def sounds() -> dict[str, list[float]]:
    steady = lambda hz: lambda _: hz  # noqa: E731
    silence = [0.0] * (RATE // 2)
    return {
        "sine_sweep_up": tone(lambda t: 80 + 140 * t, 3.0, 0.5, 1),
        "sine_sweep_down": tone(lambda t: 500 - 140 * t, 3.0, 0.5, 1),
        "sine_steps": [x for hz in (90, 123, 187, 251, 333, 440, 555) for x in tone(steady(hz), 0.4, 0.4, 1)],
        "glide_up": tone(lambda t: 100 * 2 ** (t / 2), 2.5, 0.5, 12),
        "glide_down": tone(lambda t: 400 * 2 ** (-t / 1.5), 2.5, 0.5, 12),
        "glide_fast": tone(lambda t: 200 * 2 ** (0.5 * math.sin(2 * math.pi * 2 * t)), 2.5, 0.5, 12),
        "noise": noise(2.0, 0.3, 1),
        "noise_soft": noise(2.0, 0.003, 2),
        "voice_in_noise": mixed(tone(lambda t: 180 - 20 * t, 2.5, 0.4, 12), noise(2.5, 0.12, 3)),
        "voice_low": tone(steady(82), 2.0, 0.4, 12),
        "voice_child": tone(lambda t: 380 + 40 * math.sin(5 * t), 2.0, 0.4, 12),
        "voice_and_silence": silence + tone(steady(140), 0.7, 0.4, 12) + silence + tone(steady(210), 0.7, 0.4, 12) + silence,
        "voice_clipped": clipped(tone(steady(130), 2.0, 0.9, 12), 0.35),
        "voice_with_hum": mixed(tone(lambda t: 220 + 15 * math.sin(4 * t), 2.0, 0.4, 12), tone(steady(50), 2.0, 0.04, 1)),
        "syllables": swelling(tone(lambda t: 150 - 8 * t, 3.0, 0.5, 12), 4.0),
        "offset": [x + 0.2 for x in tone(steady(160), 1.5, 0.3, 12)],
    }


def write(folder: Path) -> list[Path]:
    paths = []
    for name, samples in sounds().items():
        path = folder / f"{name}.wav"
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(array.array("h", [round(32767 * max(-1.0, min(1.0, x))) for x in samples]).tobytes())
        paths.append(path)
    return paths
