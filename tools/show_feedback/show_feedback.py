#!/usr/bin/env python3
"""Prints feedback beside what it rests on, for a teacher to read: FILE is what `speechcoach score --batch LIST --json` printed."""

import json
import sys
from pathlib import Path


def sounds(report: dict | None) -> list[str]:
    found = []
    for word in (report or {}).get("words", []):
        for phone in word["phones"]:
            if phone["verdict"] != "ok":
                heard = f" -> /{phone['heard_ipa']}/" if phone.get("heard_ipa") else ""
                found.append(f"“{word['text']}” /{phone['ipa']}/ {phone['verdict']}{heard} ({phone['confidence']:.2f})")
    return found


def show(number: int, row: dict) -> None:
    analysis = row["analysis"]
    voice, scores = analysis["prosody_features"], analysis["scores"]
    pauses = [f"{end - start:.1f}" for start, end, *_ in (tuple(p.values())[:2] + (0,) for p in voice["pauses"]["positions"])]
    detailed = analysis["feedback"]["detailed"]
    print(f"\n=== {number}. to read: {row['reference_text'] or '(talk)'}")
    print(f"heard:   {analysis['transcript']['text']}")
    print("scores:  " + ", ".join(f"{name} {value:.1f}" for name, value in scores.items()))
    print("miscues: " + ("; ".join(f"{m['kind']} {m['expected']} -> {m['heard']}" for m in analysis["miscues"]) or "none"))
    print("sounds:  " + ("; ".join(sounds(analysis["pronunciation"])) or "none"))
    print(f"voice:   pauses {', '.join(pauses) or 'none'} s; {voice['speaking_rate'].get('words_per_minute') or 0:.0f} words a minute")
    print(f"--- {analysis['feedback']['conversational']}")
    for item in detailed["strengths"]:
        print(f"  + {item}")
    for item in detailed["improvements"]:
        print(f"  - {item}")
    print(f"  ~ {detailed['prosody_notes']}")


def main() -> None:
    lines = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    most = int(sys.argv[2]) if len(sys.argv) > 2 else len(lines)
    for number, row in enumerate(lines[:: max(len(lines) // most, 1)][:most], 1):
        if "error" in row:
            print(f"\n=== {number}. {row['error']['message']}")
        else:
            show(number, row)


if __name__ == "__main__":
    main()
