#!/usr/bin/env python3
"""Lists the recordings of a corpus for speechcoach-train-features: utterance, file, text."""
import pathlib
import sys

import corpus


def main() -> None:
    directory = pathlib.Path(sys.argv[1])
    files = {path.stem: path for path in sorted((directory / "audio").glob("*/*"))}
    for utterance in corpus.read(directory):
        print(utterance.name, files[utterance.name], utterance.text, sep="\t")


if __name__ == "__main__":
    main()
