"""Trains every phone head that cross-fitting asks for (cross_fitting.py) and writes them to FOLDER/heads."""
import argparse
import pathlib
import time

import torch

import container
import corpus
import cross_fitting
import phone_head
from encoder_cache import Encodings

FIRST_EPOCHS = 5
MORE_EPOCHS = 2


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus", type=pathlib.Path, required=True)
    arguments.add_argument("--cache", type=pathlib.Path, required=True, help="what speechcoach-train-features wrote")
    arguments.add_argument("--folder", type=pathlib.Path, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--date", required=True)
    given = arguments.parse_args()
    torch.set_num_threads(1)

    utterances = corpus.read(given.corpus)
    encodings = Encodings(given.cache)
    fold_of = corpus.folds(utterances, given.seed)
    heads = {}
    for hidden in cross_fitting.hidden_sets():
        began = time.monotonic()
        heard = [u for u in utterances if fold_of[u.speaker] not in hidden and u.name in encodings]
        before = cross_fitting.starts_from(hidden)
        head = None
        if before is not None:
            head = phone_head.PhoneHead(encodings.dim, phone_head.Settings())
            head.load_state_dict(heads[before])
        head = phone_head.train(heard, encodings, FIRST_EPOCHS if head is None else MORE_EPOCHS, given.seed, start=head)
        heads[hidden] = head.state_dict()
        name = cross_fitting.name(hidden)
        container.write(given.folder / "heads" / f"{name}.safetensors", head.tensors(),
                        container.provenance({u.speaker for u in heard}, given.seed, given.date, name))
        print(f"head {name}: {len(heard)} recordings, {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
