"""The training's own functions, on small made-up data."""

import dataclasses
import random
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the training's packages are not installed (make train-test installs them)")
lightgbm = pytest.importorskip("lightgbm")
import numpy as np
import torch

import agreement
import choose_hint_thresholds
import container
import corpus
import cross_fitting
import forest
import measurements
import phone_head
import phone_net
import scorers

HEADER = "utterance\tspeaker\tage\tgender\ttext\tphones\taccuracy\tfluency\tprosodic\ttotal\twords\n"


def utterance(name="u", speaker="s", lengths=(2, 1), ratings=None):
    phones = tuple(range(1, 1 + sum(lengths)))
    ratings = tuple(2.0 for _ in phones) if ratings is None else ratings
    return corpus.Utterance(name, speaker, "TEXT", phones, lengths, (8.0, 7.0, 6.0, 5.0), tuple(9.0 for _ in lengths), ratings)


def read_corpus(tmp_path: Path, line: str) -> list[corpus.Utterance]:
    (tmp_path / "labels.tsv").write_text(HEADER + line + "\n")
    return corpus.read(tmp_path)


def test_a_rated_line_is_read(tmp_path):
    (read,) = read_corpus(tmp_path, "u1\t0007\t6\tm\tIT IS\tIH0 T | IH1 Z\t8\t9\t7\t6\t10:2,1.8 6:2,0")
    ih, t, z = (corpus.PHONE_CLASS[p] for p in ("IH", "T", "Z"))
    assert read == corpus.Utterance("u1", "0007", "IT IS", (ih, t, ih, z), (2, 2), (8, 9, 7, 6), (10, 6), (2, 1.8, 2, 0))


def test_ratings_for_other_phones_are_refused(tmp_path):
    with pytest.raises(ValueError, match="u1"):
        read_corpus(tmp_path, "u1\t0007\t6\tm\tIT\tIH0 T\t8\t9\t7\t6\t10:2")


def test_folds_hold_every_speaker_once_and_are_of_like_size():
    everybody = [utterance(f"{s}-{i}", f"{s:04}") for s in range(52) for i in range(2)]
    fold_of = corpus.folds(everybody, seed=3)
    sizes = np.bincount(list(fold_of.values()), minlength=corpus.FOLDS)
    assert set(fold_of) == {u.speaker for u in everybody}
    assert sizes.max() - sizes.min() <= 1
    assert fold_of == corpus.folds(everybody[::-1], seed=3)
    assert fold_of != corpus.folds(everybody, seed=4)


@pytest.mark.parametrize("tried", [None, *range(corpus.FOLDS)])
def test_no_head_behind_the_scorers_heard_whom_it_measures_or_whom_they_are_tried_on(tried):
    chosen = cross_fitting.measures(tried)
    assert set(chosen) == set(range(corpus.FOLDS)) - {tried}
    for measured, hidden in chosen.items():
        assert measured in hidden
        assert tried is None or tried in hidden


def test_heads_start_only_from_heads_that_heard_less():
    trained = set()
    for hidden in cross_fitting.hidden_sets():
        before = cross_fitting.starts_from(hidden)
        assert before is None or (before in trained and before > hidden)
        trained.add(hidden)
    assert all(hidden in trained for tried in (None, *range(corpus.FOLDS)) for hidden in cross_fitting.measures(tried).values())


def test_the_flat_forest_says_what_lightgbm_says():
    generator = np.random.default_rng(1)
    x = generator.normal(size=(600, 5)).astype(np.float32)
    y = x[:, 0] * 2 + (x[:, 1] > 0.3) + generator.normal(size=600) * 0.1
    boosters = [forest.train(x, y, forest.Settings(trees=30), seed) for seed in (1, 2)]
    expected = np.mean([b.predict(x.astype(np.float64)) for b in boosters], 0)
    assert forest.predict(forest.flatten(boosters), x) == pytest.approx(expected, abs=1e-5)


def test_a_forest_without_splits_is_its_mean():
    flat = forest.flatten([forest.train(np.zeros((100, 2), np.float32), np.full(100, 3.5), forest.Settings(trees=2), 1)])
    assert forest.predict(flat, np.zeros((4, 2), np.float32)) == pytest.approx([3.5] * 4)


def test_wrong_phones_are_left_out_of_the_heads_target():
    assert phone_head.spoken_phones(utterance(ratings=(2.0, 0.4, 0.5))) == [1, 3]
    assert phone_head.spoken_phones(utterance(ratings=(0.0, 0.0, 0.0))) == [1, 2, 3]


class MadeUpEncodings:
    """Each phone is six frames of its own direction, then two of silence."""

    dim = 16

    def __init__(self, utterances):
        generator = np.random.default_rng(0)
        directions = generator.normal(size=(corpus.CLASSES, self.dim))
        self._rows = {u.name: np.concatenate([np.repeat(directions[[p, 0]], [6, 2], axis=0) for p in u.phones]).astype(np.float32)
                      for u in utterances}

    def __getitem__(self, name):
        return self._rows[name]

    def frames(self, name):
        return len(self._rows[name])


