#!/usr/bin/env python3
"""What the program finds in recordings that were spoilt in known ways: wrong, missing, repeated words, swapped and lost sounds; how far other
formats move the scores; that nothing but English speech of the text scores high; how well it knows when sounds begin and end; what it costs.

    make bench-pronunciation

Reads rated recordings from ../shared/data/speechocean762, or the folder BENCH_CORPUS.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from pronunciation_bench import boundaries, cost, detection, program, sound

CORPUS = Path(os.environ.get("BENCH_CORPUS", program.ROOT.parent / "shared" / "data" / "speechocean762"))
RECORDINGS = 160
DEGRADED = 24
TIMED_S = (4.0, 6.0)
OTHER_LANGUAGES = {
    "vi": "Hôm nay trời đẹp quá, chúng ta đi dạo công viên với các bạn nhé.",
    "fr-fr": "Il fait très beau aujourd'hui, nous allons nous promener dans le parc.",
    "de": "Heute ist das Wetter sehr schön, wir gehen zusammen im Park spazieren.",
    "es": "Hoy hace muy buen tiempo, vamos a pasear por el parque con los amigos.",
    "it": "Oggi il tempo è molto bello, andiamo a passeggiare nel parco con gli amici.",
    "pl": "Dzisiaj jest bardzo ładna pogoda, idziemy na spacer do parku.",
}
STRANGE = ("not_this_text", "no_english_speech")  # why a score is cut
SCORES = ("overall", "pronunciation", "prosody", "emotion", "confidence", "fluency")


def good_recordings() -> list[tuple[Path, str]]:
    """Well read ones of at least five words, at most three a speaker, in the order of the list."""
    chosen, speakers = [], {}
    for line in (CORPUS / "labels.tsv").read_text().splitlines()[1:]:
        cells = line.split("\t")
        utterance, speaker, text, accuracy = cells[0], cells[1], cells[4], float(cells[6])
        if accuracy < 8 or len(text.split()) < 5 or speakers.get(speaker, 0) >= 3:
            continue
        for ending in ("flac", "opus"):
            path = CORPUS / "audio" / speaker / f"{utterance}.{ending}"
            if path.exists():
                speakers[speaker] = speakers.get(speaker, 0) + 1
                chosen.append((path, text.capitalize()))
    return chosen[:RECORDINGS]


def degraded(recordings: list[tuple[Path, str]], folder: Path) -> tuple[dict[str, list[dict]], dict[str, int]]:
    """For each way of spoiling: the change of each score, recording by recording, and how many recordings were refused."""
    ways: dict[str, list[tuple[Path, str]]] = {name: [] for name in ("wav", "8 kHz", "noise 20 dB", "noise 10 dB", "MP3 64k", "Opus 24k")}
    for i, (path, text) in enumerate(recordings):
        samples = sound.read(path)
        wav = sound.write(folder / f"d{i}.wav", samples)
        ways["wav"].append((wav, text))
        ways["8 kHz"].append((sound.transcoded(wav, folder / f"d{i}_8k.wav", "-ar", "8000"), text))
        ways["noise 20 dB"].append((sound.write(folder / f"d{i}_n20.wav", sound.with_noise(samples, 20, i)), text))
        ways["noise 10 dB"].append((sound.write(folder / f"d{i}_n10.wav", sound.with_noise(samples, 10, i)), text))
        ways["MP3 64k"].append((sound.transcoded(wav, folder / f"d{i}.mp3", "-b:a", "64k"), text))
        ways["Opus 24k"].append((sound.transcoded(wav, folder / f"d{i}.ogg", "-c:a", "libopus", "-b:a", "24k"), text))
    answers = {name: program.score(items) for name, items in ways.items()}
    changes, refused = {}, {}
    for name in ways:
        if name == "wav":
            continue
        pairs = [(before, after) for before, after in zip(answers["wav"], answers[name]) if "analysis" in before]
        changes[name] = [{s: after["analysis"]["scores"][s] - before["analysis"]["scores"][s] for s in SCORES} for before, after in pairs if "analysis" in after]
        refused[name] = sum("analysis" not in after for _, after in pairs)
    return changes, refused


def strangers(recordings: list[tuple[Path, str]], folder: Path) -> dict[str, list[tuple[Path, str]]]:
    """What must not score high: name -> recordings with the text to be read ("" in conversation)."""
    text = recordings[0][1]

    def made(name: str, source: str, seconds: float = 4) -> Path:
        path = folder / f"{name}.wav"
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-t", str(seconds), "-ar", "16000", str(path)], check=True)
        return path

    chord = "+".join(f"0.1*sin(2*PI*{f}*t)*(0.6+0.4*sin(2*PI*{2 + i}*t))" for i, f in enumerate((220, 277, 330, 440)))
    sources = {
        "silence": made("silence", "anullsrc=r=16000:cl=mono"),
        "white noise": made("white", "anoisesrc=color=white:amplitude=0.2:r=16000:seed=1"),
        "pink noise": made("pink", "anoisesrc=color=pink:amplitude=0.3:r=16000:seed=2"),
        "hum": made("hum", "sine=frequency=100:r=16000"),
        "music (chords)": made("chord", f"aevalsrc='{chord}':s=16000"),
        "music (melody)": made("melody", "aevalsrc='0.3*sin(2*PI*t*(262+65*floor(mod(2*t\\,5))))':s=16000"),
    }
    cases = {name: [(path, text), (path, "")] for name, path in sources.items()}
    cases["another sentence"] = [(recordings[i][0], recordings[(i + 37) % len(recordings)][1]) for i in range(20)]
    cases["played backwards"] = []
    for i in range(10):
        samples = sound.read(recordings[i][0])
        samples.reverse()
        path = sound.write(folder / f"backwards{i}.wav", samples)
        cases["played backwards"] += [(path, recordings[i][1]), (path, "")]
    # Synthetic voices, or a folder of recordings.
    extra = os.environ.get("BENCH_OTHER_LANGUAGE")
    foreign = sorted(Path(extra).iterdir()) if extra else [sound.synthetic(language, words, folder) for language, words in OTHER_LANGUAGES.items()]
    cases["another language"] = [(path, text) for path in foreign]
    cases["another language, in conversation"] = [(path, "") for path in foreign]
    return cases


def judged(name: str, answers: list[dict]) -> tuple[list[float], list[bool]]:
    """The highest score of each, and whether the learner is told why it is low."""
    highest, told = [], []
    for answer in answers:
        if "analysis" not in answer:
            if answer["error"]["code"] != "no_speech":
                sys.exit(f"{name}: {answer['error']}")
            highest.append(0.0)
            told.append(True)
            continue
        highest.append(max(answer["analysis"]["scores"].values()))
        told.append(any(reason["kind"] in STRANGE for reason in answer["analysis"]["pronunciation"]["reasons"]))
    return highest, told


def add_boundaries(rows: list[dict], folder: Path) -> None:
    texts = sorted({line.split("\t")[4].capitalize() for line in (CORPUS / "labels.tsv").read_text().splitlines()[1:]})
    for name, errors in boundaries.measure([text for text in texts if len(text.split()) >= 5][7::29], folder).items():
        rows.append({"name": f"{name}: |error|", "unit": "ms", "ours": errors, "statistic": "median"})


def main() -> None:
    if not (CORPUS / "labels.tsv").exists():
        sys.exit(f"no rated recordings in {CORPUS}")
    if not (program.FOLDS / "folds.tsv").exists():
        sys.exit(f"no parameters in {program.FOLDS} that have not learnt from these speakers: `make train-eval` makes them")
    rows, notes = [], []
    recordings = good_recordings()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        total = 0
        for kind, result in detection.measure(recordings, folder).items():
            total += result["cases"]
            found, false = result["found"], result["false"]
            rows.append({"name": f"{kind}: recall", "unit": "share", "ours": [found / max(1, result["cases"])], "statistic": "mean"})
            rows.append({"name": f"{kind}: precision", "unit": "share", "ours": [found / max(1, found + false)], "statistic": "mean"})
            if kind == "swapped_sound":
                rows.append({"name": f"{kind}: named as what it was", "unit": "share", "ours": [result["named"] / max(1, result["cases"])], "statistic": "mean"})
            notes.append(f"{kind}: {result['cases']} cases, {found} found, {false} false alarms elsewhere")
        rows.append({"name": "spliced cases", "unit": "count", "ours": [total], "statistic": "sum"})
        all_changes, refused = degraded(recordings[:DEGRADED], folder)
        for way, changes in all_changes.items():
            rows.append({"name": f"{way}: refused", "unit": f"of {DEGRADED}", "ours": [refused[way]], "statistic": "sum"})
            for name in ("overall", "pronunciation"):
                values = [abs(change[name]) for change in changes]
                rows += [{"name": f"{way}: |change| of {name}, {statistic}", "unit": "points", "ours": values, "statistic": statistic} for statistic in ("median", "p95")]
            notes.append(way + ": " + ", ".join(f"{s} {statistics.mean(c[s] for c in changes):+.2f}" for s in SCORES) + f" (mean of {len(changes)})")
        for name, items in strangers(recordings, folder).items():
            highest, told = judged(name, program.score(items))
            rows.append({"name": f"{name}: highest of the six scores", "unit": "points", "ours": highest, "statistic": "max"})
            rows.append({"name": f"{name}: with the reason", "unit": "share", "ours": told, "statistic": "mean"})
        add_boundaries(rows, folder)
    timed = [(path, text) for path, text in recordings if TIMED_S[0] <= len(sound.read(path)) / sound.RATE_HZ <= TIMED_S[1]][:20]
    rows.append({"name": "cost over the transcript, 5 s of speech", "unit": "ms", "ours": cost.measure(timed), "statistic": "median"})
    rows.append({"name": "memory over the transcript, 5 s of speech", "unit": "MB", "ours": cost.memory(timed[:8]), "statistic": "max"})
    out = program.ROOT / "build" / "bench" / "pronunciation.raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"bench": "pronunciation", "rows": rows, "notes": notes}, indent=1))
    print("\n".join(notes))


if __name__ == "__main__":
    main()
