"""A connection that sends nonsense harms neither the server nor its neighbours. `make fuzz-ws` sends a million frames."""

import threading

from audio_bytes import pcm_of_wav
from frame_fuzz import run
from live_client import Live

LIMITS = {"limits__messages_per_second": "100000", "limits__sessions_per_hour": "100000", "live__connections_per_user": "100"}


def fuzz_beside_a_learner(server, recording: bytes, frames: int, seed: int) -> tuple[int, int, int]:
    """(frames, connections, recordings that a neighbour practised meanwhile, each with a result)"""
    port = int(server.url.rsplit(":", 1)[1])
    outcome = []
    fuzzing = threading.Thread(target=lambda: outcome.append(run(port, server.guest().token, frames, seed)))
    fuzzing.start()
    practised = 0
    token = server.guest().token
    with Live(server, token) as live:
        while fuzzing.is_alive() or practised == 0:
            started = live.start()
            done = live.finish(started, live.stream(started, pcm_of_wav(recording)))
            assert done["type"] == "analysis_complete", done
            practised += 1
    fuzzing.join()
    assert server.process.poll() is None, "the server has died"
    return (*outcome[0], practised)


def test_nonsense_harms_nobody(own_server, recording):
    own_server.start(**LIMITS)
    frames, connections, practised = fuzz_beside_a_learner(own_server, recording("good.wav"), 20_000, seed=7)
    assert frames >= 20_000
    assert connections > 10
    assert practised > 0
