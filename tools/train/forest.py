"""Gradient-boosted trees (LightGBM) and the flat form in which the program reads them."""
import dataclasses

import lightgbm
import numpy as np


@dataclasses.dataclass(frozen=True)
class Settings:
    trees: int
    rate: float = 0.05
    leaves: int = 15
    leaf_samples: int = 40
    feature_share: float = 0.3
    ridge: float = 5.0


def train(x: np.ndarray, y: np.ndarray, settings: Settings, seed: int) -> lightgbm.Booster:
    parameters = {
        "objective": "l2", "learning_rate": settings.rate, "num_leaves": settings.leaves, "min_data_in_leaf": settings.leaf_samples,
        "feature_fraction": settings.feature_share, "lambda_l2": settings.ridge, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63,
        "boost_from_average": True, "num_threads": 1, "seed": seed, "deterministic": True, "force_row_wise": True, "verbose": -1,
    }
    return lightgbm.train(parameters, lightgbm.Dataset(x, y), settings.trees)


def _round_down(value: float) -> np.float32:
    """The largest 32-bit float that is not above: x <= value and x <= result agree for every 32-bit x."""
    rounded = np.float32(value)
    return rounded if float(rounded) <= value else np.nextafter(rounded, np.float32(-np.inf))


def flatten(boosters: list[lightgbm.Booster]) -> dict[str, np.ndarray]:
    """The mean of the boosters as one sum of trees.

    Nodes: go left where x[feature] <= threshold. left and right are nodes, or ~leaf. A root below zero is a leaf as well.
    """
    feature, threshold, left, right, value, roots = [], [], [], [], [], []
    share = 1.0 / len(boosters)

    def add(node: dict) -> int:
        if "leaf_value" in node:
            value.append(node["leaf_value"] * share)
            return ~(len(value) - 1)
        if node["decision_type"] != "<=":
            raise ValueError("only numerical splits can be written")
        place = len(feature)
        feature.append(node["split_feature"])
        threshold.append(_round_down(node["threshold"]))
        left.append(0)
        right.append(0)
        left[place] = add(node["left_child"])
        right[place] = add(node["right_child"])
        return place

    for booster in boosters:
        for tree in booster.dump_model()["tree_info"]:
            roots.append(add(tree["tree_structure"]))
    return {"feature": np.array(feature, np.int32), "threshold": np.array(threshold, np.float32), "left": np.array(left, np.int32),
            "right": np.array(right, np.int32), "value": np.array(value, np.float32), "tree_root": np.array(roots, np.int32),
            "bias": np.zeros(1, np.float32)}


def predict(flat: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    """What the program computes from the flat form, [rows]."""
    rows = np.arange(len(x))
    total = np.full(len(x), float(flat["bias"][0]))
    for root in flat["tree_root"]:
        node = np.full(len(x), root)
        while (inner := node >= 0).any():
            at = node[inner]
            goes_left = x[rows[inner], flat["feature"][at]] <= flat["threshold"][at]
            node[inner] = np.where(goes_left, flat["left"][at], flat["right"][at])
        total += flat["value"][~node]
    return total
