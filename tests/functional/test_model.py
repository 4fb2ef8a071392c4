"""`speechcoach model`: a server that cuts, lies and stalls, and models that are damaged or too big."""

import fcntl
import hashlib
import http.server
import json
import struct
import threading

import numpy as np
import pytest
from conftest import DATA, ROOT, run

TURBO = {"vocabulary": 51866, "state": 1280, "encoder": 32, "decoder": 4, "mels": 128}
SMALLEST = {"vocabulary": 51865, "state": 384, "encoder": 4, "decoder": 4, "mels": 80}


def write_model(path, shape, bytes_in_all=0):
    """A file of a model's structure, its weights a hole in the file: whole to look at, and as long as the real one."""
    heads = shape["state"] // 64
    with path.open("wb") as file:
        file.write(struct.pack("<I", 0x67676D6C))
        file.write(struct.pack("<11i", shape["vocabulary"], 1500, shape["state"], heads, shape["encoder"], 448, shape["state"], heads, shape["decoder"], shape["mels"], 1))
        file.write(struct.pack("<2i", shape["mels"], 201) + bytes(4 * 201 * shape["mels"]))
        words = [b" ", *(b"%d" % i for i in range(50256))]
        file.write(struct.pack("<i", len(words)) + b"".join(struct.pack("<I", len(word)) + word for word in words))
        tensors = 11 + 15 * shape["encoder"] + 24 * shape["decoder"]
        elements = max(1, (bytes_in_all // tensors) // 2)
        for number in range(tensors):
            name = b"tensor.%d" % number
            rows = max(1, elements // 4096)
            file.write(struct.pack("<5i", 2, len(name), 1, min(4096, elements), rows) + name)  # half precision
            file.seek(2 * min(4096, elements) * rows, 1)
        file.truncate(file.tell())


class Server:
    """Serves one file with `headers` (an ETag, a date); `cuts` says after how many bytes each of the first answers breaks off, `status` with
    what error it answers after those. `heeds_if_range`: RFC 9110 13.1.5."""

    def __init__(self, content: bytes, cuts=(), ranges=True, status=None, headers=None, heeds_if_range=True):
        self.requests = []
        self.content, self.status, self.headers, self.ranges = content, status, headers or {}, ranges
        cuts = list(cuts)
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                begin = 0
                content = server.content
                asked = self.headers.get("Range")
                server.requests.append(asked)
                if server.status and not cuts:
                    self.send_error(server.status)
                    return
                named = self.headers.get("If-Range")
                is_the_same = named is None or not heeds_if_range or named in server.headers.values()
                if asked and server.ranges and is_the_same:
                    begin = int(asked.removeprefix("bytes=").split("-")[0])
                    if begin >= len(content):
                        self.send_error(416)
                        return
                self.send_response(206 if begin else 200)
                if begin:
                    self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
                self.send_header("Content-Length", str(len(content) - begin))
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                end = begin + cuts.pop(0) if cuts else len(content)
                self.wfile.write(content[begin:end])

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def model_bytes(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "ggml-small.bin"
    write_model(path, SMALLEST)
    return path.read_bytes()


@pytest.fixture(scope="module")
def other_bytes(model_bytes):
    """Another model of the same layout and length."""
    return model_bytes[:-1] + bytes([model_bytes[-1] ^ 1])


def pull(server, folder, *arguments):
    return run("model", "pull", "mine", "--url", server.url, *arguments, stt__model_dir=str(folder), data_dir=str(folder))


def model(folder, *arguments):
    return run("model", *arguments, stt__model_dir=str(folder), data_dir=str(folder))


def test_a_download_that_is_cut_goes_on_where_it_stopped(model_bytes, tmp_path):
    digest = hashlib.sha256(model_bytes).hexdigest()
    with Server(model_bytes, cuts=[100_000, 200_000]) as server:
        done = pull(server, tmp_path, "--sha256", digest.upper())
    assert done.returncode == 0, done.stderr
    assert server.requests == [None, "bytes=100000-", "bytes=300000-"]
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes
    assert not (tmp_path / "ggml-mine.bin.part").exists()
    listed = model(tmp_path, "list")
    assert "mine" in listed.stdout
    assert digest in model(tmp_path, "verify").stdout


def test_a_download_that_failed_is_gone_on_with_by_the_next(model_bytes, tmp_path):
    with Server(model_bytes, cuts=[50_000], status=403) as server:
        done = pull(server, tmp_path)
        assert done.returncode == 1
        assert "50000" in done.stderr
        assert not (tmp_path / "ggml-mine.bin").exists()
        server.status = None
        assert pull(server, tmp_path).returncode == 0
    assert server.requests == [None, "bytes=50000-", "bytes=50000-"]
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ggml-mine.bin", "ggml-mine.bin.sha256"]


def test_what_came_from_another_address_is_not_gone_on_with(model_bytes, other_bytes, tmp_path):
    with Server(model_bytes, cuts=[50_000], status=403) as server:
        assert pull(server, tmp_path).returncode == 1
    assert (tmp_path / "ggml-mine.bin.part").stat().st_size == 50_000
    with Server(other_bytes) as server:
        assert pull(server, tmp_path).returncode == 0
    assert server.requests == [None]
    assert (tmp_path / "ggml-mine.bin").read_bytes() == other_bytes


def test_an_address_that_was_mistyped_does_not_cost_what_has_come(model_bytes, tmp_path):
    with Server(model_bytes, cuts=[50_000], status=403) as server:
        assert pull(server, tmp_path).returncode == 1
        mistyped = model(tmp_path, "pull", "mine", "--url", server.url + "mistyped")
        assert mistyped.returncode == 1
        assert "goes on" not in mistyped.stderr
        server.status = None
        assert pull(server, tmp_path).returncode == 0
    assert server.requests[-2:] == [None, "bytes=50000-"]
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes


def test_an_empty_answer_is_not_taken_for_what_came_from_elsewhere(model_bytes, tmp_path):
    (tmp_path / "ggml-mine.bin.part").write_bytes(model_bytes)
    (tmp_path / "empty").touch()
    done = model(tmp_path, "pull", "mine", "--url", f"file://{tmp_path}/empty")
    assert done.returncode == 1
    assert "empty" in done.stderr
    assert not (tmp_path / "ggml-mine.bin").exists()


def test_what_came_from_nobody_knows_where_is_not_gone_on_with(model_bytes, tmp_path):
    (tmp_path / "ggml-mine.bin.part").write_bytes(b"something else")
    with Server(model_bytes) as server:
        assert pull(server, tmp_path).returncode == 0
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes


VALIDATORS = {
    "etag": [{"ETag": '"one"', "Last-Modified": "Mon, 02 Nov 2026 08:00:00 GMT"}, {"ETag": '"two"', "Last-Modified": "Mon, 02 Nov 2026 08:00:00 GMT"}],
    "weak": [{"ETag": 'W/"one"'}, {"ETag": 'W/"two"'}],
    "date": [{"Last-Modified": "Mon, 02 Nov 2026 08:00:00 GMT"}, {"Last-Modified": "Mon, 02 Nov 2026 09:00:00 GMT"}],
}


@pytest.mark.parametrize("heeds_if_range", [True, False])
@pytest.mark.parametrize("validator", VALIDATORS)
def test_a_file_that_was_replaced_on_the_server_is_begun_anew(validator, heeds_if_range, model_bytes, other_bytes, tmp_path):
    before, after = VALIDATORS[validator]
    with Server(model_bytes, cuts=[50_000], status=403, headers=before, heeds_if_range=heeds_if_range) as server:
        assert pull(server, tmp_path).returncode == 1
        server.content, server.headers, server.status = other_bytes, after, None
        assert pull(server, tmp_path).returncode == 0
    assert server.requests[-2:] == ["bytes=50000-", None]
    assert (tmp_path / "ggml-mine.bin").read_bytes() == other_bytes
    assert hashlib.sha256(other_bytes).hexdigest() in (tmp_path / "ggml-mine.bin.sha256").read_text()


@pytest.mark.parametrize("validator", VALIDATORS)
def test_a_file_that_is_still_the_same_is_gone_on_with(validator, model_bytes, tmp_path):
    with Server(model_bytes, cuts=[50_000], headers=VALIDATORS[validator][0]) as server:
        assert pull(server, tmp_path).returncode == 0
    assert server.requests == [None, "bytes=50000-"]
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes


@pytest.mark.parametrize("validator", VALIDATORS)
def test_a_whole_part_of_a_file_that_was_replaced_is_not_taken(validator, model_bytes, other_bytes, tmp_path):
    before, after = VALIDATORS[validator]
    with Server(model_bytes, cuts=[50_000], status=403, headers=before) as server:
        assert pull(server, tmp_path).returncode == 1
        (tmp_path / "ggml-mine.bin.part").write_bytes(model_bytes)  # as if the program had ended before it could put it in its place
        server.content, server.headers, server.status, server.ranges = other_bytes, after, None, False
        assert pull(server, tmp_path).returncode == 0
    assert (tmp_path / "ggml-mine.bin").read_bytes() == other_bytes


def test_a_model_is_not_pulled_twice_at_a_time(model_bytes, tmp_path):
    lock = tmp_path / "ggml-mine.bin.part.lock"
    with lock.open("w") as file, Server(model_bytes) as server:
        fcntl.flock(file, fcntl.LOCK_EX)
        refused = pull(server, tmp_path)
        assert refused.returncode == 1
        assert "ggml-mine.bin is being pulled already" in refused.stderr
        assert server.requests == []
        fcntl.flock(file, fcntl.LOCK_UN)
        assert pull(server, tmp_path).returncode == 0
    assert not lock.exists()


def test_a_checksum_that_cannot_be_kept_is_said(model_bytes, tmp_path):
    (tmp_path / "ggml-mine.bin.sha256" / "in the way").mkdir(parents=True)
    with Server(model_bytes) as server:
        done = pull(server, tmp_path)
    assert done.returncode == 1
    assert "ggml-mine.bin.sha256 cannot be written" in done.stderr
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes


def test_a_server_without_ranges_sends_it_all_again(model_bytes, tmp_path):
    with Server(model_bytes, cuts=[100_000], ranges=False) as server:
        assert pull(server, tmp_path).returncode == 0
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes


@pytest.mark.parametrize("wrong", ["checksum", "content"])
def test_wrong_bytes_are_thrown_away(wrong, model_bytes, tmp_path):
    content = b"<html>Sign in first</html>" if wrong == "content" else model_bytes
    with Server(content) as server:
        done = pull(server, tmp_path, *(["--sha256", "0" * 64] if wrong == "checksum" else []))
    assert done.returncode == 1
    assert "thrown away" in done.stderr
    assert list(tmp_path.glob("ggml-*")) == []


def test_what_is_not_there_is_said_at_once(model_bytes, tmp_path):
    with Server(model_bytes, status=404) as server:
        done = pull(server, tmp_path)
    assert done.returncode == 1
    assert "404" in done.stderr
    assert len(server.requests) == 1
    assert "--url" not in done.stderr
    assert model(tmp_path, "list").returncode == 1


@pytest.mark.parametrize("ending", ["/", ""])
def test_without_an_address_it_comes_from_the_configured_source(ending, model_bytes, tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "ggml-mine.bin").write_bytes(model_bytes)
    source = {"stt__model_source": f"file://{tmp_path}/source{ending}", "data_dir": str(tmp_path)}
    assert run("model", "pull", "mine", **source).returncode == 0
    assert (tmp_path / "models" / "ggml-mine.bin").read_bytes() == model_bytes
    missing = run("model", "pull", "small-q4_0", **source)
    assert missing.returncode == 1
    assert "stt.model_source does not have small-q4_0: give --url" in missing.stderr


def test_a_source_that_lacks_a_model_is_said(model_bytes, tmp_path):
    with Server(model_bytes, status=404) as server:
        done = run("model", "pull", "small-q4_0", stt__model_source=server.url, data_dir=str(tmp_path))
    assert done.returncode == 1
    assert f"{server.url}ggml-small-q4_0.bin" in done.stderr
    assert "stt.model_source does not have small-q4_0: give --url" in done.stderr
    assert len(server.requests) == 1


def test_without_any_source_an_address_is_asked_for(tmp_path):
    done = run("model", "pull", "mine", stt__model_source="", data_dir=str(tmp_path))
    assert done.returncode == 1
    assert "--url" in done.stderr


def test_the_list_marks_the_one_file_of_a_name_that_is_used(model_bytes, tmp_path):
    mine = tmp_path / "models" / "ggml-base.bin"
    mine.parent.mkdir()
    mine.write_bytes(model_bytes)
    lines = run("model", "list", data_dir=str(tmp_path)).stdout.splitlines()
    assert [line.endswith("(stt.model)") for line in lines if line.startswith("base ")] == [True, False], "the program's own comes first"
    lines = run("model", "list", data_dir=str(tmp_path), stt__model=str(mine.parent / ".." / "models" / mine.name), stt__fallback_model="base").stdout.splitlines()
    assert [line.split("  ")[-1] for line in lines if line.startswith("base ")] == ["(stt.fallback_model)", "(stt.model)"]


def test_the_list_shows_a_used_file_that_lies_elsewhere(model_bytes, tmp_path):
    (tmp_path / "mine.bin").write_bytes(model_bytes)
    listed = run("model", "list", data_dir=str(tmp_path), stt__model_dir=str(tmp_path / "none"), stt__model=str(tmp_path / "mine.bin"))
    assert listed.stdout.split()[0] == "mine"
    assert listed.stdout.endswith(f"{tmp_path}/mine.bin  (stt.model)\n")


def test_verify_finds_what_has_changed_since(model_bytes, other_bytes, tmp_path):
    with Server(model_bytes) as server:
        assert pull(server, tmp_path).returncode == 0
    path = tmp_path / "ggml-mine.bin"
    path.write_bytes(other_bytes)
    done = model(tmp_path, "verify", "mine")
    assert done.returncode == 1
    assert "which should be" in done.stdout
    path.write_bytes(model_bytes[:-1])
    assert "FAIL" in model(tmp_path, "verify").stdout
    assert "damaged" in model(tmp_path, "list").stdout


def test_a_model_too_big_for_the_limit_gives_way_to_the_fallback(tmp_path):
    turbo = tmp_path / "ggml-large-v3-turbo.bin"
    write_model(turbo, TURBO, bytes_in_all=1_600_000_000)
    done = run("analyze", str(DATA / "good.wav"), "--json", data_dir=str(tmp_path), stt__model=str(turbo), stt__memory_limit_mb="1000")
    assert done.returncode == 0, done.stderr
    transcript = json.loads(done.stdout)["transcript"]
    assert transcript["used_fallback"]
    assert transcript["model"] == "tiny.en"
    assert "stt.memory_limit_mb" in done.stderr or "needs" in done.stderr


def write_q8_0(source, target):
    """The model in blocks of 32 weights of 8 bits with a scale each (ggml's Q8_0), as whisper.cpp's whisper-quantize writes it."""
    f16, q8_0, model_of_q8_0 = 1, 8, 2007  # the last: version 2 of the blocks' layout, kind 7
    with source.open("rb") as file, target.open("wb") as out:

        def copied(size):
            out.write(data := file.read(size))
            return data

        copied(4 + 4 * 10)
        file.read(4)
        out.write(struct.pack("<i", model_of_q8_0))
        bands, frequencies = struct.unpack("<2i", copied(8))
        copied(4 * bands * frequencies)
        for _ in range(struct.unpack("<i", copied(4))[0]):
            copied(struct.unpack("<i", copied(4))[0])
        while head := file.read(12):
            dimensions, length, kind = struct.unpack("<3i", head)
            shape, name = file.read(4 * dimensions), file.read(length)
            count = int(np.prod(struct.unpack(f"<{dimensions}i", shape)))
            values = file.read(count * (2 if kind == f16 else 4))
            if kind == f16 and dimensions == 2 and b"positional_embedding" not in name:
                blocks = np.frombuffer(values, "<f2").astype(np.float32).reshape(-1, 32)
                scale = np.abs(blocks).max(axis=1, keepdims=True) / 127
                stored = np.zeros(len(blocks), np.dtype([("scale", "<f2"), ("values", "i1", 32)]))
                stored["scale"] = scale[:, 0]
                stored["values"] = np.round(blocks / np.where(scale > 0, scale, 1))
                kind, values = q8_0, stored.tobytes()
            out.write(struct.pack("<3i", dimensions, length, kind) + shape + name + values)


def test_a_quantised_model_hears_as_the_whole_one_does(tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    write_q8_0(ROOT / "build" / "models" / "ggml-tiny.en.bin", models / "ggml-tiny.en-q8_0.bin")
    (models / "ggml-base.bin").symlink_to(ROOT / "build" / "models" / "ggml-base.bin")  # its encoder judges the sounds
    result = run(
        "analyze", DATA / "good.wav", "--reference", "The girl was four at the time.", "--json", stt__model_dir=str(models), stt__model="tiny.en-q8_0", data_dir=str(tmp_path)
    )
    assert result.returncode == 0, result.stderr
    analysis = json.loads(result.stdout)
    assert analysis["transcript"]["model"] == "tiny.en-q8_0" and not analysis["transcript"]["used_fallback"]
    assert "four at the time" in analysis["transcript"]["text"]
    assert analysis["scores"]["pronunciation"] > 5
