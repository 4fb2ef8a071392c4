"""`speechcoach model`: a server that cuts, lies and stalls, and models that are damaged or too big."""

import hashlib
import http.server
import json
import struct
import threading

import pytest
from conftest import DATA, run

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
    """Serves one file; `cuts` says after how many bytes each of the first answers breaks off."""

    def __init__(self, content: bytes, cuts=(), ranges=True, status=None):
        self.requests = []
        cuts = list(cuts)
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                begin = 0
                asked = self.headers.get("Range")
                server.requests.append(asked)
                if status:
                    self.send_error(status)
                    return
                if asked and ranges:
                    begin = int(asked.removeprefix("bytes=").split("-")[0])
                    if begin >= len(content):
                        self.send_error(416)
                        return
                self.send_response(206 if begin else 200)
                if begin:
                    self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
                self.send_header("Content-Length", str(len(content) - begin))
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
    with Server(model_bytes, cuts=[50_000] * 6) as server:
        done = pull(server, tmp_path)
    assert done.returncode == 1
    assert "300000" in done.stderr
    assert not (tmp_path / "ggml-mine.bin").exists()
    with Server(model_bytes) as server:
        assert pull(server, tmp_path).returncode == 0
    assert server.requests == ["bytes=300000-"]
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes


def test_a_server_without_ranges_sends_it_all_again(model_bytes, tmp_path):
    with Server(model_bytes, cuts=[100_000], ranges=False) as server:
        assert pull(server, tmp_path).returncode == 0
    assert (tmp_path / "ggml-mine.bin").read_bytes() == model_bytes


@pytest.mark.parametrize("wrong", ["checksum", "content", "part"])
def test_wrong_bytes_are_thrown_away(wrong, model_bytes, tmp_path):
    digest = hashlib.sha256(model_bytes).hexdigest()
    content = b"<html>Sign in first</html>" if wrong == "content" else model_bytes
    if wrong == "part":
        (tmp_path / "ggml-mine.bin.part").write_bytes(b"something else")
    with Server(content) as server:
        done = pull(server, tmp_path, *(["--sha256", "0" * 64] if wrong == "checksum" else ["--sha256", digest] if wrong == "part" else []))
    assert done.returncode == 1
    assert "thrown away" in done.stderr
    assert list(tmp_path.glob("ggml-*")) == []


def test_what_is_not_there_is_said_at_once(model_bytes, tmp_path):
    with Server(model_bytes, status=404) as server:
        done = pull(server, tmp_path)
    assert done.returncode == 1
    assert "404" in done.stderr
    assert len(server.requests) == 1
    assert model(tmp_path, "list").returncode == 1
    assert run("model", "pull", "mine").returncode == 2


def test_verify_finds_what_has_changed_since(model_bytes, tmp_path):
    with Server(model_bytes) as server:
        assert pull(server, tmp_path).returncode == 0
    path = tmp_path / "ggml-mine.bin"
    path.write_bytes(model_bytes[:-1] + bytes([model_bytes[-1] ^ 1]))
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
