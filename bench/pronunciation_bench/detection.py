"""Real recordings cut and spliced so that one thing is wrong at a known place, and whether the program finds it there and only there."""

import random
from dataclasses import dataclass
from pathlib import Path

from . import program, sound

KINDS = ("missing_word", "repeated_word", "wrong_word", "swapped_sound", "missing_final_s")
CASES_A_KIND = 50
SHORTEST_S = 0.12
HISSES = {"S", "Z", "SH", "ZH", "CH", "JH"}
STOPS_AND_LIKE = {"HH", "P", "T", "K", "B", "D", "G"}  # too short to be cut out cleanly
ALIKE = ({"S", "Z"}, {"SH", "ZH"}, {"IH", "IY"}, {"AH", "AA", "AO"}, {"UH", "UW"}, {"EH", "AE"}, {"T", "D"}, {"P", "B"}, {"K", "G"},
         {"F", "V"}, {"TH", "DH"}, {"M", "N", "NG"}, {"ER", "R"}, {"OW", "AO"}, {"CH", "SH"}, {"JH", "ZH"})


@dataclass
class Case:
    kind: str
    samples: object
    text: str
    word: int
    phone: int = -1
    heard: str = ""  # the sound that was put there


def differ(a: str, b: str) -> bool:
    return a != b and not any(a in group and b in group for group in ALIKE)


def cut(samples, start_s: float, end_s: float):
    return samples[:sound.at(start_s)], samples[sound.at(start_s):sound.at(end_s)], samples[sound.at(end_s):]


def cases_of(samples, text: str, report: dict, generator: random.Random) -> dict[str, Case]:
    """At most one case of each kind."""
    words = report["words"]
    cases = {}
    whole = [i for i, w in enumerate(words) if w["verdict"] == "ok" and w["end_s"] - w["start_s"] >= SHORTEST_S and len(w["phones"]) >= 3]
    if len(whole) >= 2:
        i, j = generator.sample(whole, 2)
        before, piece, after = cut(samples, words[i]["start_s"], words[i]["end_s"])
        cases["missing_word"] = Case("missing_word", sound.joined(before, after), text, i)
        cases["repeated_word"] = Case("repeated_word", sound.joined(before, piece, piece, after), text, i)
        first = [p["phone"] for p in words[i]["phones"]]
        second = [p["phone"] for p in words[j]["phones"]]
        if sum(a != b for a, b in zip(first, second)) + abs(len(first) - len(second)) >= 2:
            other = cut(samples, words[j]["start_s"], words[j]["end_s"])[1]
            cases["wrong_word"] = Case("wrong_word", sound.joined(before, other, after), text, i)
    sounds = [(i, k) for i, w in enumerate(words) if w["verdict"] == "ok" for k, p in enumerate(w["phones"])
              if p["verdict"] == "ok" and 0.06 <= p["end_s"] - p["start_s"] <= 0.25 and p["phone"] not in STOPS_AND_LIKE]
    generator.shuffle(sounds)
    for i, k in sounds:
        target = words[i]["phones"][k]
        others = [words[a]["phones"][b] for a, b in sounds if differ(words[a]["phones"][b]["phone"], target["phone"])]
        if not others:
            continue
        other = generator.choice(others)
        before, _, after = cut(samples, target["start_s"], target["end_s"])
        cases["swapped_sound"] = Case("swapped_sound", sound.joined(before, cut(samples, other["start_s"], other["end_s"])[1], after), text, i, k, other["phone"])
        break
    for i, word in enumerate(words):
        last = word["phones"][-1]
        if i + 1 < len(words) and words[i + 1]["phones"][0]["phone"] in HISSES:
            continue  # one hiss is left, which serves both words
        if word["verdict"] == "ok" and len(word["phones"]) >= 3 and last["phone"] in ("S", "Z") and last["verdict"] == "ok":
            # The hiss begins before the spike that marks it, and ends where the next sound begins.
            start_s = max(last["start_s"] - 0.04, word["phones"][-2]["start_s"] + 0.04)
            before, _, after = cut(samples, start_s, last["end_s"])
            cases["missing_final_s"] = Case("missing_final_s", sound.joined(before, after), text, i, len(word["phones"]) - 1)
            break
    return cases


def flags(report: dict, kind: str) -> set:
    """Where the program says that this kind of thing is wrong: words, or words with phones."""
    words = report["words"]
    if kind == "missing_word":
        return {i for i, w in enumerate(words) if w["verdict"] == "omitted"}
    if kind == "repeated_word":
        return {m["expected"].lower() for m in report["miscues"] if m["kind"] == "repeated"}
    if kind == "wrong_word":
        return {i for i, w in enumerate(words) if w["verdict"] != "ok"}
    wrong = {(i, k) for i, w in enumerate(words) if w["verdict"] != "omitted" for k, p in enumerate(w["phones"]) if p["verdict"] != "ok"}
    if kind == "missing_final_s":
        return {(i, k) for i, k in wrong if words[i]["phones"][k]["phone"] in ("S", "Z") and k == len(words[i]["phones"]) - 1}
    return wrong


def measure(recordings: list[tuple[Path, str]], folder: Path) -> dict[str, dict]:
    generator = random.Random(1)
    speakers = [path.parent.name for path, _ in recordings]
    reports = [program.pronunciation(answer) for answer in program.score_unheard(recordings, speakers)]
    cases: list[tuple[Case, dict, str]] = []
    counts = dict.fromkeys(KINDS, 0)
    for (path, text), report, speaker in zip(recordings, reports, speakers):
        if report is None or min(counts.values()) >= CASES_A_KIND:
            continue
        for kind, case in cases_of(sound.read(path), text, report, generator).items():
            if counts[kind] < CASES_A_KIND:
                counts[kind] += 1
                cases.append((case, report, speaker))
    items = [(sound.write(folder / f"case_{i}.wav", case.samples), case.text) for i, (case, _, _) in enumerate(cases)]
    results = {kind: {"cases": 0, "found": 0, "named": 0, "false": 0} for kind in KINDS}
    for (case, before, _), answer in zip(cases, program.score_unheard(items, [speaker for _, _, speaker in cases])):
        result = results[case.kind]
        result["cases"] += 1
        report = program.pronunciation(answer)
        if report is None:
            continue
        target = before["words"][case.word]["text"].lower() if case.kind == "repeated_word" else case.word if case.phone < 0 else (case.word, case.phone)
        found = flags(report, case.kind)
        if case.phone >= 0 and report["words"][case.word]["verdict"] == "omitted":
            found = found | {target}
        # A splice spoils the sounds beside it too: what lies there is neither right nor wrong to flag.
        near = {target}
        if case.kind in ("swapped_sound", "missing_final_s"):
            near |= {(case.word, case.phone - 1), (case.word, case.phone + 1), (case.word + 1, 0)}
        result["found"] += target in found
        result["named"] += target in found and case.heard != "" and report["words"][case.word]["phones"][case.phone]["heard"] == case.heard
        result["false"] += len(found - near - flags(before, case.kind))
    return results
