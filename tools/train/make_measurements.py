"""Lets the program measure every speaker with each head that did not hear them (cross_fitting.py) and writes FOLDER/measured."""
import argparse
import concurrent.futures
import pathlib
import subprocess
import tempfile
import time

import corpus
import cross_fitting


def measure(given: argparse.Namespace, hidden: cross_fitting.Hidden, speakers: list[str]) -> None:
    name = cross_fitting.name(hidden)
    out = given.folder / "measured" / f"{name}.safetensors"
    unfinished = out.with_suffix(".unfinished")
    began = time.monotonic()
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(speakers) + "\n")
        listed.flush()
        subprocess.run([given.program, "--cache", given.cache, "--corpus", given.corpus, "--head", given.folder / "heads" / f"{name}.safetensors",
                        "--speakers", listed.name, "--out", unfinished], check=True)
    unfinished.rename(out)
    print(f"measured {name}: {len(speakers)} speakers, {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--program", type=pathlib.Path, required=True, help="speechcoach-pronunciation-features")
    arguments.add_argument("--corpus", type=pathlib.Path, required=True)
    arguments.add_argument("--cache", type=pathlib.Path, required=True, help="what speechcoach-train-features wrote")
    arguments.add_argument("--folder", type=pathlib.Path, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=2)
    given = arguments.parse_args()

    fold_of = corpus.folds(corpus.read(given.corpus), given.seed)
    (given.folder / "measured").mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        running = [pool.submit(measure, given, hidden, sorted(s for s, fold in fold_of.items() if fold in hidden))
                   for hidden in cross_fitting.hidden_sets() if hidden]
        for one in running:
            one.result()


if __name__ == "__main__":
    main()
