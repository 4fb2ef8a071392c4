"""Reads the weights of a CTranslate2 model file (binary version 6, the layout of its `model.bin`)."""

import struct

import numpy as np

# The file's type numbers; the project's models hold no others.
_DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


class BadModel(Exception):
    """The file is not a model that this tool understands."""


class _Reader:
    def __init__(self, data: bytes):
        self._data = data
        self._at = 0

    def number(self, layout: str) -> int:
        if self._at + struct.calcsize(layout) > len(self._data):
            raise BadModel("the file ends early")
        (value,) = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return value

    def take(self, length: int) -> bytes:
        if self._at + length > len(self._data):
            raise BadModel("the file ends early")
        self._at += length
        return self._data[self._at - length : self._at]

    def string(self) -> str:
        return self.take(self.number("<H")).rstrip(b"\0").decode()


def read_weights(data: bytes) -> dict[str, np.ndarray]:
    """Every variable of the model by name, e.g. `encoder/conv1/weight`; row-major, read-only."""
    reader = _Reader(data)
    version = reader.number("<I")
    if version != 6:
        raise BadModel(f"binary version {version}, 6 is expected")
    specification = reader.string()
    if specification != "WhisperSpec":
        raise BadModel(f"a {specification!r} model, WhisperSpec is expected")
    reader.number("<I")  # the specification's revision

    weights = {}
    for _ in range(reader.number("<I")):
        name = reader.string()
        shape = [reader.number("<I") for _ in range(reader.number("<B"))]
        type_number = reader.number("<B")
        if type_number not in _DTYPES:
            raise BadModel(f"{name} has the unknown type {type_number}")
        raw = reader.take(reader.number("<I"))
        try:
            weights[name] = np.frombuffer(raw, dtype=_DTYPES[type_number]).reshape(shape)
        except ValueError as error:
            raise BadModel(f"{name}: {error}") from error
    return weights
