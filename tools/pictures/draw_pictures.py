#!/usr/bin/env python3
"""Annotated pictures of recordings: waveform, F0, level, words, syllables, pauses, phrases.

    tools/pictures/draw_pictures.py OUTPUT_FOLDER RECORDING...

Writes an SVG a recording from what `speechcoach analyze --json` and `speechcoach prosody --json` say of it.
"""

import array
import html
import json
import math
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "speechcoach"

WIDTH, LEFT, RIGHT = 1400, 70, 20
WAVE = (60, 170)  # top and bottom of each strip
PITCH = (190, 400)
LEVEL = (420, 540)
WORDS = (560, 640)
HEIGHT = 690
TONES = {"fall": "↘", "rise": "↗", "level": "→", "unknown": ""}


def run_json(*arguments: str) -> dict:
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)
    if not done.stdout.startswith("{"):
        sys.exit(f"{arguments[-1]}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def waveform(path: Path) -> array.array:
    command = ["ffmpeg", "-v", "error", "-i", path, "-ar", "16000", "-ac", "1", "-f", "s16le", "-"]
    return array.array("h", subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout)


class Drawing:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.parts: list[str] = []

    def x(self, time_s: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * time_s / self.seconds

    def text(self, x: float, y: float, words: str, anchor: str = "start", size: int = 13, colour: str = "#222") -> None:
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{html.escape(words)}</text>')

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dash: str = "") -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def box(self, start_s: float, end_s: float, strip: tuple[float, float], colour: str, opacity: float = 1.0, edge: str = "none") -> None:
        x, top = self.x(start_s), strip[0]
        self.parts.append(
            f'<rect x="{x:.1f}" y="{top}" width="{max(0.5, self.x(end_s) - x):.1f}" height="{strip[1] - top}" fill="{colour}" fill-opacity="{opacity}" stroke="{edge}"/>'
        )

    def curve(self, points: list[tuple[float, float]], colour: str, width: float) -> None:
        if len(points) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
        elif points:
            self.parts.append(f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="{width / 2}" fill="{colour}"/>')

    def svg(self) -> str:
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="DejaVu Sans, sans-serif">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
        )


def place(value: float, low: float, high: float, strip: tuple[float, float]) -> float:
    return strip[1] - (strip[1] - strip[0]) * min(1.0, max(0.0, (value - low) / (high - low)))


def draw_wave(drawing: Drawing, samples: array.array) -> None:
    middle, half = sum(WAVE) / 2, (WAVE[1] - WAVE[0]) / 2
    largest = max(1, max(map(abs, samples), default=1))
    columns = WIDTH - LEFT - RIGHT
    for column in range(columns):
        piece = samples[column * len(samples) // columns : (column + 1) * len(samples) // columns]
        if piece:
            x = LEFT + column
            drawing.line(x, middle - half * max(piece) / largest, x, middle - half * min(piece) / largest + 0.5, "#5b7aa6")


def draw_pitch(drawing: Drawing, prosody: dict) -> None:
    voiced = [hz for _, hz in prosody["pitch"]["contour"] if hz > 0]
    low, high = (min(voiced) * 0.9, max(voiced) * 1.1) if voiced else (75, 300)
    scale = lambda hz: place(math.log2(hz), math.log2(low), math.log2(high), PITCH)  # noqa: E731
    for hz in (60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600):
        if low < hz < high:
            drawing.line(LEFT, scale(hz), WIDTH - RIGHT, scale(hz), "#e3e3e3")
            drawing.text(LEFT - 6, scale(hz) + 4, f"{hz} Hz", "end", 11, "#777")
    run: list[tuple[float, float]] = []
    for time_s, hz in prosody["pitch"]["contour"] + [[0, 0]]:
        if hz > 0:
            run.append((drawing.x(time_s), scale(hz)))
        elif run:
            drawing.curve(run, "#c0392b", 2.5)
            run = []
    for syllable in prosody["syllables"]:
        if syllable["f0_hz"] > 0:
            x, y = drawing.x(syllable["time_s"]), scale(syllable["f0_hz"])
            drawing.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="#2c3e50" stroke-width="1.5"/>')
    for phrase in prosody["melody"]["phrases"]:
        drawing.line(drawing.x(phrase["start_s"]), PITCH[0], drawing.x(phrase["end_s"]), PITCH[0], "#8e44ad", 3)
        if phrase["final_movement_st"] is not None:
            label = f"{TONES[phrase['final_tone']]} {phrase['final_movement_st']:+.1f} st"
            drawing.text(drawing.x(phrase["end_s"]) - 4, PITCH[0] + 16, label, "end", 12, "#8e44ad")


def draw_level(drawing: Drawing, figures: dict, prosody: dict) -> None:
    level = figures["intensity"]
    for db in (30, 45, 60, 75, 90):
        y = place(db, 25, 95, LEVEL)
        drawing.line(LEFT, y, WIDTH - RIGHT, y, "#e3e3e3")
        drawing.text(LEFT - 6, y + 4, f"{db} dB", "end", 11, "#777")
    drawing.curve([(drawing.x(level["first_s"] + i * level["step_s"]), place(db, 25, 95, LEVEL)) for i, db in enumerate(level["db"])], "#27794b", 2)
    for syllable in prosody["syllables"]:
        drawing.box(syllable["start_s"], syllable["end_s"], (LEVEL[1] - 10, LEVEL[1]), "#27794b", 0.5)


def draw_words(drawing: Drawing, analysis: dict) -> None:
    stresses = analysis["prosody_features"]["words"] or [None] * len(analysis["transcript"]["words"])
    for i, (word, stress) in enumerate(zip(analysis["transcript"]["words"], stresses)):
        prominent = bool(stress and stress["prominent"])
        drawing.box(word["start_s"], word["end_s"], (WORDS[0], WORDS[0] + 30), "#f5d98b" if prominent else "#f2f2f2", 1.0, "#bbb")
        row = WORDS[0] + 20 if drawing.x(word["end_s"]) - drawing.x(word["start_s"]) > 8 * len(word["text"]) else WORDS[0] + (46 if i % 2 else 62)
        drawing.text((drawing.x(word["start_s"]) + drawing.x(word["end_s"])) / 2, row, word["text"], "middle", 13)


def picture(path: Path) -> str:
    analysis = run_json("analyze", str(path), "--json")
    figures = run_json("prosody", str(path), "--json")
    prosody = analysis["prosody_features"]
    drawing = Drawing(analysis["audio_duration_s"])
    whole = (WAVE[0], LEVEL[1])
    for pause in prosody["pauses"]["positions"]:
        drawing.box(pause["start_s"], pause["end_s"], whole, "#f0b37e" if pause["place"] == "within_phrase" else "#cfe3f5", 0.55)
        label = f"{pause['end_s'] - pause['start_s']:.2f} s"
        drawing.text((drawing.x(pause["start_s"]) + drawing.x(pause["end_s"])) / 2, WAVE[0] - 4, label, "middle", 11, "#555")
    for pause in prosody["rhythm"]["filled_pauses"]:
        drawing.box(pause["start_s"], pause["end_s"], whole, "#e08fb8", 0.45)
    for at_s in (prosody["speech_start_s"], prosody["speech_end_s"]):
        drawing.line(drawing.x(at_s), WAVE[0], drawing.x(at_s), LEVEL[1], "#444", 1, "4 3")
    draw_wave(drawing, waveform(path))
    draw_pitch(drawing, prosody)
    draw_level(drawing, figures, prosody)
    draw_words(drawing, analysis)
    for second in range(int(drawing.seconds) + 1):
        drawing.line(drawing.x(second), LEVEL[1], drawing.x(second), LEVEL[1] + 5, "#777")
        drawing.text(drawing.x(second), LEVEL[1] + 17, f"{second} s", "middle", 11, "#777")
    rhythm = prosody["rhythm"]
    title = (
        f"{path.stem}: {prosody['pitch']['mean']:.0f} Hz, {rhythm['articulation_rate']:.1f} syllables a second, "
        f"{prosody['pauses']['count']} pause{'' if prosody['pauses']['count'] == 1 else 's'}, runs of {rhythm['mean_run_syllables']:.1f} syllables, monotony {prosody['melody']['monotony'] or 0:.2f}"
    )
    drawing.text(LEFT, 24, title, size=16)
    drawing.text(LEFT, HEIGHT - 10, "blue: pause at a joint · orange: pause within a phrase · pink: filled pause · yellow: prominent word · green bars: vocalic parts · circles: syllable nuclei", size=11, colour="#555")
    return drawing.svg()


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:]:
        path = Path(name)
        target = folder / f"{path.stem}_{path.suffix[1:]}.svg"
        target.write_text(picture(path), encoding="utf-8")
        print(target)


if __name__ == "__main__":
    main()
