#!/usr/bin/env python3
"""Converts the CMU pronouncing dictionary (npm package cmu-pronouncing-dictionary) into the text that the program embeds.

    convert_dictionary.py index.js dictionary.txt

One line a word, sorted by bytes: the word, a tab, then its pronunciations separated by spaces, the usual one first. A
pronunciation is one character a sound: '0' + the sound's index in SOUNDS. src/pronunciation/pronouncing_dictionary.cpp
reads it.
"""

import json
import re
import sys
from pathlib import Path

PHONES = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split()
)
VOWELS = {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"}
# Every phone in order; a vowel once for each stress: none, primary, secondary.
SOUNDS = [phone + stress for phone in PHONES for stress in (("0", "1", "2") if phone in VOWELS else ("",))]
CODES = {sound: chr(ord("0") + index) for index, sound in enumerate(SOUNDS)}

ENTRY = re.compile(r'^\s*("(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*): ("(?:[^"\\]|\\.)*"),?$')
VARIANT = re.compile(r"\((\d+)\)$")


def read_entries(text: str) -> dict[str, list[tuple[int, str]]]:
    words: dict[str, list[tuple[int, str]]] = {}
    for line in text.splitlines():
        match = ENTRY.match(line)
        if not match:
            continue
        key = json.loads(match.group(1)) if match.group(1).startswith('"') else match.group(1)
        variant = VARIANT.search(key)
        number = int(variant.group(1)) if variant else 1
        word = VARIANT.sub("", key).lower()
        # What follows a '#' is a remark on the word's origin.
        pronunciation = json.loads(match.group(2)).split("#")[0].split()
        words.setdefault(word, []).append((number, "".join(CODES[sound] for sound in pronunciation)))
    return words


def convert(text: str) -> bytes:
    words = read_entries(text)
    if len(words) < 100_000:
        raise SystemExit(f"only {len(words)} words: this is not the dictionary that was expected")
    lines = []
    for word in sorted(words, key=lambda word: word.encode()):
        pronunciations = list(dict.fromkeys(codes for _, codes in sorted(words[word]) if codes))
        lines.append(f"{word}\t{' '.join(pronunciations)}\n")
    return "".join(lines).encode()


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(convert(source.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
