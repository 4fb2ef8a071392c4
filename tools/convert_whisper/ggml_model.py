"""Writes a Whisper model in the ggml layout that whisper.cpp loads: header, mel filters, vocabulary, tensors."""

import struct
from typing import BinaryIO

import numpy as np

_MAGIC = 0x67676D6C  # "ggml"
_F32, _F16 = 0, 1


class GgmlWriter:
    """Writes the parts in the order in which they are called: header, mel_filters, vocabulary, then each tensor."""

    def __init__(self, out: BinaryIO):
        self._out = out

    def _integers(self, *values: int) -> None:
        self._out.write(struct.pack(f"<{len(values)}i", *values))

    def header(self, *hyperparameters: int) -> None:
        """The eleven numbers of whisper_hparams, in its order; the last says that matrices are 16-bit floats."""
        self._out.write(struct.pack("<I", _MAGIC))
        self._integers(*hyperparameters)

    def mel_filters(self, filters: np.ndarray) -> None:
        self._integers(*filters.shape)
        self._out.write(filters.astype("<f4").tobytes())

    def vocabulary(self, tokens: list[bytes]) -> None:
        self._integers(len(tokens))
        for token in tokens:
            self._integers(len(token))
            self._out.write(token)

    def tensor(self, name: str, values: np.ndarray, half: bool) -> None:
        """`half` stores 16-bit floats. ggml counts dimensions from the fastest one: the reverse of `values.shape`."""
        encoded = name.encode()
        self._integers(values.ndim, len(encoded), _F16 if half else _F32, *reversed(values.shape))
        self._out.write(encoded)
        self._out.write(values.astype("<f2" if half else "<f4").tobytes())
