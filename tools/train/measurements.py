"""What speechcoach-pronunciation-features measured: one file a phone head, features by name."""
import dataclasses
import pathlib

import numpy as np

import container
from corpus import Utterance


@dataclasses.dataclass
class Measured:
    """One recording. Rows are phones, words; columns are named in Names."""

    utterance: Utterance
    phones: np.ndarray        # [phones, features]
    classes: np.ndarray       # [phones]
    encodings: np.ndarray     # [phones, dim], mean encoder output over each phone
    words: np.ndarray         # [words, features]
    word_of_phone: np.ndarray  # [phones]
    whole: np.ndarray         # [features]
    pooled: np.ndarray        # [2 dim], mean and deviation of the encoder output

    @property
    def phone_ratings(self) -> np.ndarray:
        return np.array(self.utterance.phone_ratings)

    @property
    def word_ratings(self) -> np.ndarray:
        return np.array(self.utterance.words)

    @property
    def aspect_ratings(self) -> np.ndarray:
        return np.array(self.utterance.aspects)


@dataclasses.dataclass(frozen=True)
class Names:
    phones: tuple[str, ...]
    words: tuple[str, ...]
    whole: tuple[str, ...]


def read(path: pathlib.Path, utterances: dict[str, Utterance]) -> tuple[dict[str, Measured], Names]:
    """The rated recordings of a file, by name."""
    tensors, metadata = container.read(path)
    names = Names(*(tuple(metadata[f"{kind}_names"].split()) for kind in ("phone", "word", "utt")))
    measured = {}
    for row, name in enumerate(metadata["utterances"].split()):
        utterance = utterances[name]
        phones = np.flatnonzero(tensors["phone.utt"] == row)
        words = np.flatnonzero(tensors["word.utt"] == row)
        lengths = tensors["word.phones"][words]
        if utterance.aspects is None:
            continue
        if tuple(lengths) != utterance.word_lengths:
            raise ValueError(f"{name}: the measured words are not the rated ones")
        measured[name] = Measured(utterance, tensors["phone.x"][phones], tensors["phone.label"][phones],
                                  tensors["phone.emb"][phones].astype(np.float32), tensors["word.x"][words],
                                  np.repeat(np.arange(len(words)), lengths), tensors["utt.x"][row], tensors["utt.pool"][row])
    return measured, names
