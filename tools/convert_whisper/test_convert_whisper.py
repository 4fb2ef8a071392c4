"""A model of one layer a side goes through the converter and is read back."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ctranslate2_model import BadModel, read_weights
from mel_filters import mel_filters
from vocabulary import text_tokens

TOKENS = 51864
WIDTH = 64
CONVERTER = Path(__file__).parent / "convert_whisper.py"


def made_up_weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(7)

    def matrix(*shape: int) -> np.ndarray:
        return random.standard_normal(shape).astype(np.float16)

    weights = {
        "encoder/conv1/weight": matrix(WIDTH, 80, 3),
        "encoder/conv1/bias": matrix(WIDTH),
        "encoder/conv2/weight": matrix(WIDTH, WIDTH, 3),
        "encoder/conv2/bias": matrix(WIDTH),
        "encoder/position_encodings/encodings": matrix(1500, WIDTH),
        "decoder/position_encodings/encodings": matrix(448, WIDTH),
        "decoder/embeddings/weight": matrix(TOKENS, WIDTH),
    }
    for side in ("encoder", "decoder"):
        layer = f"{side}/layer_0"
        stacked = {
            f"{layer}/self_attention/linear_0": 3 * WIDTH,
            f"{layer}/self_attention/linear_1": WIDTH,
            f"{layer}/ffn/linear_0": 4 * WIDTH,
            f"{layer}/ffn/linear_1": WIDTH,
        }
        norms = [f"{side}/layer_norm", f"{layer}/self_attention/layer_norm", f"{layer}/ffn/layer_norm"]
        if side == "decoder":
            stacked[f"{layer}/attention/linear_0"] = WIDTH
            stacked[f"{layer}/attention/linear_1"] = 2 * WIDTH
            stacked[f"{layer}/attention/linear_2"] = WIDTH
            norms.append(f"{layer}/attention/layer_norm")
        for name, rows in stacked.items():
            weights[f"{name}/weight"] = matrix(rows, WIDTH)
            weights[f"{name}/bias"] = matrix(rows)
        for name in norms:
            weights[f"{name}/gamma"] = matrix(WIDTH)
            weights[f"{name}/beta"] = matrix(WIDTH)
    return weights


def ctranslate2_file(weights: dict[str, np.ndarray]) -> bytes:
    def string(text: str) -> bytes:
        return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"

    parts = [struct.pack("<I", 6), string("WhisperSpec"), struct.pack("<II", 3, len(weights))]
    for name, values in weights.items():
        parts.append(string(name) + struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape))
        parts.append(struct.pack("<BI", 4, values.nbytes) + values.tobytes())
    return b"".join(parts)


class GgmlFile:
    """Reads what the converter wrote, the way whisper.cpp does."""

    def __init__(self, data: bytes):
        self._data = data
        self._at = 4
        assert self._data[:4] == b"lmgg"
        self.header = self._integers(11)
        bands, bins = self._integers(2)
        self.filters = np.frombuffer(self._take(4 * bands * bins), np.float32).reshape(bands, bins)
        self.tokens = [self._take(self._integers(1)[0]) for _ in range(self._integers(1)[0])]
        self.tensors = {}
        while self._at < len(data):
            dimensions, name_length, kind = self._integers(3)
            shape = self._integers(dimensions)[::-1]
            name = self._take(name_length).decode()
            dtype = np.dtype(np.float16 if kind == 1 else np.float32)
            self.tensors[name] = np.frombuffer(self._take(int(np.prod(shape)) * dtype.itemsize), dtype).reshape(shape)

    def _take(self, length: int) -> bytes:
        self._at += length
        return self._data[self._at - length : self._at]

    def _integers(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}i", self._take(4 * count))


def convert(folder: Path, *parts: bytes) -> subprocess.CompletedProcess:
    files = []
    for number, part in enumerate(parts):
        files.append(folder / f"model.bin.part{number}")
        files[-1].write_bytes(part)
    vocabulary = {"a" if i == 0 else f"Ġ{i}": i for i in range(50257)}
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}), encoding="utf-8")
    arguments = ["--weights", *files, "--tokenizer", folder / "tokenizer.json", "--output", folder / "out.bin"]
    return subprocess.run([sys.executable, CONVERTER, *arguments], capture_output=True, text=True, check=False)


def test_a_model_in_two_parts_becomes_one_ggml_file(tmp_path):
    weights = made_up_weights()
    data = ctranslate2_file(weights)

    result = convert(tmp_path, data[:1000], data[1000:])

    assert result.returncode == 0, result.stderr
    model = GgmlFile((tmp_path / "out.bin").read_bytes())
    assert model.header == (TOKENS, 1500, WIDTH, 1, 1, 448, WIDTH, 1, 1, 80, 1)
    assert model.filters.shape == (80, 201)
    assert len(model.tokens) == 50256
    assert model.tokens[:3] == [b"a", b" 1", b" 2"]

    stacked = weights["decoder/layer_0/self_attention/linear_0/weight"]
    for position, part in enumerate(("query", "key", "value")):
        expected = stacked[position * WIDTH : (position + 1) * WIDTH]
        np.testing.assert_array_equal(model.tensors[f"decoder.blocks.0.attn.{part}.weight"], expected)
    np.testing.assert_array_equal(
        model.tensors["decoder.blocks.0.cross_attn.value.bias"], weights["decoder/layer_0/attention/linear_1/bias"][WIDTH:]
    )
    assert "encoder.blocks.0.attn.key.bias" not in model.tensors
    assert "encoder.blocks.0.cross_attn.out.weight" not in model.tensors
    assert model.tensors["encoder.conv1.bias"].shape == (WIDTH, 1)
    assert model.tensors["encoder.conv1.weight"].dtype == np.float16
    assert model.tensors["encoder.positional_embedding"].dtype == np.float32


def test_a_truncated_model_is_refused_and_leaves_no_file(tmp_path):
    result = convert(tmp_path, ctranslate2_file(made_up_weights())[:-1])

    assert result.returncode == 1
    assert result.stderr == "convert_whisper: the file ends early\n"
    assert not list(tmp_path.glob("out.bin*"))


def test_a_model_without_one_of_its_weights_is_refused(tmp_path):
    weights = made_up_weights()
    del weights["decoder/layer_0/ffn/linear_1/bias"]

    result = convert(tmp_path, ctranslate2_file(weights))

    assert result.returncode == 1
    assert "decoder/layer_0/ffn/linear_1/bias is missing" in result.stderr
    assert not list(tmp_path.glob("out.bin*"))


@pytest.mark.parametrize("data", [b"", b"RIFF....WAVE", struct.pack("<IH", 6, 4) + b"Bert" + struct.pack("<II", 1, 0)])
def test_other_files_are_refused(data):
    with pytest.raises(BadModel):
        read_weights(data)


def test_tokens_are_the_bytes_that_byte_level_symbols_stand_for():
    tokenizer = {"model": {"vocab": {"!": 0, "Ġhello": 1, "Ċ": 2, "á»ĩ": 3, "<|endoftext|>": 4}}}
    assert text_tokens(tokenizer, 4) == [b"!", b" hello", b"\n", "ệ".encode()]


def test_mel_filters_are_triangles_of_area_one():
    filters = mel_filters(80)
    hz_per_bin = 40.0
    # Slaney's scale puts the last of 82 edges at 8 kHz and the 41st, 22.34 mel, at 1656 Hz.
    assert np.argmax(filters[39]) * hz_per_bin == pytest.approx(1656, abs=hz_per_bin)
    # Only the wide filters have enough bins for their sum to be close to the area.
    np.testing.assert_allclose(filters[60:].sum(axis=1) * hz_per_bin, 1.0, rtol=0.02)
    assert (filters >= 0).all()
