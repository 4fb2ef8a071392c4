#!/usr/bin/env python3
"""A million frames of nonsense at a server, while a neighbour practises; exit status 1 where either is harmed."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "functional"))
from conftest import DATA, Server  # noqa: E402
from test_fuzzed_connection import LIMITS, fuzz_beside_a_learner  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="speechcoach-fuzz-") as folder:
        server = Server(Path(folder), **LIMITS, log__level="error").start()
        try:
            begun = time.monotonic()
            frames, connections, practised = fuzz_beside_a_learner(server, (DATA / "good.wav").read_bytes(), arguments.frames, arguments.seed)
            rss = next(line for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
            print(f"{frames} frames over {connections} connections in {time.monotonic() - begun:.0f} s; the server lives ({rss.split(':')[1].strip()}); "
                  f"meanwhile a neighbour practised {practised} times, each with its result")
        finally:
            server.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
