"""Each kind of recording that cannot be used gets a clear answer, over REST and on the command line, and the server stays well."""

import pytest
from audio_bytes import hum, joined, noise, repeated, silence
from conftest import SESSIONS, run

TOO_LONG = "dài quá 60 giây"
TOO_LARGE = "lớn hơn 10 MB"
UNREADABLE = "Không mở được tệp âm thanh"
MISMATCH = "không đúng với định dạng"
UNSUPPORTED = "chưa được hỗ trợ"
NO_SPEECH = "chưa nghe thấy giọng của bạn"


def bad_recordings(recording):
    good = recording("good.wav")
    return {
        "empty": (b"", "a.wav", {"audio_unreadable"}, UNREADABLE),
        "11 MB": (good + bytes(11 * 1024 * 1024), "a.wav", {"audio_too_large"}, TOO_LARGE),
        "61 s": (repeated(good, 61), "a.wav", {"audio_too_long"}, TOO_LONG),
        "text renamed .wav": (b"Dear diary, today I practised English.\n" * 50, "a.wav", {"audio_unreadable", "format_mismatch", "unsupported_format"}, None),
        "webm cut in its header": (recording("good.webm")[:60], "a.webm", {"audio_unreadable"}, UNREADABLE),
        "wav header only": (good[:44], "a.wav", {"audio_unreadable"}, UNREADABLE),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), "a.png", {"unsupported_format"}, UNSUPPORTED),
    }


@pytest.mark.parametrize("case", ["empty", "11 MB", "61 s", "text renamed .wav", "webm cut in its header", "wav header only", "picture"])
def test_refused_at_upload(case, learner, recording, tmp_path):
    audio, name, codes, said = bad_recordings(recording)[case]
    answer = learner.upload(audio, name)
    assert answer.status_code in (400, 413, 415, 422), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["code"] in codes
    assert problem["status"] == answer.status_code
    assert not problem["retryable"]
    if said:
        assert said in problem["detail"]
    if "session_id" in problem:
        assert learner.session(problem["session_id"])["status"] == "awaiting_audio"

    path = tmp_path / name
    path.write_bytes(audio)
    done = run("analyze", str(path), data_dir=str(tmp_path / "data"))
    assert done.returncode == 3, done.stderr
    assert any(code in done.stderr for code in codes)
    assert learner.upload(recording("good.wav"), "good.wav").status_code == 200, "the server goes on"


@pytest.mark.parametrize("make", [silence, noise, hum], ids=["silence", "noise", "hum"])
def test_nobody_speaks(make, learner):
    answer = learner.upload(make(3), "a.wav")
    assert answer.status_code == 200
    session = answer.json()
    assert session["status"] == "failed"
    assert session["scores"] is None
    assert session["error"]["code"] == "no_speech"
    assert NO_SPEECH in session["error"]["message"]


def test_a_truncated_webm_is_analysed_as_far_as_it_goes(learner, recording):
    session = learner.upload(recording("truncated.webm"), "a.webm").json()
    assert session["status"] == "completed"
    assert 1.0 < session["audio"]["duration_s"] < 2.5
    assert "girl" in session["transcript"].lower()


def test_sixty_seconds_are_not_too_long(learner, recording):
    spoken = joined([recording("good.wav"), recording("long.wav"), recording("poor.wav")])
    session = learner.upload(repeated(spoken, 60), "a.wav", mode="conversation").json()
    assert session["status"] == "completed", session["error"]
    assert session["audio"]["duration_s"] == pytest.approx(60, abs=0.01)
    # The three are said four to five times.
    assert session["transcript"].lower().count("girl") >= 4
    assert session["transcript"].lower().count("innings") >= 4
    assert session["words"][-1]["end_s"] > 55


def test_errors_speak_the_learners_language(learner):
    with learner.http as http:
        form = {"mode": "conversation", "locale": "en"}
        answer = http.post(SESSIONS, data=form, files={"audio": ("a.wav", b"")})
    assert "empty or damaged" in answer.json()["detail"]
