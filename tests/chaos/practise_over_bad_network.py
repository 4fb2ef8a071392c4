#!/usr/bin/env python3
"""A learner behind a network that delays, throttles, cuts writes up and hangs up: how long a recording takes to its result.

Prints one line a kind of network; exit status 1 where a result differs from the uploaded recording's."""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / folder) for folder in ("functional", "support")]
from audio_bytes import pcm_of_wav  # noqa: E402
from bad_network import BadNetwork, Weather  # noqa: E402
from conftest import DATA, Server  # noqa: E402
from live_client import CHUNK  # noqa: E402
from test_bad_network import WEATHERS, Persistent, Through  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--recording", default="good.wav")
    arguments = parser.parse_args()
    recording = (DATA / arguments.recording).read_bytes()
    pcm = pcm_of_wav(recording)
    parts = [pcm[i : i + CHUNK] for i in range(0, len(pcm), CHUNK)]
    is_good = True
    with tempfile.TemporaryDirectory(prefix="speechcoach-network-") as folder:
        server = Server(Path(folder), limits__sessions_per_hour="1000").start()
        try:
            port = int(server.url.rsplit(":", 1)[1])
            expected = server.guest().upload(recording, "a.wav").json()["scores"]
            for kind, weather in ({"undisturbed": Weather()} | WEATHERS).items():
                took_s, hang_ups, connections, same = [], 0, 0, 0
                for _ in range(arguments.rounds):
                    with BadNetwork(port, weather) as network:
                        client = Persistent(Through(server, network), server.guest().token, parts)
                        begun = time.monotonic()
                        same += client.practise()["scores"] == expected
                        took_s.append(time.monotonic() - begun)
                        hang_ups += network.hang_ups
                        connections += client.connections
                is_good &= same == arguments.rounds
                print(f"{kind:12} {same} of {arguments.rounds} with the uploaded recording's scores, {median(took_s):.2f} s to the result "
                      f"(at most {max(took_s):.2f} s), {hang_ups} hang-ups, {connections} connections", flush=True)
        finally:
            server.end()
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
