"""Writes what the program must reproduce to 1e-4: a few recordings' measurements and the scores that training gives them, and one
recording's encoder output and the head's answer. Tensors are named as in the program's measurements; expected ones end in `expected`.
"""
import pathlib

import numpy as np
import torch

import container
import measurements
import phone_head
import scorers
from encoder_cache import Encodings

RECORDINGS = 4
LONGEST = 0.95  # quantile of the number of phones
KEPT = ("phone.x", "phone.emb", "phone.label", "phone.utt", "word.x", "word.first_phone", "word.phones", "word.utt", "utt.x", "utt.pool")


def sample(measured: pathlib.Path) -> tuple[dict[str, np.ndarray], dict[str, str], list[str]]:
    """Short to long recordings of a file of measurements, as a file of their own."""
    tensors, metadata = container.read(measured)
    names = metadata["utterances"].split()
    by_length = np.argsort(np.bincount(tensors["phone.utt"], minlength=len(names)), kind="stable")
    chosen = np.sort(by_length[np.linspace(0, LONGEST * (len(names) - 1), RECORDINGS).astype(int)])
    phones = np.isin(tensors["phone.utt"], chosen)
    words = np.isin(tensors["word.utt"], chosen)
    part = {name: tensors[name][chosen if name.startswith("utt") else phones if name.startswith("phone") else words] for name in KEPT}
    part["phone.utt"] = np.searchsorted(chosen, part["phone.utt"]).astype(np.int32)
    part["word.utt"] = np.searchsorted(chosen, part["word.utt"]).astype(np.int32)
    first = np.cumsum(part["word.phones"]) - part["word.phones"]
    part["word.first_phone"] = first.astype(np.int32)
    kept = [names[i] for i in chosen]
    return part, {key: metadata[key] for key in ("phone_names", "word_names", "utt_names")} | {"utterances": " ".join(kept)}, kept


def write(path: pathlib.Path, measured: pathlib.Path, trained: scorers.Scorers, head: pathlib.Path, encodings: Encodings, utterances: dict) -> None:
    tensors, metadata, names = sample(measured)
    recordings, _ = measurements.read(measured, utterances)
    scores = trained.score([recordings[name] for name in names])
    tensors |= {"phone.expected": np.concatenate([s.phones for s in scores]), "word.expected": np.concatenate([s.words for s in scores]),
                "utt.expected": np.stack([s.aspects for s in scores])}

    network = phone_head.load(head)
    encoding = encodings[names[0]]
    with torch.no_grad():
        tensors |= {"head.encoding": encoding.astype(np.float16), "head.expected": network(torch.from_numpy(encoding)[None])[0].numpy()}
    container.write(path, {name: value if value.dtype == np.int32 or value.dtype == np.float16 else value.astype(np.float32)
                           for name, value in tensors.items()}, metadata)
