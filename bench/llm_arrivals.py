"""Who asks for feedback when: the arrivals on which the cache of answers is measured.

Written down before anything was measured, from how English classes work, and not fitted to a result:

* A centre's evening has two lessons' time. Classes of 25 sit in one room with a level; the teacher gives five of the built-in sentences of that
  level, the same to everybody, because the next activity builds on them. Teachers follow the list, so earlier sentences are given more often.
* A learner reads a sentence until it sounds right or patience ends: at least once, then again with a chance that falls with how good the
  reading was; four times at most. Between two readings lie about 40 seconds, most of them for the feedback itself.
* Others practise alone at home at the same time, at their own level, and pick a sentence they like: they do not share a list.
* Conversation: the same people, in a third of the classes, talk for six turns on one of the topics. What they say is their own.

What a reading is like (which words and sounds fail, pauses, melody) is not decided here: `llm_cache.py` draws it from recordings of real learners.
"""

import random
from dataclasses import dataclass

LESSONS = 2
LESSON_S = 3600.0
CLASSES = 24  # at once, over all branches of a centre that shares one server
CLASS_SIZE = 25
SENTENCES_A_LESSON = 5
ALONE = 250  # learners at home in a lesson's time
SENTENCES_ALONE = 4
LEVELS = {"A1": 0.25, "A2": 0.35, "B1": 0.25, "B2": 0.10, "C1": 0.05}
AGAIN_AT_BEST, AGAIN_AT_WORST = 0.3, 0.8  # the chance of one more reading after a good and after a weak one
MOST_READINGS = 4
BETWEEN_READINGS_S = 40.0
TURNS = 6
TALKING_CLASSES = 1 / 3


@dataclass
class Arrival:
    at_s: float
    learner: int
    skill: float  # 0 weakest .. 1 best of the learners of that level
    sentence: int | None  # id; None: a turn of a conversation
    level: str


def _pick_level(chance: random.Random) -> str:
    return chance.choices(list(LEVELS), list(LEVELS.values()))[0]


def _readings(chance: random.Random, begin_s: float, learner: int, skill: float, sentence: int, level: str) -> list[Arrival]:
    arrivals, at_s = [], begin_s
    for _ in range(MOST_READINGS):
        arrivals.append(Arrival(at_s, learner, skill, sentence, level))
        if chance.random() > AGAIN_AT_WORST + (AGAIN_AT_BEST - AGAIN_AT_WORST) * skill:
            break
        at_s += chance.expovariate(1 / BETWEEN_READINGS_S)
    return arrivals


def arrivals(sentences: dict[str, list[int]], seed: int) -> list[Arrival]:
    """`sentences`: level -> ids in the order of the list. In the order of time."""
    chance = random.Random(seed)
    made: list[Arrival] = []
    learner = 0
    for lesson in range(LESSONS):
        begin_s = lesson * LESSON_S
        for _ in range(CLASSES):
            level = _pick_level(chance)
            ids = sentences[level]
            # The list's first sentences twice as often as its last.
            weights = [2.0 - rank / max(len(ids) - 1, 1) for rank in range(len(ids))]
            given: list[int] = []
            while len(given) < min(SENTENCES_A_LESSON, len(ids)):
                one = chance.choices(ids, weights)[0]
                if one not in given:
                    given.append(one)
            talks = chance.random() < TALKING_CLASSES
            for _ in range(CLASS_SIZE):
                learner += 1
                skill = chance.random()
                for number, sentence in enumerate(given):
                    starts_s = begin_s + 600 * number + chance.uniform(0, 300)
                    made += _readings(chance, starts_s, learner, skill, sentence, level)
                if talks:
                    made += [Arrival(begin_s + 3000 + 40 * turn + chance.uniform(0, 40), learner, skill, None, level) for turn in range(TURNS)]
        for _ in range(ALONE):
            learner += 1
            skill, level = chance.random(), _pick_level(chance)
            for sentence in chance.sample(sentences[level], min(SENTENCES_ALONE, len(sentences[level]))):
                made += _readings(chance, begin_s + chance.uniform(0, LESSON_S - 300), learner, skill, sentence, level)
    return sorted(made, key=lambda arrival: arrival.at_s)
