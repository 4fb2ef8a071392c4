"""What speechcoach-train-features wrote: the encoder's output of every recording."""
import pathlib

import numpy as np


class Encodings:
    """Rows of 16-bit floats, mapped into memory; one block a recording."""

    def __init__(self, directory: pathlib.Path):
        self._blocks = {}
        dim = 0
        with (directory / "index.tsv").open(encoding="utf-8") as file:
            next(file)
            for line in file:
                name, _, first, rows, dim = line.split("\t")
                self._blocks[name] = (int(first), int(rows))
        self.dim = int(dim)
        self._rows = np.memmap(directory / "features.f16", dtype=np.float16, mode="r").reshape(-1, self.dim)

    def __contains__(self, name: str) -> bool:
        return name in self._blocks

    def __getitem__(self, name: str) -> np.ndarray:
        first, rows = self._blocks[name]
        return self._rows[first : first + rows].astype(np.float32)

    def frames(self, name: str) -> int:
        return self._blocks[name][1]
