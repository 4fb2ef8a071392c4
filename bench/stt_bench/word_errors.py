"""Word errors, with numbers read as words.

Small letters; letters and apostrophes only; a hyphen parts words. A number written in digits is read in the way that fits the
reference best: as a number ("nineteen"), digit by digit ("one nine"; 0 as "zero" or "oh"), or as a year ("nineteen eighty").
"""

import itertools
import random
import re

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
SPELLINGS = {"okay": "ok", "mr": "mister", "mrs": "missus", "dr": "doctor"}
MOST_READINGS = 256


def number_words(number: int) -> list[str]:
    if number < 20:
        return [ONES[number]]
    if number < 100:
        return [TENS[number // 10]] + (number_words(number % 10) if number % 10 else [])
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return number_words(number // size) + [name] + (number_words(rest) if rest else [])
    raise ValueError(number)


def readings(digits: str) -> list[list[str]]:
    spelled = [ONES[int(digit)] for digit in digits]
    found = [spelled, ["oh" if word == "zero" else word for word in spelled]]
    if len(digits) <= 9:
        found.append(number_words(int(digits)))
    if len(digits) == 4 and digits[0] != "0":
        found.append(number_words(int(digits[:2])) + number_words(int(digits[2:])))
    return found


def variants(text: str) -> list[list[str]]:
    text = text.lower().replace("\u2019", "'").replace("%", " percent ").replace("&", " and ").replace("$", " dollars ")
    choices: list[list[list[str]]] = []
    for piece in re.findall(r"[0-9][0-9,]*|[^\W\d_][^\W\d_']*", text):
        if piece[0].isdigit():
            choices.append(readings(piece.replace(",", "")))
        else:
            word = piece.rstrip("'")
            choices.append([[SPELLINGS.get(word, word)]])
    if len(choices) and _count(choices) > MOST_READINGS:
        choices = [choice[:1] for choice in choices]
    return [list(itertools.chain(*reading)) for reading in itertools.product(*choices)]


def _count(choices: list[list[list[str]]]) -> int:
    count = 1
    for choice in choices:
        count *= len(choice)
    return count


def edit_distance(said: list[str], heard: list[str]) -> int:
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


def words(reference: str) -> list[str]:
    return variants(reference)[0]


def errors(reference: str, heard: str) -> int:
    said = words(reference)
    return min(edit_distance(said, reading) for reading in variants(heard))


def difference_interval(ours: list[int], peer: list[int], lengths: list[int], rounds: int = 2000) -> tuple[float, float, float]:
    """Paired bootstrap over recordings: our word error rate less the peer's, and its 95 % interval; in per cent."""
    drawn = random.Random(1)
    indices = range(len(ours))

    def difference(chosen) -> float:
        return 100.0 * sum(ours[i] - peer[i] for i in chosen) / sum(lengths[i] for i in chosen)

    differences = sorted(difference(drawn.choices(indices, k=len(ours))) for _ in range(rounds))
    return difference(indices), differences[int(0.025 * rounds)], differences[int(0.975 * rounds) - 1]
