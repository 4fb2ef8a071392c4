"""A sound that is plainly wrong is told while the learner still reads."""

import time

from audio_bytes import pcm_of_wav
from live_client import CHUNK, Live

SILENCE = b"\0" * CHUNK


def test_a_wrong_sound_is_told_before_the_recording_ends(server, recording):
    """What is said is "four" where "sore" is to be read. The recording stays open, silent, until the hint has come."""
    pcm = pcm_of_wav(recording("good.wav"))
    chunks = [pcm[at : at + CHUNK] for at in range(0, len(pcm) - CHUNK + 1, CHUNK)]
    hint = None
    with Live(server, server.guest().token) as live:
        started = live.start(reference_text="The girl was sore at the time.")
        for seq in range(550):
            live.send_chunk(started["stream_id"], seq, chunks[seq] if seq < len(chunks) else SILENCE)
            live.until("ack")
            hint = next((m for m in live.messages if m["type"] == "hint" and m["word"] == "sore"), None)
            if hint:
                break
            if seq >= len(chunks):
                time.sleep(0.1)  # the pace of a microphone, so that there is time to hear
        assert hint, "no hint in 55 s of sound"
        assert (hint["index"], hint["phone"], hint.get("heard")) == (3, "S", "F")
        assert hint["tip_vi"]
        assert live.finish(started, seq)["type"] == "analysis_complete"
        assert sum(m["type"] == "hint" and m["word"] == "sore" for m in live.messages) == 1