def test_the_head_learns_phones_and_is_the_same_for_the_same_seed():
    shuffle = random.Random(0)
    utterances = []
    for i in range(64):
        phones = tuple(shuffle.sample(range(1, 6), 3))
        utterances.append(corpus.Utterance(f"u{i}", "s", "", phones, (3,), None, None, None))
    encodings = MadeUpEncodings(utterances)
    settings = phone_head.Settings(width=16, dropout=0.0, peak_rate=1e-2)
    heads = [phone_head.train(utterances, encodings, 25, 5, settings) for _ in range(2)]
    assert all(torch.equal(a, b) for a, b in zip(heads[0].state_dict().values(), heads[1].state_dict().values()))
    with torch.no_grad():
        best = heads[0](torch.from_numpy(encodings["u0"])[None])[0].argmax(-1).tolist()
    heard = [c for i, c in enumerate(best) if c != corpus.BLANK and (i == 0 or best[i - 1] != c)]
    assert tuple(heard) == utterances[0].phones
    assert {"ln.weight", "p.weight", "c1.weight", "c2.bias", "o.bias"} <= set(heads[0].tensors())


def recording(name, generator, phones=(2, 3)):
    """What raters say follows the first feature."""
    n = sum(phones)
    x = generator.normal(size=(n, 4)).astype(np.float32)
    ratings = tuple(np.clip(1.5 + x[:, 0] / 3, 0, 2))
    u = corpus.Utterance(name, name[:2], "", tuple(generator.integers(1, 40, n)), phones, tuple(7 + x[:, 0].mean() for _ in corpus.ASPECTS),
                         tuple(8 + x[:, 0].mean() for _ in phones), ratings)
    pooled = np.concatenate([np.full(16, x[:, 0].mean()), generator.normal(size=16)])
    return measurements.Measured(u, x, np.array(u.phones), generator.normal(size=(n, 40)).astype(np.float32),
                                 generator.normal(size=(len(phones), 3)).astype(np.float32), np.repeat(np.arange(len(phones)), phones),
                                 np.append(x.mean(0), 1.0).astype(np.float32), pooled.astype(np.float32))


@pytest.fixture(scope="module")
def folds():
    generator = np.random.default_rng(2)
    return {k: [recording(f"{k}-{i}", generator, (1 + i % 3, 2)) for i in range(40)] for k in range(3)}


def test_the_net_scores_a_recording_alike_alone_and_in_a_batch(folds):
    recordings = folds[0][:3]
    standard = phone_net.Standard.of(recordings)
    net = phone_net.train(recordings, standard, phone_net.Settings(epochs=1), seed=1)
    alone = phone_net.predict(net, standard, recordings)
    with torch.no_grad():
        together = net(phone_net._batch(recordings, standard))
    for row, (r, parts) in enumerate(zip(recordings, alone)):
        for part, whole, centre, scale in zip(parts, together, phone_net.CENTRES, phone_net.SCALES):
            assert part == pytest.approx(whole[row, : len(part)].numpy() * scale + centre, abs=1e-5)


def test_scorers_agree_with_raters_they_did_not_see(folds):
    names = measurements.Names(("a", "b", "c", "d"), ("e", "f", "g"), ("h", "i", "j", "k", "l"))
    trained = scorers.Scorers({k: folds[k] for k in (0, 1)}, names, 1, phone_net.Settings(epochs=6), nets=1)
    found = agreement.measure(folds[2], trained.score(folds[2]))["pearson"]
    assert min(found["phone"], found["word"], found["total"]) > 0.6
    tensors, metadata = trained.tensors()
    assert metadata["phone.features"].split()[:4] == list(names.phones)
    assert len(metadata["total.features"].split()) == len(tensors["total.linear.weight"])
    assert {str(t.dtype) for t in tensors.values()} <= {"float16", "float32", "int32"}


def test_agreement_of_scores_with_themselves_is_perfect(folds):
    same = [scorers.Scores(r.phone_ratings, r.word_ratings, r.aspect_ratings) for r in folds[0]]
    found = agreement.measure(folds[0], same)
    assert set(found["pearson"].values()) == {1.0}
    assert set(found["mse"].values()) == {0.0}


def test_scores_that_are_all_the_same_agree_with_nobody(folds):
    same = [scorers.Scores(np.ones(len(r.classes)), np.ones(len(r.words)), np.ones(4)) for r in folds[0]]
    assert set(agreement.measure(folds[0], same)["pearson"].values()) == {0.0}


def test_parameter_files_are_read_back_and_are_the_same_bytes_each_time(tmp_path):
    tensors = {"b": np.arange(6, dtype=np.float32).reshape(2, 3), "a": np.array([1, -2], np.int32)}
    written = container.provenance({"0002", "0001"}, 7, "2026-01-01", "3")
    container.write(tmp_path / "x", tensors, written)
    container.write(tmp_path / "y", dict(reversed(tensors.items())), written)
    read, metadata = container.read(tmp_path / "x")
    assert all(np.array_equal(read[name], value) for name, value in tensors.items())
    assert metadata["training_speakers"] == "0001,0002"
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


def test_hint_thresholds_find_most_within_the_budget():
    right, bad = 1000, 100
    words = choose_hint_thresholds.Words(
        rating=np.array([10.0] * right + [2.0] * bad),
        was_heard=np.array([True] * right + [True] * 50 + [False] * 50),
        log_ratio=np.array([12.2] * 8 + [9.2] * (right - 8) + [10.2] * 50 + [4.2] * 50),
        fold=np.zeros(right + bad, dtype=int))
    chosen = choose_hint_thresholds.choose(words)
    assert chosen == choose_hint_thresholds.Thresholds(if_other=4.0, if_heard=10.0), "8 of 1000 are within the budget, 1000 are not"
    assert words.hinted(chosen)[right:].all()
    none = dataclasses.replace(words, log_ratio=np.full(right + bad, -np.inf))
    assert not none.hinted(choose_hint_thresholds.choose(none)).any()
