import array
import json
import shutil
import struct
import wave
from pathlib import Path

import pytest
from conftest import DATA, REFERENCE, run
from contract import check

pytestmark = pytest.mark.skipif(
    not (DATA.parents[1] / "data" / "pronunciation" / "scorers.safetensors").exists(), reason="built without pronunciation parameters"
)

PARAMETERS = DATA.parents[1] / "data" / "pronunciation"
PHONES = "DH AH0 | G ER1 L | W AA1 Z | F AO1 R | AE1 T | DH AH0 | T AY1 M"
HEAD = "utterance\tspeaker\tage\tgender\ttext\tphones\taccuracy\tfluency\tprosodic\ttotal\twords\n"


def analysis(name, *more, tmp_path):
    done = run("analyze", str(DATA / name), "--json", *more, data_dir=str(tmp_path))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def corpus(folder, speaker="z001", rows=1):
    (folder / "audio" / speaker).mkdir(parents=True)
    words = " ".join("9:" + ",".join("2" for _ in word.split()) for word in PHONES.split("|"))
    lines = [HEAD]
    for i in range(rows):
        shutil.copy(DATA / "good.flac", folder / "audio" / speaker / f"u{i}.flac")
        lines.append(f"u{i}\t{speaker}\t20\tf\tTHE GIRL WAS FOUR AT THE TIME\t{PHONES}\t9\t9\t9\t9\t{words}\n")
    (folder / "labels.tsv").write_text("".join(lines))
    return folder


def test_every_word_and_sound_is_judged(tmp_path):
    report = analysis("good.wav", "--reference", REFERENCE, tmp_path=tmp_path)["pronunciation"]
    check("PronunciationReport", report)
    assert [word["text"].lower() for word in report["words"]] == [word.strip(".,").lower() for word in REFERENCE.split()]
    ends = 0
    for word in report["words"]:
        assert word["phones"]
        for phone in word["phones"]:
            assert phone["start_s"] >= ends - 0.011, "in order"
            ends = phone["start_s"]
            assert (phone["heard"] is not None) == (phone["verdict"] == "substituted")
    assert report["text_match"] > 0.6


def test_another_sentence_scores_low_and_says_why(tmp_path):
    found = analysis("good.wav", "--reference", "Wonderful yellow umbrellas protect five thirsty kangaroos.", tmp_path=tmp_path)
    assert max(found["scores"].values()) <= 3
    assert found["pronunciation"]["reasons"][0]["kind"] in ("not_this_text", "no_english_speech")


PARAGRAPH = (
    "On the first warm morning of the year my grandmother opened every window in the old wooden house beside the river, carried the chairs "
    "into the garden, and asked all the children of the village to help her paint the fence in whatever colours they liked. By noon it was "
    "yellow, green, blue and orange, and so were most of the children. She laughed until she had to sit down, and then she brought out bread, "
    "honey and cold milk for everybody, even for the dog."
)


@pytest.mark.parametrize("text", [PARAGRAPH, " ".join(["wonderful umbrellas"] * 500)], ids=["paragraph", "a thousand words"])
def test_a_text_with_more_sounds_than_the_recording_can_hold_was_not_read(text, tmp_path):
    found = analysis("good.wav", "--reference", text, tmp_path=tmp_path)
    report = found["pronunciation"]
    check("PronunciationReport", report)
    assert max(found["scores"].values()) <= 3
    assert report["text_match"] < 0.4 and report["reasons"][0]["kind"] == "not_this_text"
    assert {word["verdict"] for word in report["words"]} == {"omitted"}
    assert [miscue["expected"] for miscue in report["miscues"]] == [word["text"] for word in report["words"]]


@pytest.mark.parametrize("text", ["...", "🙂", "你好", "  "])
def test_a_text_that_nobody_can_read_is_refused(text, tmp_path):
    done = run("analyze", str(DATA / "good.wav"), "--reference", text, data_dir=str(tmp_path))
    assert done.returncode == 2 and "từ tiếng Anh" in done.stderr
    listing = tmp_path / "list.tsv"
    listing.write_text(f"{DATA / 'good.wav'}\t{text}\n")
    scored = run("score", "--batch", str(listing), "--json", data_dir=str(tmp_path))
    assert scored.returncode == 4
    assert json.loads(scored.stdout)["error"]["code"] == "bad_field"


