"""Parameter files: safetensors, with what they were made from in the metadata.

The library's own writer orders the metadata anew each time; this one writes the same bytes for the same contents.
"""
import json
import pathlib

import numpy as np
from safetensors import safe_open

FORMAT = "1"
ALIGNMENT = 8
DTYPES = {"float16": "F16", "float32": "F32", "int32": "I32"}


def write(path: pathlib.Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    header: dict[str, object] = {"__metadata__": {"format": FORMAT, **dict(sorted(metadata.items()))}}
    blocks, end = [], 0
    for name in sorted(tensors, key=lambda name: (-tensors[name].itemsize, name)):  # the widest first, so that all are aligned
        value = np.ascontiguousarray(tensors[name])
        begin, end = end, end + value.nbytes
        header[name] = {"dtype": DTYPES[str(value.dtype)], "shape": list(value.shape), "data_offsets": [begin, end]}
        blocks.append(value.astype(value.dtype.newbyteorder("<")).tobytes())
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(blocks))


def read(path: pathlib.Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def provenance(speakers: set[str], seed: int, date: str, fold: str) -> dict[str, str]:
    """Whom a file was trained on; the program refuses to score those speakers when it measures itself."""
    return {"training_speakers": ",".join(sorted(speakers)), "seed": str(seed), "date": date, "fold": fold}
