"""What the peers need for a WAV file, in processor time of one thread; a line of JSON a file, like speechcoach-bench-prosody."""

import json
import sys
import time
import wave

import numpy

RUNS = 3


def samples(path: str) -> numpy.ndarray:
    with wave.open(path) as sound:
        return numpy.frombuffer(sound.readframes(sound.getnframes()), numpy.int16) / 32768.0


def best_ms(work) -> float:
    best = float("inf")
    for _ in range(RUNS):
        start = time.thread_time()
        work()
        best = min(best, 1e3 * (time.thread_time() - start))
    return best


def praat_figures(values: numpy.ndarray) -> dict[str, float]:
    from parselmouth import Sound
    from parselmouth.praat import call

    sound = Sound(values, 16000.0)
    pitch = call(sound, "To Pitch (ac)", 0.01, 75, 15, False, 0.03, 0.45, 0.01, 0.35, 0.14, 600)
    call(sound, "To Intensity", 100, 0, True)
    harmonicity = call(sound, "To Harmonicity (cc)", 0.01, 75, 0.1, 1)
    figures = {"hnr": call(harmonicity, "Get mean", 0, 0)}
    pulses = call([sound, pitch], "To PointProcess (cc)")
    for name in ("local", "rap", "ppq5"):
        figures[f"jitter {name}"] = call(pulses, f"Get jitter ({name})", 0, 0, 0.0001, 0.02, 1.3)
    for name in ("local", "apq3", "apq5"):
        figures[f"shimmer {name}"] = call([sound, pulses], f"Get shimmer ({name})", 0, 0, 0.0001, 0.02, 1.3, 1.6)
    return figures


def pyin(values: numpy.ndarray) -> None:
    import librosa

    librosa.pyin(values, fmin=75, fmax=600, sr=16000, frame_length=1024, hop_length=160)


def main() -> None:
    work = {"praat": praat_figures, "pyin": pyin}[sys.argv[1]]
    work(samples(sys.argv[2]))  # what is loaded and compiled at first use is not the figure's cost
    for path in sys.argv[2:]:
        values = samples(path)
        print(json.dumps({"file": path, "duration_s": len(values) / 16000, "ms": best_ms(lambda: work(values))}), flush=True)


if __name__ == "__main__":
    main()
