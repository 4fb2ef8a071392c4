"""Trains every phone head that cross-fitting asks for (cross_fitting.py) and writes them to FOLDER/heads."""
import argparse
import concurrent.futures
import multiprocessing
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

State = dict[str, torch.Tensor]


def make(given: argparse.Namespace, hidden: cross_fitting.Hidden, begun: State | None) -> State:
    """One head, from nothing or from where another one got to."""
    torch.set_num_threads(1)
    began = time.monotonic()
    utterances = corpus.read(given.corpus)
    encodings = Encodings(given.cache)
    fold_of = corpus.folds(utterances, given.seed)
    heard = [u for u in utterances if fold_of[u.speaker] not in hidden and u.name in encodings]
    head = None
    if begun is not None:
        head = phone_head.PhoneHead(encodings.dim, phone_head.Settings())
        head.load_state_dict(begun)
    head = phone_head.train(heard, encodings, FIRST_EPOCHS if head is None else MORE_EPOCHS, given.seed, start=head)
    name = cross_fitting.name(hidden)
    container.write(given.folder / "heads" / f"{name}.safetensors", head.tensors(),
                    container.provenance({u.speaker for u in heard}, given.seed, given.date, name))
    print(f"head {name}: {len(heard)} recordings, {time.monotonic() - began:.0f} s", flush=True)
    return head.state_dict()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus", type=pathlib.Path, required=True)
    arguments.add_argument("--cache", type=pathlib.Path, required=True, help="what speechcoach-train-features wrote")
    arguments.add_argument("--folder", type=pathlib.Path, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--date", required=True)
    arguments.add_argument("--jobs", type=int, default=2)
    given = arguments.parse_args()

    with concurrent.futures.ProcessPoolExecutor(given.jobs, multiprocessing.get_context("spawn")) as pool:
        heads: dict[cross_fitting.Hidden, concurrent.futures.Future[State]] = {}
        for hidden in cross_fitting.hidden_sets():
            before = cross_fitting.starts_from(hidden)
            heads[hidden] = pool.submit(make, given, hidden, None if before is None else heads[before].result())
        for head in heads.values():
            head.result()


if __name__ == "__main__":
    main()