@pytest.mark.parametrize("more", [["--reference", REFERENCE], []])
@pytest.mark.parametrize("name", ["vietnamese.wav", "french.wav"])
def test_another_language_scores_low_and_says_why(name, more, tmp_path):
    found = analysis(name, *more, tmp_path=tmp_path)
    assert max(found["scores"].values()) <= 3
    assert found["pronunciation"]["reasons"][0]["kind"] in ("not_this_text", "no_english_speech")


def test_a_reading_that_the_recogniser_cannot_make_out_is_of_its_text(tmp_path):
    found = analysis("spliced.flac", "--reference", "Jim likes your blue shore", tmp_path=tmp_path)
    assert not {"jim", "likes", "your"} & set(found["transcript"]["text"].lower().replace(".", "").split())
    verdicts = [word["verdict"] for word in found["pronunciation"]["words"]]
    assert found["pronunciation"]["text_match"] == 0.4 and "ok" in verdicts
    assert max(found["scores"].values()) <= 3
    other = analysis("spliced.flac", "--reference", "Mary is going to see monkey", tmp_path=tmp_path)
    assert other["pronunciation"]["text_match"] < 0.4 and "ok" not in [word["verdict"] for word in other["pronunciation"]["words"]]


def test_english_played_backwards_scores_low_and_says_why(tmp_path):
    with wave.open(str(DATA / "good.wav")) as source, wave.open(str(tmp_path / "backwards.wav"), "wb") as target:
        target.setparams(source.getparams())
        samples = array.array("h", source.readframes(source.getnframes()))
        samples.reverse()
        target.writeframes(samples.tobytes())
    found = analysis(tmp_path / "backwards.wav", tmp_path=tmp_path)
    assert max(found["scores"].values()) <= 3
    assert found["pronunciation"]["reasons"][0]["kind"] == "no_english_speech"


def test_a_word_that_was_not_said_is_found(tmp_path):
    found = analysis("good.wav", "--reference", REFERENCE.replace("four", "four wonderful"), tmp_path=tmp_path)
    assert {"kind": "omitted", "expected": "wonderful", "heard": ""} in found["pronunciation"]["miscues"]


@pytest.mark.parametrize("name", ["good.wav", "poor.wav", "long.wav"])
def test_a_learners_english_is_taken_for_english(name, tmp_path):
    found = analysis(name, tmp_path=tmp_path)
    assert found["pronunciation"]["text_match"] > 0.6


def test_conversation_is_judged_by_the_transcript(tmp_path):
    found = analysis("good.wav", tmp_path=tmp_path)
    assert found["pronunciation"]["miscues"] == []
    assert len(found["pronunciation"]["words"]) == len(found["transcript"]["words"])


def test_score_answers_a_line_a_recording_in_order(tmp_path):
    listing = tmp_path / "list.tsv"
    listing.write_text(f"{DATA / 'poor.wav'}\n{tmp_path / 'missing.wav'}\n{DATA / 'good.wav'}\t{REFERENCE}\n")
    done = run("score", "--batch", str(listing), "--json", data_dir=str(tmp_path))
    assert done.returncode == 4
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(DATA / "poor.wav"), str(tmp_path / "missing.wav"), str(DATA / "good.wav")]
    assert lines[1]["error"]["code"] == "not_found"
    alone = analysis("good.wav", "--reference", REFERENCE, tmp_path=tmp_path)
    for result in (alone, lines[2]["analysis"]):
        del result["stage_times"]
    assert lines[2]["analysis"] == alone


