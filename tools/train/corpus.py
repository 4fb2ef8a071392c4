"""The rated recordings: speechocean762's labels, its phones, and the folds of speakers."""
import dataclasses
import pathlib
import random

PHONES = ("AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH").split()
BLANK = 0
CLASSES = 1 + len(PHONES)
PHONE_CLASS = {phone: i + 1 for i, phone in enumerate(PHONES)}
ASPECTS = ("accuracy", "fluency", "prosodic", "total")
FOLDS = 5


@dataclasses.dataclass(frozen=True)
class Utterance:
    """One recording. Ratings are None where nobody rated it."""

    name: str
    speaker: str
    text: str
    phones: tuple[int, ...]            # classes of the canonical phones, in order
    word_lengths: tuple[int, ...]      # phones of each word
    aspects: tuple[float, ...] | None  # 0-10, as ASPECTS
    words: tuple[float, ...] | None    # 0-10
    phone_ratings: tuple[float, ...] | None  # 0-2


def read(directory: pathlib.Path) -> list[Utterance]:
    """The utterances of labels.tsv, then those of unlabelled.tsv where that exists."""
    utterances = []
    for name in ("labels.tsv", "unlabelled.tsv"):
        path = directory / name
        if path.exists():
            with path.open(encoding="utf-8") as file:
                next(file)
                utterances += [_parse(line) for line in file]
    return utterances


def _parse(line: str) -> Utterance:
    fields = line.rstrip("\n").split("\t")
    words = [[PHONE_CLASS[phone.rstrip("012")] for phone in word.split()] for word in fields[5].split(" | ")]
    phones = tuple(phone for word in words for phone in word)
    lengths = tuple(len(word) for word in words)
    if len(fields) < 11 or not fields[10]:
        return Utterance(fields[0], fields[1], fields[4], phones, lengths, None, None, None)
    rated = [word.split(":") for word in fields[10].split(" ")]
    ratings = [tuple(map(float, scores.split(","))) for _, scores in rated]
    if tuple(map(len, ratings)) != lengths:
        raise ValueError(f"{fields[0]}: as many phone ratings as phones are expected")
    return Utterance(fields[0], fields[1], fields[4], phones, lengths, tuple(map(float, fields[6:10])),
                     tuple(float(score) for score, _ in rated), tuple(rating for word in ratings for rating in word))


def folds(utterances: list[Utterance], seed: int) -> dict[str, int]:
    """Speaker -> fold, 0 to FOLDS - 1; no speaker is in two."""
    speakers = sorted({utterance.speaker for utterance in utterances})
    random.Random(seed).shuffle(speakers)
    return {speaker: i % FOLDS for i, speaker in enumerate(speakers)}
