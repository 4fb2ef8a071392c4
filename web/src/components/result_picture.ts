// A result as a picture to be sent to friends. Loaded when it is asked for.
import type { Scores } from "@speechcoach/client";
import { t } from "../i18n";
import { formatScore } from "../i18n/numbers";
import type { Outcome } from "../state/outcome";
import { scoreWord } from "./scores";

const WIDTH = 1080;
const HEIGHT = 1350;
const MARGIN = 90;
const FONT = '"Be Vietnam Pro", system-ui, sans-serif';
const MAX_LINES = 4;
const PARTS: readonly Exclude<keyof Scores, "overall">[] = ["pronunciation", "prosody", "fluency", "confidence", "emotion"];

// The page's light colours: a picture is seen outside of it.
const COLOURS = { top: "#0f766e", bottom: "#0b3f4a", ink: "#ffffff", soft: "rgb(255 255 255 / 78%)", track: "rgb(255 255 255 / 20%)", fill: "#7fe0d4" };

function lines(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const result: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (context.measureText(longer).width <= width) line = longer;
    else {
      result.push(line);
      line = word;
    }
  }
  result.push(line);
  if (result.length <= MAX_LINES) return result;
  return [...result.slice(0, MAX_LINES - 1), `${result[MAX_LINES - 1] ?? ""} …`];
}

function drawRing(context: CanvasRenderingContext2D, score: number, x: number, y: number, radius: number): void {
  context.lineWidth = 34;
  context.lineCap = "round";
  context.strokeStyle = COLOURS.track;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  context.strokeStyle = COLOURS.fill;
  context.beginPath();
  context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + (2 * Math.PI * Math.max(0.1, score)) / 10);
  context.stroke();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = COLOURS.ink;
  context.font = `700 130px ${FONT}`;
  context.fillText(formatScore(score), x, y + 6);
}

function drawBars(context: CanvasRenderingContext2D, scores: Scores, top: number): void {
  PARTS.forEach((name, index) => {
    const y = top + index * 78;
    context.textBaseline = "alphabetic";
    context.font = `600 36px ${FONT}`;
    context.fillStyle = COLOURS.ink;
    context.textAlign = "left";
    context.fillText(t(`score.${name}`), MARGIN, y);
    context.textAlign = "right";
    context.fillText(formatScore(scores[name]), WIDTH - MARGIN, y);
    for (const [share, colour] of [[1, COLOURS.track], [scores[name] / 10, COLOURS.fill]] as const) {
      context.fillStyle = colour;
      context.beginPath();
      context.roundRect(MARGIN, y + 14, Math.max(14, (WIDTH - 2 * MARGIN) * share), 14, 7);
      context.fill();
    }
  });
}

// A PNG of 1080 x 1350. Throws where the browser cannot draw it.
export async function drawResult(outcome: Outcome, reference: string): Promise<Blob> {
  await document.fonts.ready;
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no drawing context");
  const ground = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
  ground.addColorStop(0, COLOURS.top);
  ground.addColorStop(1, COLOURS.bottom);
  context.fillStyle = ground;
  context.fillRect(0, 0, WIDTH, HEIGHT);

  context.fillStyle = COLOURS.ink;
  context.textAlign = "center";
  context.font = `700 44px ${FONT}`;
  context.fillText(t("app.name"), WIDTH / 2, 110);
  drawRing(context, outcome.scores.overall, WIDTH / 2, 360, 175);
  context.font = `700 56px ${FONT}`;
  context.fillText(t(scoreWord(outcome.scores.overall)), WIDTH / 2, 620);

  context.font = `600 44px ${FONT}`;
  context.fillStyle = COLOURS.soft;
  lines(context, `“${reference === "" ? outcome.text : reference}”`, WIDTH - 2 * MARGIN).forEach((line, index) => {
    context.fillText(line, WIDTH / 2, 710 + index * 60);
  });
  drawBars(context, outcome.scores, 940);

  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png");
  });
}
