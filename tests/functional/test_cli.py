import json

import pytest
from audio_bytes import silence
from conftest import DATA, REFERENCE, run
from contract import check, words_of


def test_help_and_version():
    for flag in ("--help", "--version"):
        done = run(flag)
        assert done.returncode == 0
        assert "speechcoach" in done.stdout


def test_analyze_prints_a_report(tmp_path):
    done = run("analyze", str(DATA / "good.wav"), "--reference", REFERENCE, data_dir=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "the girl was four at the time" in done.stdout.lower()
    for expected in ("Từng từ", "Cao độ", "Điểm (0–10)", "Góp ý", "Trôi chảy"):
        assert expected in done.stdout
    assert "\033[" not in done.stdout, "no colours where it is not a terminal"


@pytest.mark.parametrize("name", ["good.wav", "good.webm", "good.ogg", "good.mp3", "good.m4a", "good.flac"])
def test_analyze_reads_every_format_with_the_same_words(name, tmp_path):
    done = run("analyze", str(DATA / name), "--json", data_dir=str(tmp_path))
    assert done.returncode == 0, done.stderr
    analysis = json.loads(done.stdout)
    assert words_of(analysis["transcript"]["text"]) == words_of(REFERENCE)
    check("Prosody", analysis["prosody_features"])
    check("Scores", analysis["scores"])
    check("Feedback", analysis["feedback"])
    for word in analysis["transcript"]["words"]:
        check("Word", word)
        assert word["start_s"] < word["end_s"] <= analysis["audio_duration_s"] + 0.01


def test_analyze_is_deterministic(tmp_path):
    def once():
        analysis = json.loads(run("analyze", str(DATA / "poor.wav"), "--json", data_dir=str(tmp_path)).stdout)
        del analysis["stage_times"]
        return analysis

    assert once() == once()


def test_prosody_prints_every_figure():
    done = run("prosody", str(DATA / "good.wav"), str(DATA / "question.ogg"), "--json")
    assert done.returncode == 0, done.stderr
    good, question = [json.loads(line) for line in done.stdout.splitlines()]
    for figures in (good, question):
        assert len(figures["pitch"]["f0_hz"]) == len(figures["pitch"]["strength"]) > 100
        assert figures["pitch"]["step_s"] == 0.01
        assert 75 < max(figures["pitch"]["f0_hz"]) <= 600
        assert 40 < max(figures["intensity"]["db"]) < 95
        assert 0 < figures["harmonicity"]["mean_db"] < 40
        assert figures["pulses_s"] == sorted(figures["pulses_s"])
        assert all(0 < figures[kind][name] < 0.5 for kind, names in {"jitter": ("local", "rap", "ppq5"), "shimmer": ("local", "apq3", "apq5")}.items() for name in names)
    narrow = run("prosody", str(DATA / "good.wav"), "--json", "--pitch-ceiling", "200")
    assert max(json.loads(narrow.stdout)["pitch"]["f0_hz"]) <= 200
    for_people = run("prosody", str(DATA / "good.wav"))
    assert "jitter       local" in for_people.stdout
    assert run("prosody", "nowhere.wav").returncode == 2


def test_analyze_sees_what_was_not_read(tmp_path):
    reference = "The little girl was four years at the time."
    analysis = json.loads(run("analyze", str(DATA / "good.wav"), "--reference", reference, "--json", data_dir=str(tmp_path)).stdout)
    assert {m["expected"].lower() for m in analysis["miscues"] if m["kind"] == "omitted"} == {"little", "years"}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["analyze", "/no/such/file.wav"], 2, "/no/such/file.wav"),
        (["analyze"], 2, "file"),
        (["sing"], 2, "subcommand"),
        (["serve", "--set", "server.prot=1"], 2, "server.port"),
        (["serve", "--port", "eighty"], 2, "eighty"),
        (["--config", "/no/such.yaml", "doctor"], 2, "/no/such.yaml"),
    ],
)
def test_wrong_usage_says_what_is_wrong(arguments, status, said, tmp_path):
    done = run(*arguments, data_dir=str(tmp_path))
    assert done.returncode == status
    assert said in done.stderr


def test_a_recording_that_cannot_be_used_has_its_own_status(tmp_path):
    quiet = tmp_path / "silence.wav"
    quiet.write_bytes(silence(2))
    done = run("analyze", str(quiet), data_dir=str(tmp_path))
    assert done.returncode == 3
    assert "Mình chưa nghe thấy giọng của bạn" in done.stderr
    assert "No speech was heard" in run("analyze", str(quiet), "--locale", "en", data_dir=str(tmp_path)).stderr


def test_a_damaged_model_gives_way_to_the_fallback(tmp_path):
    broken = tmp_path / "ggml-broken.bin"
    broken.write_bytes(b"not a model" * 1000)
    done = run("analyze", str(DATA / "good.wav"), "--json", data_dir=str(tmp_path), stt__model=str(broken))
    assert done.returncode == 0, done.stderr
    transcript = json.loads(done.stdout)["transcript"]
    assert transcript["used_fallback"]
    assert transcript["model"] == "tiny.en"
    assert "girl" in transcript["text"]


def test_without_any_model_it_says_what_to_do(tmp_path):
    done = run("analyze", str(DATA / "good.wav"), data_dir=str(tmp_path), stt__model_dir=str(tmp_path))
    assert done.returncode == 1
    assert "speechcoach model pull base" in done.stderr


def test_doctor_is_content_with_a_whole_installation(tmp_path):
    done = run("doctor", data_dir=str(tmp_path / "data"))
    assert done.returncode == 0, done.stdout
    for part in ("database", "audio store", "decoder", "speech model", "fallback model"):
        assert part in done.stdout
    assert "FAIL" not in done.stdout


def test_doctor_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = run("doctor", data_dir=str(tmp_path / "file"), stt__model_dir=str(tmp_path))
    assert done.returncode == 1
    assert "FAIL  database" in done.stdout
    assert "FAIL  speech model" in done.stdout
    assert "-> " in done.stdout


def test_migrations_go_up_and_down(tmp_path):
    settings = {"data_dir": str(tmp_path)}
    assert "missing" in run("migrate", "status", **settings).stdout
    up = run("migrate", "up", **settings)
    assert up.returncode == 0
    assert "missing" not in up.stdout
    down = run("migrate", "down", "--steps", "1", **settings)
    assert down.returncode == 0, down.stderr
    assert down.stdout.splitlines()[-1].startswith("missing")
    assert "missing" not in run("migrate", "up", **settings).stdout


def test_config_shows_settings_but_no_secrets(tmp_path):
    secret = "this-is-a-secret-of-more-than-32-characters"
    done = run("config", data_dir=str(tmp_path), auth__jwt_secret=secret, server__port="9123")
    assert "server.port: 9123" in done.stdout
    assert secret not in done.stdout
