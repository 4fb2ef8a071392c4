#!/usr/bin/env python3
"""large-v3-turbo's way through the program: a file of its shape with random weights, whole, quantised, and broken.

    tests/functional/turbo_round.py

Its weights are 1.6 GB; what depends on them is their shape (128 mel bands, 32 layers that listen, 4 that write, one more language), the heads that
place words in time, memory, and what happens where there is not enough of it. Each row is one run of `speechcoach analyze`.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import unpack

import numpy as np
from conftest import DATA, PROGRAM, ROOT, clean_environment, run

sys.path[:0] = [str(ROOT / "tools" / "convert_whisper"), str(ROOT / "bench" / "stt_bench")]
import models  # noqa: E402
from ggml_model import GgmlWriter  # noqa: E402
from mel_filters import mel_filters  # noqa: E402

BASE = ROOT / "build" / "models" / "ggml-base.bin"
NAME = "large-v3-turbo"
VOCABULARY, WIDTH, LISTENING, WRITING, MELS = 51866, 1280, 32, 4, 128
WIDENED = {512: WIDTH, 2048: 4 * WIDTH, 80: MELS, 51865: VOCABULARY}  # of base's shapes
RECORDING = DATA / "good.wav"


@dataclass
class Tensor:
    name: str
    shape: list[int]  # slowest dimension first
    half: bool


def read_base() -> tuple[list[bytes], list[Tensor]]:
    """The text tokens, which all Whisper models of many languages share, and the tensors of one that is there."""
    tokens, tensors = [], []
    with BASE.open("rb") as file:
        file.seek(4 + 4 * 11)
        bands, frequencies = unpack("<2i", file.read(8))
        file.seek(4 * bands * frequencies, 1)
        for _ in range(unpack("<i", file.read(4))[0]):
            tokens.append(file.read(unpack("<i", file.read(4))[0]))
        while head := file.read(12):
            dimensions, length, kind = unpack("<3i", head)
            shape = list(reversed(unpack(f"<{dimensions}i", file.read(4 * dimensions))))
            tensors.append(Tensor(file.read(length).decode(), shape, kind == 1))
            file.seek(int(np.prod(shape)) * (2 if kind == 1 else 4), 1)
    return tokens, tensors


def turbo_tensors(of_base: list[Tensor]) -> Iterator[Tensor]:
    for tensor in of_base:
        shape = [WIDENED.get(length, length) for length in tensor.shape]
        side, blocks, rest = tensor.name.partition(".blocks.0.")
        if ".blocks." not in tensor.name:
            yield Tensor(tensor.name, shape, tensor.half)
        elif blocks:
            for layer in range(LISTENING if side == "encoder" else WRITING):
                yield Tensor(f"{side}.blocks.{layer}.{rest}", shape, tensor.half)


def write_turbo(path: Path) -> None:
    random = np.random.default_rng(1)
    tokens, of_base = read_base()
    with path.open("wb") as file:
        writer = GgmlWriter(file)
        writer.header(VOCABULARY, 1500, WIDTH, WIDTH // 64, LISTENING, 448, WIDTH, WIDTH // 64, WRITING, MELS, 1)
        writer.mel_filters(mel_filters(MELS))
        writer.vocabulary(tokens)
        for tensor in turbo_tensors(of_base):
            if tensor.name.endswith(("ln.weight", "ln_post.weight")):  # layers' norms; at 1 the numbers keep their size
                values = np.ones(tensor.shape, np.float32)
            else:
                values = random.standard_normal(tensor.shape, np.float32) / np.float32(np.sqrt(WIDTH))
            writer.tensor(tensor.name, values, tensor.half)


def quantise(whole: Path, kind: str) -> Path:
    path = whole.with_name(f"ggml-{NAME}-{kind}.bin")
    subprocess.run([models.WHISPER_CLI.with_name("whisper-quantize"), whole, path, kind], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path


def analyse(folder: Path, model: str, **settings: str) -> tuple[dict, str, float, float]:
    """The analysis, the program's own words, seconds, and the most memory it took in MB."""
    environment = clean_environment(data_dir=str(folder / "data"), stt__model_dir=str(folder), stt__model=model, stt__fallback_model=str(BASE), stt__time_limit_ms="600000", **settings)
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen([PROGRAM, "analyze", str(RECORDING), "--reference", "The girl was four at the time.", "--json"], env=environment, stdout=out, stderr=errors)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        out.seek(0)
        errors.seek(0)
        said = errors.read()
        if child.returncode != 0:
            raise SystemExit(f"{model}: exit {child.returncode}: {out.read()}{said}")
        return json.loads(out.read()), said, seconds, used.ru_maxrss / 1024


def tell(row: str, transcript: dict, seconds: float, memory_mb: float) -> None:
    print(f"{row:34} {transcript['model']:22} {len(transcript['words']):3} words {seconds:6.1f} s {memory_mb:6.0f} MB", flush=True)


def hears(folder: Path, file: Path) -> None:
    verified = run("model", "verify", file.stem.removeprefix("ggml-"), stt__model_dir=str(folder), data_dir=str(folder / "data"))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    analysis, _, seconds, memory_mb = analyse(folder, file.stem.removeprefix("ggml-"), stt__memory_limit_mb="6000")
    transcript = analysis["transcript"]
    tell(f"{file.stat().st_size / 1e6:.0f} MB, whole", transcript, seconds, memory_mb)
    assert transcript["model"] == file.stem.removeprefix("ggml-") and not transcript["used_fallback"], transcript
    # Random weights write some text, and place it within the recording; the sounds are judged by base's own encoder whoever writes.
    assert transcript["words"], transcript
    ends = [0.0] + [word["end_s"] for word in transcript["words"]]
    assert all(word["start_s"] <= word["end_s"] <= 3.1 for word in transcript["words"]), transcript["words"]
    assert ends == sorted(ends)
    assert analysis["pronunciation"]["words"], analysis["pronunciation"]


def gives_way(folder: Path, row: str, model: str, **settings: str) -> None:
    analysis, said, seconds, memory_mb = analyse(folder, model, **settings)
    transcript = analysis["transcript"]
    tell(row, transcript, seconds, memory_mb)
    assert transcript["used_fallback"] and transcript["model"] == "base", transcript
    assert "four at the time" in transcript["text"], transcript
    print("   ", said.strip().splitlines()[0])


def broken(whole: Path, name: str, change: Callable[[bytearray], bytearray | bytes]) -> str:
    path = whole.with_name(f"ggml-{name}.bin")
    path.write_bytes(change(bytearray(whole.read_bytes())))
    return name


def main() -> None:
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    models.build_whisper_programs()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    (ROOT / "build" / "scratch").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build" / "scratch") as work:
        folder = Path(work)
        (folder / BASE.name).symlink_to(BASE)  # its encoder judges the sounds
        whole = folder / f"ggml-{NAME}.bin"
        write_turbo(whole)
        for file in (whole, quantise(whole, "q8_0"), small := quantise(whole, "q5_0")):
            hears(folder, file)
        gives_way(folder, "not there", "large-v3-turbo-q4_0")
        gives_way(folder, "cut in its middle", broken(small, "cut", lambda data: data[: len(data) // 2]))
        gives_way(folder, "vocabulary overwritten", broken(small, "overwritten", lambda data: data[:200_000] + bytes(100_000) + data[300_000:]))
        gives_way(folder, "limit of 1000 MB", NAME, stt__memory_limit_mb="1000")
    print("large-v3-turbo: all of it held")


if __name__ == "__main__":
    main()
