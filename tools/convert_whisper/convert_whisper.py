#!/usr/bin/env python3
"""Converts OpenAI Whisper weights from CTranslate2 (as faster-whisper uses them) to ggml (as whisper.cpp loads them).

    convert_whisper.py --weights model.bin [model.bin.part2 ...] --tokenizer tokenizer.json --output ggml-base.bin
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from ctranslate2_model import BadModel, read_weights
from ggml_model import GgmlWriter
from mel_filters import mel_filters
from vocabulary import text_tokens

# What every Whisper model up to large-v2 shares.
AUDIO_CONTEXT = 1500
TEXT_CONTEXT = 448
MEL_BANDS = 80
HEAD_WIDTH = 64
MULTILINGUAL_TOKENS = 51865  # one more text token and one more end mark than the English-only models have
TEXT_TOKENS = {MULTILINGUAL_TOKENS: 50257, MULTILINGUAL_TOKENS - 1: 50256}


class Converter:
    """Maps the names and shapes of one model; the order of the tensors is that of whisper.cpp's own files."""

    def __init__(self, weights: dict[str, np.ndarray], writer: GgmlWriter):
        self._weights = weights
        self._writer = writer

    def convert(self, tokenizer: dict) -> None:
        token_count, text_width = self._source("decoder/embeddings/weight").shape
        audio_width = self._source("encoder/conv1/weight").shape[0]
        layers = {side: self._layer_count(side) for side in ("encoder", "decoder")}
        if token_count not in TEXT_TOKENS:
            raise BadModel(f"a vocabulary of {token_count} tokens")

        self._writer.header(
            token_count, AUDIO_CONTEXT, audio_width, audio_width // HEAD_WIDTH, layers["encoder"],
            TEXT_CONTEXT, text_width, text_width // HEAD_WIDTH, layers["decoder"], MEL_BANDS, 1,
        )  # fmt: skip
        self._writer.mel_filters(mel_filters(MEL_BANDS))
        self._writer.vocabulary(text_tokens(tokenizer, TEXT_TOKENS[token_count]))
        self._stem()
        for side, count in layers.items():
            for layer in range(count):
                self._layer(side, layer)

    def _source(self, name: str) -> np.ndarray:
        if name not in self._weights:
            raise BadModel(f"{name} is missing")
        return self._weights[name]

    def _layer_count(self, side: str) -> int:
        return len({name.split("/")[1] for name in self._weights if name.startswith(f"{side}/layer_") and name.count("/") > 2})

    def _matrix(self, name: str, values: np.ndarray) -> None:
        self._writer.tensor(name, values, half=True)

    def _vector(self, name: str, values: np.ndarray) -> None:
        self._writer.tensor(name, values, half=False)

    def _linear(self, name: str, source: str) -> None:
        self._matrix(f"{name}.weight", self._source(f"{source}/weight"))
        self._vector(f"{name}.bias", self._source(f"{source}/bias"))

    def _norm(self, name: str, source: str) -> None:
        self._vector(f"{name}.weight", self._source(f"{source}/gamma"))
        self._vector(f"{name}.bias", self._source(f"{source}/beta"))

    def _stem(self) -> None:
        self._vector("encoder.positional_embedding", self._source("encoder/position_encodings/encodings"))
        for conv in ("conv1", "conv2"):
            self._matrix(f"encoder.{conv}.weight", self._source(f"encoder/{conv}/weight"))
            self._vector(f"encoder.{conv}.bias", self._source(f"encoder/{conv}/bias").reshape(-1, 1))
        self._norm("encoder.ln_post", "encoder/layer_norm")
        self._vector("decoder.positional_embedding", self._source("decoder/position_encodings/encodings"))
        self._matrix("decoder.token_embedding.weight", self._source("decoder/embeddings/weight"))
        self._norm("decoder.ln", "decoder/layer_norm")

    def _layer(self, side: str, layer: int) -> None:
        source = f"{side}/layer_{layer}"
        target = f"{side}.blocks.{layer}"
        self._self_attention(f"{target}.attn", f"{source}/self_attention")
        if side == "decoder":
            self._cross_attention(f"{target}.cross_attn", f"{source}/attention")
        self._norm(f"{target}.mlp_ln", f"{source}/ffn/layer_norm")
        self._linear(f"{target}.mlp.0", f"{source}/ffn/linear_0")
        self._linear(f"{target}.mlp.2", f"{source}/ffn/linear_1")

    def _self_attention(self, target: str, source: str) -> None:
        self._norm(f"{target}_ln", f"{source}/layer_norm")
        # CTranslate2 stacks query, key and value in one matrix. Whisper's keys have no bias (zeros there).
        weights = np.split(self._source(f"{source}/linear_0/weight"), 3)
        biases = np.split(self._source(f"{source}/linear_0/bias"), 3)
        for part, weight, bias in zip(("query", "key", "value"), weights, biases):
            self._matrix(f"{target}.{part}.weight", weight)
            if part != "key":
                self._vector(f"{target}.{part}.bias", bias)
        self._linear(f"{target}.out", f"{source}/linear_1")

    def _cross_attention(self, target: str, source: str) -> None:
        self._norm(f"{target}_ln", f"{source}/layer_norm")
        self._linear(f"{target}.query", f"{source}/linear_0")
        key, value = np.split(self._source(f"{source}/linear_1/weight"), 2)
        _, value_bias = np.split(self._source(f"{source}/linear_1/bias"), 2)
        self._matrix(f"{target}.key.weight", key)
        self._matrix(f"{target}.value.weight", value)
        self._vector(f"{target}.value.bias", value_bias)
        self._linear(f"{target}.out", f"{source}/linear_2")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="model.bin, or its parts in order")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json of the same model")
    parser.add_argument("--output", type=Path, required=True, help="the ggml file; complete or not there at all")
    options = parser.parse_args()

    unfinished = options.output.with_name(options.output.name + ".part")
    try:
        weights = read_weights(b"".join(part.read_bytes() for part in options.weights))
        tokenizer = json.loads(options.tokenizer.read_text(encoding="utf-8"))
        with unfinished.open("wb") as out:
            Converter(weights, GgmlWriter(out)).convert(tokenizer)
        unfinished.replace(options.output)
    except (BadModel, OSError, ValueError, KeyError) as error:
        unfinished.unlink(missing_ok=True)
        print(f"convert_whisper: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