def test_eval_prints_the_agreement(tmp_path):
    folder = corpus(tmp_path / "corpus", rows=2)
    done = run("eval", "speechocean762", str(folder), "--json", data_dir=str(tmp_path))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["recordings"] == 2 and result["failed"] == 0
    for measure in ("pearson", "mse", "mae"):
        assert set(result[measure]) == {"phone", "word", "accuracy", "fluency", "prosodic", "total"}
    assert result["count"]["phone"] == 2 * len(PHONES.replace("|", "").split())
    both = json.loads(run("eval", "speechocean762", str(folder), "--json", "--mode", "both", data_dir=str(tmp_path)).stdout)
    assert both["sentence_practice"] == result
    conversation = run("eval", "speechocean762", str(folder), "--json", "--mode", "conversation", data_dir=str(tmp_path))
    assert json.loads(conversation.stdout) == both["conversation"]
    assert both["conversation"]["mode"] == "conversation"


def test_eval_refuses_speakers_it_has_learnt_from(tmp_path):
    done = run("eval", "speechocean762", str(corpus(tmp_path / "corpus", speaker="0001")), data_dir=str(tmp_path))
    assert done.returncode == 2
    assert "0001" in done.stderr


def nameless(source: Path, target: Path) -> None:
    """The same tensors, without the names of those that they were learnt from."""
    content = source.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + size])
    del header["__metadata__"]["training_speakers"]
    shorter = json.dumps(header, separators=(",", ":")).encode().ljust(size)
    target.write_bytes(content[:8] + shorter + content[8 + size:])


def test_eval_refuses_parameters_that_do_not_say_whom_they_have_heard(tmp_path):
    (tmp_path / "folds" / "0").mkdir(parents=True)
    for name in ("head.safetensors", "scorers.safetensors"):
        nameless(PARAMETERS / name, tmp_path / "folds" / "0" / name)
    done = run("eval", "speechocean762", str(corpus(tmp_path / "corpus")), "--folds", str(tmp_path / "folds"), data_dir=str(tmp_path))
    assert done.returncode == 2
    assert "learnt from" in done.stderr


@pytest.mark.parametrize("spoil, said", [
    (lambda folder: (folder / "labels.tsv").unlink(), "labels.tsv"),
    (lambda folder: (folder / "labels.tsv").write_text(HEAD + "u0\tz001\n"), "line 2"),
    (lambda folder: (folder / "audio" / "z001" / "u0.flac").write_bytes(b"no sound"), "u0"),
    (lambda folder: (folder / "audio" / "z001" / "u0.flac").unlink(), "u0"),
])
def test_eval_says_what_is_wrong_with_a_folder(tmp_path, spoil, said):
    folder = corpus(tmp_path / "corpus")
    spoil(folder)
    done = run("eval", "speechocean762", str(folder), data_dir=str(tmp_path))
    assert done.returncode in (1, 2)
    assert said in done.stderr


def test_the_model_voice_reads_the_sentence_and_lays_the_learners_melody_over_its_own(learner, recording):
    session_id = learner.upload(recording("good.wav"), "a.wav").json()["id"]
    with learner.http as http:
        sound = http.get("/api/v1/model-speech", params={"text": REFERENCE})
        assert sound.headers["content-type"] == "audio/wav" and sound.content[:4] == b"RIFF"
        slow = http.get("/api/v1/model-speech", params={"text": REFERENCE, "speed": "slow"})
        assert len(slow.content) > 1.3 * len(sound.content)
        said = http.get("/api/v1/model-speech", params={"text": REFERENCE, "format": "json", "session_id": session_id}).json()
        assert [word["text"] for word in said["words"]] == REFERENCE.lower().strip(".").split()
        both = [point for point in said["melody"] if point[1] is not None and point[2] is not None]
        assert len(both) > 30 and all(abs(point[2]) < 24 for point in both)
        assert http.get("/api/v1/model-speech", params={"text": ""}).status_code == 400
        assert http.get("/api/v1/model-speech", params={"text": "Hi", "format": "mp3"}).status_code == 400
        other = "00000000-0000-4000-8000-000000000000"
        assert http.get("/api/v1/model-speech", params={"text": "Hi", "format": "json", "session_id": other}).status_code == 404
