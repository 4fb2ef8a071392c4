#!/usr/bin/env python3
"""kill -9 of the server at random moments while a learner speaks; resume on a second server that shares the store.

Prints one line a round and a summary; exit status 1 where anything acknowledged was lost or a transcript differs."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "functional"))
from audio_bytes import pcm_of_wav  # noqa: E402
from conftest import DATA, Server  # noqa: E402
from kill_rounds import Round  # noqa: E402
from live_client import CHUNK  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recording", default="good.wav")
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    pcm = pcm_of_wav((DATA / arguments.recording).read_bytes())
    parts = [pcm[i : i + CHUNK] for i in range(0, len(pcm), CHUNK)]
    good = 0
    with tempfile.TemporaryDirectory(prefix="speechcoach-chaos-") as folder:
        shared = {"limits__sessions_per_hour": "1000"}
        first, second = Server(Path(folder), **shared), Server(Path(folder), **shared)
        try:
            second.start()
            first.start()
            learner = first.guest()
            unbroken = learner.upload((DATA / arguments.recording).read_bytes(), "a.wav").json()["transcript"]
            for number in range(1, arguments.rounds + 1):
                kill_after = moments.randint(1, len(parts) - 1)
                # The pace of a microphone, and now and then of a client that catches up.
                pace_s = moments.choice((0.0, 0.02, 0.1))
                outcome = Round(first, second, learner, parts, kill_after, pace_s).run()
                is_good = outcome.lost == 0 and outcome.transcript == unbroken and outcome.audio_is_whole
                good += is_good
                print(
                    f"round {number:2}: killed after {kill_after:2} of {len(parts)} chunks ({pace_s:.2f} s apart), acknowledged "
                    f"{outcome.acknowledged:2}, went on at {outcome.next_seq:2} after {outcome.resume_ms:.0f} ms: "
                    f"{'whole' if is_good else 'NOT WHOLE'}",
                    flush=True,
                )
                first.start()
        finally:
            first.end()
            second.end()
    print(f"{good} of {arguments.rounds} rounds: nothing acknowledged lost, transcript and audio as in the unbroken session")
    return 0 if good == arguments.rounds else 1


if __name__ == "__main__":
    sys.exit(main())
