"""Trains the scorers on what make_measurements.py left in FOLDER, tries them on the fold each did not see, and writes

  FOLDER/folds/K/{head,scorers}.safetensors   trained without fold K's speakers, in any stage
  FOLDER/folds/folds.tsv                      speaker, fold
  FOLDER/cross_validation.json                agreement with the raters, of the blend and of each part
  OUT/{head,scorers}.safetensors, OUT/model_card.json   trained on everybody (with --out)
  PARITY                                      what the program must compute from OUT's parameters (with --parity)
"""
import argparse
import concurrent.futures
import functools
import json
import multiprocessing
import pathlib
import shutil

import torch

import agreement
import container
import corpus
import cross_fitting
import measurements
import parity
import phone_net
import scorers
from encoder_cache import Encodings

NETS = 2
LICENCE = "speechocean762 (Zhang et al., Interspeech 2021, arXiv 2104.01378): free for commercial and non-commercial use"


def measured_folds(folder: pathlib.Path, utterances: dict[str, corpus.Utterance], fold_of: dict[str, int],
                   tried: int | None) -> tuple[dict[int, list[measurements.Measured]], measurements.Names]:
    folds = {}
    for k, hidden in cross_fitting.measures(tried).items():
        measured, names = measurements.read(folder / "measured" / f"{cross_fitting.name(hidden)}.safetensors", utterances)
        folds[k] = [m for m in measured.values() if fold_of[m.utterance.speaker] == k]
    return folds, names


def write(path: pathlib.Path, trained: scorers.Scorers, speakers: set[str], given: argparse.Namespace, fold: str) -> None:
    tensors, metadata = trained.tensors()
    container.write(path, tensors, metadata | container.provenance(speakers, given.seed, given.date, fold))


def fit(given: argparse.Namespace, tried: int | None) -> tuple[scorers.Scorers, set[str]]:
    """The scorers to be tried on the fold `tried`, or the shipped ones, and the speakers that they know."""
    utterances = {u.name: u for u in corpus.read(given.corpus)}
    fold_of = corpus.folds(list(utterances.values()), given.seed)
    folds, names = measured_folds(given.folder, utterances, fold_of, tried)
    return (scorers.Scorers(folds, names, given.seed, phone_net.Settings(), given.nets),
            {speaker for speaker, fold in fold_of.items() if fold != tried})


def try_fold(given: argparse.Namespace, k: int) -> tuple[list[measurements.Measured], dict[str, list[scorers.Scores]]]:
    """Trains without fold `k`, writes the parameters, and scores the fold, by the blend and by each part."""
    torch.set_num_threads(1)
    trained, speakers = fit(given, k)
    folder = given.folder / "folds" / str(k)
    head = cross_fitting.name(frozenset({k}))
    write(folder / "scorers.safetensors", trained, speakers, given, str(k))
    shutil.copyfile(given.folder / "heads" / f"{head}.safetensors", folder / "head.safetensors")
    measured, _ = measurements.read(given.folder / "measured" / f"{head}.safetensors", {u.name: u for u in corpus.read(given.corpus)})
    recordings = list(measured.values())
    parts = trained.parts(recordings)
    parts["blend"] = scorers.blend(parts)
    print(f"fold {k}: {agreement.line(agreement.measure(recordings, parts['blend']))}", flush=True)
    return recordings, parts


def ship(given: argparse.Namespace) -> None:
    """Trains on everybody and writes the parameters of the program, and what it must compute from them."""
    torch.set_num_threads(1)
    trained, speakers = fit(given, None)
    write(given.out / "scorers.safetensors", trained, speakers, given, "-")
    shutil.copyfile(given.folder / "heads" / f"{cross_fitting.name(frozenset())}.safetensors", given.out / "head.safetensors")
    if given.parity is not None:
        parity.write(given.parity, given.folder / "measured" / "without_0.safetensors", trained, given.out / "head.safetensors",
                     Encodings(given.cache), {u.name: u for u in corpus.read(given.corpus)})


def spread(figures: list[dict[str, dict[str, float]]]) -> dict[str, list[float]]:
    """The least and the greatest correlation of a fold, by level."""
    return {level: [min(f["pearson"][level] for f in figures), max(f["pearson"][level] for f in figures)] for level in agreement.LEVELS}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpus", type=pathlib.Path, required=True)
    arguments.add_argument("--folder", type=pathlib.Path, required=True)
    arguments.add_argument("--out", type=pathlib.Path)
    arguments.add_argument("--parity", type=pathlib.Path)
    arguments.add_argument("--cache", type=pathlib.Path, help="what speechcoach-train-features wrote; needed for --parity")
    arguments.add_argument("--nets", type=int, default=NETS)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--date", required=True)
    arguments.add_argument("--jobs", type=int, default=2)
    given = arguments.parse_args()

    with concurrent.futures.ProcessPoolExecutor(given.jobs, multiprocessing.get_context("spawn")) as pool:
        shipped = pool.submit(ship, given) if given.out is not None else None
        tried = list(pool.map(functools.partial(try_fold, given), range(corpus.FOLDS)))
        if shipped is not None:
            shipped.result()

    fold_of = corpus.folds(corpus.read(given.corpus), given.seed)
    (given.folder / "folds" / "folds.tsv").write_text("".join(f"{speaker}\t{k}\n" for speaker, k in sorted(fold_of.items())))
    recordings = [r for measured, _ in tried for r in measured]
    agreements = {part: agreement.measure(recordings, [s for _, parts in tried for s in parts[part]]) for part in tried[0][1]}
    for part, figures in agreements.items():
        print(f"{part}: {agreement.line(figures)}", flush=True)
    by_fold = [agreement.measure(measured, parts["blend"]) for measured, parts in tried]
    (given.folder / "cross_validation.json").write_text(json.dumps(agreements | {"folds": by_fold}, indent=2) + "\n")

    if given.out is not None:
        card = {"date": given.date, "seed": given.seed, "licence": LICENCE, "recordings": len(recordings), "speakers": sorted(fold_of),
                "encoder": "Whisper base, last layer", "cross_validation": {**agreements["blend"], "pearson_of_folds": spread(by_fold)}}
        (given.out / "model_card.json").write_text(json.dumps(card, indent=2) + "\n")


if __name__ == "__main__":
    main()
