"""What the judgement of pronunciation takes beyond the bare transcript, a recording a core."""

import os
import subprocess
import tempfile
from pathlib import Path

from . import program, sound

ROUNDS = 3
TRANSCRIBER = program.PROGRAM.with_name("speechcoach-bench-stt")
MODEL = program.ROOT / "build" / "models" / "ggml-base.bin"


def measure(recordings: list[tuple[Path, str]]) -> list[float]:
    """Milliseconds for each recording: all that follows the transcript, and the decoder's reading of the text, which the transcript does without, each by
    the program's own timer. The least of some rounds counts for each part: what else the machine does only ever adds."""
    rounds = [program.score(recordings) for _ in range(ROUNDS)]
    costs = []
    for answers in zip(*rounds):
        if all("analysis" in answer for answer in answers):
            times = [answer["analysis"]["stage_times"] for answer in answers]
            costs.append(sum(min(each[part] for each in times) for part in ("scoring_ms", "text_ms")))
    return costs


def peak_mb(command: list[str | Path]) -> float:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 4):
        raise SystemExit(f"{command[0]} failed")
    return used.ru_maxrss / 1024


def memory(recordings: list[tuple[Path, str]]) -> list[float]:
    """Megabytes for each recording, alone in its process: the whole analysis with its data, less the bare transcript. Pitch, rhythm and advice are in it too."""
    more = []
    with tempfile.TemporaryDirectory() as temporary:
        listing = Path(temporary) / "list.tsv"
        for path, text in recordings:
            wav = sound.write(Path(temporary) / "one.wav", sound.read(path))
            listing.write_text(f"{wav}\t{text}\n")
            whole = peak_mb([program.PROGRAM, "score", "--batch", listing, "--json"])
            listing.write_text(f"{wav}\n")
            more.append(whole - peak_mb([TRANSCRIBER, MODEL, listing]))
    return more
