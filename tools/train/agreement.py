"""How well scores agree with the raters."""
import numpy as np

import corpus
from measurements import Measured
from scorers import Scores

LEVELS = ("phone", "word", *corpus.ASPECTS)


def measure(recordings: list[Measured], scores: list[Scores]) -> dict[str, dict[str, float]]:
    """{"pearson": {level: ...}, "mse": ..., "mae": ...}; phones on 0-2, the rest on 0-10."""
    pairs = {"phone": (np.concatenate([s.phones for s in scores]), np.concatenate([r.phone_ratings for r in recordings])),
             "word": (np.concatenate([s.words for s in scores]), np.concatenate([r.word_ratings for r in recordings]))}
    for a, aspect in enumerate(corpus.ASPECTS):
        pairs[aspect] = (np.array([s.aspects[a] for s in scores]), np.array([r.aspect_ratings[a] for r in recordings]))
    return {"pearson": {level: round(_pearson(x, y), 4) for level, (x, y) in pairs.items()},
            "mse": {level: round(float(((x - y) ** 2).mean()), 4) for level, (x, y) in pairs.items()},
            "mae": {level: round(float(abs(x - y).mean()), 4) for level, (x, y) in pairs.items()}}


def _pearson(x: np.ndarray, y: np.ndarray) -> float:
    """Scores that are all the same agree with nobody."""
    return float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else 0.0


def line(figures: dict[str, dict[str, float]]) -> str:
    return ", ".join(f"{level} {value:.3f}" for level, value in figures["pearson"].items())
