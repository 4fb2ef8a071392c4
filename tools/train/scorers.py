"""The scorers: boosted trees and a line over features with a meaning, and the net over phones; each stage trained on what the stage before
says of speakers it did not see."""
import dataclasses
import itertools

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

import corpus
import forest
import phone_net
from measurements import Measured, Names

ENCODING_FEATURES = 32
POOL_COMPONENTS = 96
POOL_RIDGE = 3000.0
LINE_RIDGE = 50.0
PHONE_FOREST = forest.Settings(trees=300)
WORD_FOREST = forest.Settings(trees=150, leaves=12, feature_share=0.5)
ASPECT_FOREST = forest.Settings(trees=180, leaves=8, leaf_samples=20, feature_share=0.4)
ASPECT_FORESTS = 2
VOWELS = frozenset(corpus.PHONE_CLASS[p] for p in "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
TOP_PHONE, TOP = 2.0, 10.0

WORD_FROM_PHONES = ("p_mean", "p_min", "p_low2", "p_std", "p_first", "p_last", "u_p_mean", "p_vowel_min", "p_consonant_min")
WHOLE_FROM_SCORES = tuple(f"{kind}_{what}" for kind in "pw" for what in ("mean", "min", "std", "p10", "p25", "median"))


@dataclasses.dataclass(frozen=True)
class Blend:
    """How much each part counts in a score."""

    forest: float
    line: float
    net: float


PHONE_BLEND = Blend(0.5, 0.0, 0.5)
WORD_BLEND = Blend(0.5, 0.0, 0.5)
ASPECT_BLEND = Blend(0.35, 0.15, 0.5)


@dataclasses.dataclass(frozen=True)
class Scores:
    phones: np.ndarray   # 0-2
    words: np.ndarray    # 0-10
    aspects: np.ndarray  # 0-10, as corpus.ASPECTS


def word_features(r: Measured, phone_scores: np.ndarray) -> np.ndarray:
    """word.x and what the phone scores say, [words, features]."""
    is_vowel = np.isin(r.classes, list(VOWELS))
    added = []
    for word in range(len(r.words)):
        inside = r.word_of_phone == word
        p = phone_scores[inside]
        added.append([p.mean(), p.min(), np.sort(p)[:2].mean(), p.std(), p[0], p[-1], phone_scores.mean(),
                      min([TOP_PHONE, *p[is_vowel[inside]]]), min([TOP_PHONE, *p[~is_vowel[inside]]])])
    return np.hstack([r.words, np.array(added)]).astype(np.float32)


def whole_features(r: Measured, phone_scores: np.ndarray, word_scores: np.ndarray) -> np.ndarray:
    """utt.x and what the phone and word scores say, [features]."""
    def told(x: np.ndarray) -> list[float]:
        return [x.mean(), x.min(), x.std(), *np.quantile(x, [0.1, 0.25, 0.5])]
    return np.concatenate([r.whole, told(phone_scores), told(word_scores)]).astype(np.float32)


class Projection:
    """The mean encoder output over a phone, in a few directions."""

    def __init__(self, recordings: list[Measured], seed: int):
        pca = PCA(ENCODING_FEATURES, random_state=seed).fit(np.concatenate([r.encodings for r in recordings])[::2])
        self.mean = pca.mean_.astype(np.float32)
        self.matrix = pca.components_.astype(np.float16)

    def features(self, r: Measured) -> np.ndarray:
        return np.hstack([r.phones, (r.encodings - self.mean) @ self.matrix.astype(np.float32).T]).astype(np.float32)


def line_over_pool(pools: np.ndarray, y: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Weight [features, targets] and bias [targets] of a ridge regression on the pool's main directions."""
    scale = StandardScaler().fit(pools)
    pca = PCA(min(POOL_COMPONENTS, *pools.shape), random_state=seed).fit(scale.transform(pools))
    ridge = Ridge(POOL_RIDGE).fit(pca.transform(scale.transform(pools)), y)
    weight = (pca.components_.T @ ridge.coef_.T) / scale.scale_[:, None]
    bias = ridge.intercept_ - pca.mean_ @ pca.components_.T @ ridge.coef_.T - scale.mean_ @ weight
    return weight.astype(np.float32), bias.astype(np.float32)


class Scorers:
    """All scorers, trained on `folds`: recordings by fold, each measured by a head that did not hear them."""

    def __init__(self, folds: dict[int, list[Measured]], names: Names, seed: int, net_settings: phone_net.Settings, nets: int):
        self.names = names
        recordings = list(itertools.chain.from_iterable(folds.values()))
        fold_of = np.concatenate([np.full(len(rs), k) for k, rs in folds.items()])
        aspects = np.stack([r.aspect_ratings for r in recordings])

        self.projection = Projection(recordings, seed)
        phone_scores, self.phone_forest = _cross_fit(
            fold_of, [self.projection.features(r) for r in recordings], [r.phone_ratings for r in recordings], PHONE_FOREST, seed)
        word_scores, self.word_forest = _cross_fit(
            fold_of, [word_features(r, p) for r, p in zip(recordings, phone_scores)], [r.word_ratings for r in recordings], WORD_FOREST, seed)

        pools = np.stack([r.pooled for r in recordings])
        pool_scores = np.empty_like(aspects)
        for k in folds:
            weight, bias = line_over_pool(pools[fold_of != k], aspects[fold_of != k], seed)
            pool_scores[fold_of == k] = pools[fold_of == k] @ weight + bias
        self.pool = line_over_pool(pools, aspects, seed)

        whole = np.stack([whole_features(*parts) for parts in zip(recordings, phone_scores, word_scores)])
        self.aspect_forests, self.aspect_lines = [], []
        for a in range(len(corpus.ASPECTS)):
            x = np.column_stack([whole, pool_scores[:, a]])
            boosters = [forest.train(x, aspects[:, a], ASPECT_FOREST, seed + i) for i in range(ASPECT_FORESTS)]
            self.aspect_forests.append(forest.flatten(boosters))
            scale = StandardScaler().fit(x)
            self.aspect_lines.append((scale, Ridge(LINE_RIDGE).fit(scale.transform(x), aspects[:, a])))

        self.standard = phone_net.Standard.of(recordings)
        self.nets = [phone_net.train(recordings, self.standard, net_settings, seed + i) for i in range(nets)]

    def parts(self, recordings: list[Measured]) -> dict[str, list[Scores]]:
        """What the forests, the lines and the net say, each alone."""
        phones = _predict(self.phone_forest, [self.projection.features(r) for r in recordings])
        words = _predict(self.word_forest, [word_features(r, p) for r, p in zip(recordings, phones)])
        whole = np.stack([whole_features(*parts) for parts in zip(recordings, phones, words)])
        pool_scores = np.stack([r.pooled for r in recordings]) @ self.pool[0] + self.pool[1]
        x = [np.column_stack([whole, pool_scores[:, a]]) for a in range(len(corpus.ASPECTS))]
        by_forest = np.column_stack([forest.predict(*pair) for pair in zip(self.aspect_forests, x)])
        by_line = np.column_stack([ridge.predict(scale.transform(rows)) for (scale, ridge), rows in zip(self.aspect_lines, x)])
        by_net = [phone_net.predict(net, self.standard, recordings) for net in self.nets]
        return {"forest": [Scores(*parts) for parts in zip(phones, words, by_forest)],
                "line": [Scores(np.zeros_like(p), np.zeros_like(w), a) for p, w, a in zip(phones, words, by_line)],
                "net": [Scores(*(np.mean([net[i][part] for net in by_net], 0) for part in range(3))) for i in range(len(recordings))]}

    def score(self, recordings: list[Measured]) -> list[Scores]:
        return blend(self.parts(recordings))

    def tensors(self) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        """As the program reads them."""
        encoded = tuple(f"emb{i}" for i in range(ENCODING_FEATURES))
        whole = self.names.whole + WHOLE_FROM_SCORES + ("pool_score",)
        metadata = {"phone.features": self.names.phones + encoded, "word.features": self.names.words + WORD_FROM_PHONES,
                    "net.phone_features": self.names.phones, "net.whole_features": self.names.whole}
        arrays = {"emb.mean": self.projection.mean, "emb.matrix": self.projection.matrix,
                  **{f"phone.forest.{name}": value for name, value in self.phone_forest.items()},
                  **{f"word.forest.{name}": value for name, value in self.word_forest.items()},
                  "phone.forest_weight": PHONE_BLEND.forest, "phone.net_weight": PHONE_BLEND.net,
                  "word.forest_weight": WORD_BLEND.forest, "word.net_weight": WORD_BLEND.net}
        for a, aspect in enumerate(corpus.ASPECTS):
            metadata[f"{aspect}.features"] = whole
            arrays |= {f"{aspect}.forest.{name}": value for name, value in self.aspect_forests[a].items()}
            scale, ridge = self.aspect_lines[a]
            arrays |= {f"{aspect}.linear.mean": scale.mean_, f"{aspect}.linear.scale": scale.scale_,
                       f"{aspect}.linear.weight": ridge.coef_ * ASPECT_BLEND.line, f"{aspect}.linear.bias": ridge.intercept_ * ASPECT_BLEND.line,
                       f"{aspect}.pool.weight": self.pool[0][:, a], f"{aspect}.pool.bias": self.pool[1][a],
                       f"{aspect}.forest_weight": ASPECT_BLEND.forest, f"{aspect}.net_weight": ASPECT_BLEND.net}
        arrays |= {"net.phone_mean": self.standard.phone_mean, "net.phone_scale": self.standard.phone_scale,
                   "net.whole_mean": self.standard.whole_mean, "net.whole_scale": self.standard.whole_scale}
        for i, net in enumerate(self.nets):
            arrays |= {f"net{i}.{name}": value for name, value in phone_net.tensors(net).items()}
        kept = (np.float16, np.float32, np.int32)
        arrays = {name: np.atleast_1d(value if getattr(value, "dtype", None) in kept else np.asarray(value, np.float32))
                  for name, value in arrays.items()}
        return arrays, {name: " ".join(value) for name, value in metadata.items()}


def blend(said: dict[str, list[Scores]]) -> list[Scores]:
    def mixed(parts: list[np.ndarray], weights: Blend, top: float) -> np.ndarray:
        return np.clip(weights.forest * parts[0] + weights.line * parts[1] + weights.net * parts[2], 0.0, top)
    results = []
    for three in zip(said["forest"], said["line"], said["net"]):
        results.append(Scores(mixed([s.phones for s in three], PHONE_BLEND, TOP_PHONE), mixed([s.words for s in three], WORD_BLEND, TOP),
                              mixed([s.aspects for s in three], ASPECT_BLEND, TOP)))
    return results


def _cross_fit(fold_of: np.ndarray, x: list[np.ndarray], y: list[np.ndarray], settings: forest.Settings,
               seed: int) -> tuple[list[np.ndarray], dict[str, np.ndarray]]:
    """Each recording's scores by a forest that did not see its fold, and the forest that saw all."""
    def train(chosen: np.ndarray) -> dict[str, np.ndarray]:
        rows = np.flatnonzero(chosen)
        return forest.flatten([forest.train(np.concatenate([x[i] for i in rows]), np.concatenate([y[i] for i in rows]), settings, seed)])
    scores: list[np.ndarray] = [np.empty(0)] * len(x)
    for k in np.unique(fold_of):
        without = train(fold_of != k)
        left_out = np.flatnonzero(fold_of == k)
        for i, predicted in zip(left_out, _predict(without, [x[i] for i in left_out])):
            scores[i] = predicted
    return scores, train(np.ones(len(x), bool))


def _predict(flat: dict[str, np.ndarray], x: list[np.ndarray]) -> list[np.ndarray]:
    """One array of scores for each of `x`."""
    return np.split(forest.predict(flat, np.concatenate(x)), np.cumsum([len(rows) for rows in x])[:-1])
