"""Recordings that no microphone makes."""

import io
import math
import random
import wave


def wav(samples: list[float]) -> bytes:
    return wav_of_pcm(b"".join(round(max(-1.0, min(1.0, s)) * 32767).to_bytes(2, "little", signed=True) for s in samples))


def silence(seconds: float) -> bytes:
    return wav([0.0] * int(16000 * seconds))


def noise(seconds: float, level: float = 0.05) -> bytes:
    rng = random.Random(7)
    return wav([rng.gauss(0, level) for _ in range(int(16000 * seconds))])


def hum(seconds: float) -> bytes:
    return wav([0.2 * math.sin(2 * math.pi * 50 * i / 16000) for i in range(int(16000 * seconds))])


def pcm_of_wav(data: bytes) -> bytes:
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16000)
        return file.readframes(file.getnframes())


def wav_of_pcm(pcm: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(pcm)
    return out.getvalue()


def joined(recordings: list[bytes]) -> bytes:
    """16 kHz recordings one after the other."""
    return wav_of_pcm(b"".join(pcm_of_wav(r) for r in recordings))


def repeated(data: bytes, seconds: float) -> bytes:
    """The same 16 kHz recording again and again until it lasts that long."""
    pcm = pcm_of_wav(data)
    wanted = int(seconds * 16000) * 2
    return wav_of_pcm((pcm * (wanted // len(pcm) + 1))[:wanted])
