#!/usr/bin/env python3
"""Checks the practice sentences: `check_sentences.py data/sentences.json`. Prints every fault; exit status 1 where there is one."""

import json
import re
import sys
import unicodedata
from collections import Counter

LEVELS = ("A1", "A2", "B1", "B2", "C1")
LONGEST_WORDS = {"A1": 10, "A2": 12, "B1": 14, "B2": 15, "C1": 15}
TOPICS = {"greetings", "family", "daily_life", "home", "school", "work", "food", "shopping", "travel", "city", "health", "hobbies",
          "weather", "technology", "opinions"}
SOUNDS = {"TH", "DH", "SH", "ZH", "CH", "JH", "S", "Z", "F", "V", "R", "L", "IH", "IY", "EH", "AE", "ER", "OW", "final_S", "final_Z",
          "final_ED", "final_L", "final_consonant", "final_cluster", "initial_cluster", "word_stress", "sentence_stress", "linking",
          "rising_intonation", "falling_intonation"}
# What the spelling of a sentence must show for it to practise a sound.
SPELLINGS = {"TH": "th", "DH": "th", "SH": "sh|ti|ci|chef", "ZH": "su|si", "CH": "ch|tu", "JH": "j|g", "F": "f|ph|gh", "V": "v", "R": "r",
             "L": "l", "final_ED": r"ed\b", "final_S": r"s\b|ce\b|se\b", "final_Z": r"s\b|se\b"}
FEWEST_A_LEVEL = 12


def faults_of(sentence):
    text, meaning = sentence["text"], sentence["text_vi"]
    words = text.split()
    if not text.isascii() or not re.fullmatch(r"[A-Z][A-Za-z',!? .]*[.?!]", text):
        yield "the text is not one plain English sentence"
    if not 3 <= len(words) <= LONGEST_WORDS[sentence["level"]]:
        yield f"{len(words)} words are too few or too many for {sentence['level']}"
    if meaning.isascii() or meaning != unicodedata.normalize("NFC", meaning):
        yield "the Vietnamese lacks its diacritics, or is not in normal form C"
    if meaning[-1] not in ".?!" or (text[-1] == "?") != (meaning[-1] == "?"):
        yield "the Vietnamese ends unlike the English"
    if sentence["topic"] not in TOPICS:
        yield f"unknown topic {sentence['topic']}"
    if not 2 <= len(sentence["focus_sounds"]) <= 4 or len(set(sentence["focus_sounds"])) != len(sentence["focus_sounds"]):
        yield "two to four different focus sounds are wanted"
    for sound in sentence["focus_sounds"]:
        if sound not in SOUNDS:
            yield f"unknown sound {sound}"
        if sound in SPELLINGS and not re.search(SPELLINGS[sound], text.lower()):
            yield f"{sound} does not occur in it"
        if sound.endswith("_intonation") and text[-1] != "?":
            yield f"{sound} is marked on what is no question"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        sentences = json.load(file)
    faults = [f"sentence {s['id']}: {fault}" for s in sentences for fault in faults_of(s)]
    for field in ("id", "text", "text_vi"):
        faults += [f"{field} {value!r} occurs {n} times" for value, n in Counter(s[field] for s in sentences).items() if n > 1]
    per_level = Counter(s["level"] for s in sentences)
    faults += [f"{level} has {per_level[level]} sentences" for level in LEVELS if per_level[level] < FEWEST_A_LEVEL]
    faults += [f"unknown level {level}" for level in per_level if level not in LEVELS]
    print("\n".join(faults) if faults else f"{len(sentences)} sentences, all sound")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
