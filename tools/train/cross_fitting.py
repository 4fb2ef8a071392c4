"""Which phone head measures whom, so that nothing is trained on what its own training made look better than it is.

A scorer must train on measurements by heads that never heard the speaker measured; and the scorers of fold k, which shall be tried on the
speakers of k, must owe nothing to them, neither themselves nor by the heads behind their training data. So there is a head for every pair
of folds, trained without both: the head without {j, k} measures j for the scorers without k, and k for the scorers without j. The head
without k alone measures k for the shipped scorers, and goes with the scorers without k. Everybody trains the shipped head.
"""
import itertools

from corpus import FOLDS

Hidden = frozenset[int]  # the folds that a head did not hear


def hidden_sets() -> list[Hidden]:
    """Every head to train, each after the one it starts from."""
    singles = [frozenset({k}) for k in range(FOLDS)]
    begun_from = [starts_from(single) for single in singles]
    pairs = [frozenset(pair) for pair in itertools.combinations(range(FOLDS), 2)]
    return begun_from + singles + [frozenset()] + [pair for pair in pairs if pair not in begun_from]


def starts_from(hidden: Hidden) -> Hidden | None:
    """The head trained on fewer folds that this one goes on from; None for those that start from nothing."""
    match len(hidden):
        case 2:
            return None
        case 1:
            (k,) = hidden
            return frozenset({k, (k + 1) % FOLDS})
        case _:
            return frozenset({0})


def name(hidden: Hidden) -> str:
    return "without_" + "_".join(map(str, sorted(hidden))) if hidden else "all"


def measures(tried: int | None) -> dict[int, Hidden]:
    """Fold -> the head that measures it for the training of the scorers to be tried on the fold `tried` (None: the shipped ones)."""
    return {k: frozenset({k}) if tried is None else frozenset({k, tried}) for k in range(FOLDS) if k != tried}
