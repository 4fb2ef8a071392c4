"""Servers that share no disk: one is killed while a learner speaks, another goes on from Redis and the bucket."""

import conftest
import pytest
from audio_bytes import pcm_of_wav
from kill_rounds import Round
from live_client import CHUNK, Live
from waiting import wait_until
from servers_apart import MOST_BYTES_A_STREAM, MemoryWatch, ServersApart
from with_redis import RedisServer


@pytest.fixture
def apart(tmp_path):
    if not conftest.s3:
        pytest.skip("an S3 server is there in the round that has one")
    broker = RedisServer()
    servers = ServersApart(tmp_path, broker.url)
    yield servers
    servers.end()
    broker.close()


def test_another_server_goes_on_without_a_shared_disk(apart, recording):
    apart.start()
    apart.start_worker()
    learner = apart.first.guest()
    wav = recording("long.wav")
    unbroken = learner.upload(wav, "long.wav").json()["transcript"]
    pcm = pcm_of_wav(wav)
    parts = [pcm[at : at + CHUNK] for at in range(0, len(pcm), CHUNK)]
    # Early, when all is in Redis; late, when a part has gone to the bucket.
    for kill_after in (9, len(parts) - 4):
        with MemoryWatch(apart) as watch:
            outcome = Round(apart.first, apart.second, learner, parts, kill_after, 0.01).run()
        assert outcome.lost == 0
        assert outcome.audio_is_whole
        assert outcome.transcript == unbroken
        assert 0 < watch.most_bytes <= MOST_BYTES_A_STREAM
        apart.first.start()
    # Nothing is left of them but the recordings.
    wait_until(lambda: apart.spool_keys() == [b"speechcoach.spool.bytes"])
    assert apart.spooled_bytes() == 0
    wait_until(lambda: not [key for key in conftest.s3.objects() if "spool/" in key])
    assert not list(apart.first.folder.rglob("spool"))


def test_what_nobody_resumes_is_cleared_away_by_another_server(apart):
    for server in (apart.first, apart.second):
        server.settings["live__resume_window_s"] = "10"
    apart.start()
    learner = apart.first.guest()
    with Live(apart.first, learner.token) as live:
        started = live.start()
        for seq in range(60):
            live.send_chunk(started["stream_id"], seq, bytes(CHUNK))
        live.until_safe(60)
        apart.first.kill()
    # All of its audio may be in the bucket already; its state stays in Redis.
    assert len(apart.spool_keys()) > 1
    learner.server = apart.second
    wait_until(lambda: learner.session(started["session_id"])["status"] == "abandoned")
    wait_until(lambda: apart.spool_keys() == [b"speechcoach.spool.bytes"])
    wait_until(lambda: not [key for key in conftest.s3.objects() if "spool/" in key])
    with Live(apart.second, learner.token) as live:
        assert live.resume(started["session_id"])["code"] == "session_expired"


def test_a_full_redis_is_busy_for_all_servers(apart):
    for server in (apart.first, apart.second):
        server.settings["live__spool_max_mb"] = "64"
    apart.start()
    apart.redis.set("speechcoach.spool.bytes", 64 * 2**20)
    learner = apart.first.guest()
    for server in (apart.first, apart.second):
        with Live(server, learner.token) as live:
            refused = live.start()
            assert refused["code"] == "busy"
            assert refused["retry_after_ms"] > 0
    apart.redis.set("speechcoach.spool.bytes", 0)
    with Live(apart.second, learner.token) as live:
        assert live.start()["type"] == "session_started"
