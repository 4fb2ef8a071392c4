#!/usr/bin/env python3
"""kill -9 of the server at random moments while a learner speaks; resume on a second server that shares the store.

With --apart they share no disk, but a Redis server, a database and a bucket; a worker analyses.

Prints one line a round and a summary; exit status 1 where anything acknowledged was lost, a transcript differs, or Redis took too much."""

import argparse
import contextlib
import os
import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "functional"))
import conftest  # noqa: E402
from audio_bytes import pcm_of_wav  # noqa: E402
from conftest import DATA, Server  # noqa: E402
from kill_rounds import Round  # noqa: E402
from live_client import CHUNK  # noqa: E402
from servers_apart import MOST_BYTES_A_STREAM, MemoryWatch, ServersApart  # noqa: E402
from with_postgresql import PostgresqlServer  # noqa: E402
from with_redis import RedisServer  # noqa: E402
from with_s3_server import S3Server  # noqa: E402


@contextlib.contextmanager
def two_servers(folder: Path):
    shared = {"limits__sessions_per_hour": "1000"}
    first, second = Server(folder, **shared), Server(folder, **shared)
    try:
        second.start()
        first.start()
        yield first, second
    finally:
        first.end()
        second.end()


@contextlib.contextmanager
def two_servers_apart(folder: Path):
    with contextlib.ExitStack() as running:
        conftest.postgresql = running.enter_context(contextlib.closing(PostgresqlServer()))
        conftest.s3 = running.enter_context(contextlib.closing(S3Server()))
        os.environ.update(S3Server.KEYS)
        broker = running.enter_context(contextlib.closing(RedisServer()))
        servers = ServersApart(folder, broker.url)
        running.callback(servers.end)
        servers.start()
        servers.start_worker()
        with MemoryWatch(servers) as watch:
            yield servers.first, servers.second
        print(f"Redis took at most {watch.most_bytes} bytes for a recording")
        if not 0 < watch.most_bytes <= MOST_BYTES_A_STREAM:
            sys.exit(f"more than 0 and at most {MOST_BYTES_A_STREAM} are right")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recording", default="good.wav")
    parser.add_argument("--apart", action="store_true", help="servers without a shared disk")
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    pcm = pcm_of_wav((DATA / arguments.recording).read_bytes())
    parts = [pcm[i : i + CHUNK] for i in range(0, len(pcm), CHUNK)]
    good = 0
    servers = two_servers_apart if arguments.apart else two_servers
    with tempfile.TemporaryDirectory(prefix="speechcoach-chaos-") as folder, servers(Path(folder)) as (first, second):
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
        print(f"{good} of {arguments.rounds} rounds: nothing acknowledged lost, transcript and audio as in the unbroken session")
    return 0 if good == arguments.rounds else 1


if __name__ == "__main__":
    sys.exit(main())
