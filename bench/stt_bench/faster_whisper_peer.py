"""Transcribes recordings one after another with faster-whisper, warm. A line of JSON a recording: {path, wall_ms, cpu_ms, text}.

usage: faster_whisper_peer.py MODEL_FOLDER COMPUTE_TYPE THREADS LIST
"""

import json
import sys
import time

from faster_whisper import WhisperModel, decode_audio


def main() -> None:
    folder, compute_type, threads, listed = sys.argv[1:]
    model = WhisperModel(folder, device="cpu", compute_type=compute_type, cpu_threads=int(threads))

    def transcribe(audio) -> str:
        segments, _ = model.transcribe(audio, language="en", beam_size=1, word_timestamps=True)
        return " ".join(segment.text.strip() for segment in segments)

    with open(listed, encoding="utf-8") as file:
        paths = file.read().split()
    transcribe(decode_audio(paths[0]))
    for path in paths:
        audio = decode_audio(path)
        start, processor = time.perf_counter(), time.process_time()
        text = transcribe(audio)
        wall_ms, cpu_ms = (time.perf_counter() - start) * 1e3, (time.process_time() - processor) * 1e3
        print(json.dumps({"path": path, "wall_ms": wall_ms, "cpu_ms": cpu_ms, "text": text}), flush=True)


if __name__ == "__main__":
    main()
