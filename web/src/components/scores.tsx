import type { ComponentChildren } from "preact";
import type { Scores } from "@speechcoach/client";
import { t, type TextKey } from "../i18n";
import { formatNumber, formatScore } from "../i18n/numbers";
import { ScoreRadar } from "./score_radar";

type ScoreName = keyof Scores;
const PARTS: readonly Exclude<ScoreName, "overall">[] = ["pronunciation", "prosody", "fluency", "confidence", "emotion"];
const RING_RADIUS = 52;
const RING_LENGTH = 2 * Math.PI * RING_RADIUS;
// Differences that the display rounds away are none.
const SMALLEST_CHANGE = 0.05;

type Standing = "high" | "middle" | "low";

function standingOf(score: number): Standing {
  if (score >= 7) return "high";
  return score >= 5 ? "middle" : "low";
}

export function scoreWord(score: number): TextKey {
  if (score >= 8.5) return "score.word.excellent";
  if (score >= 7) return "score.word.good";
  return score >= 5 ? "score.word.fair" : "score.word.weak";
}

function Change({ now, before }: { now: number; before: number }) {
  const change = now - before;
  const points = formatNumber(Math.abs(change), 1);
  if (Math.abs(change) < SMALLEST_CHANGE) {
    return (
      <span class="change" title={t("result.change.same")}>
        <span aria-hidden="true">=</span>
        <span class="visually_hidden">{t("result.change.same")}</span>
      </span>
    );
  }
  const direction = change > 0 ? "up" : "down";
  return (
    <span class={`change change--${direction}`}>
      <span aria-hidden="true">
        {change > 0 ? "▲" : "▼"} {points}
      </span>
      <span class="visually_hidden">{t(`result.change.${direction}`, { points })}</span>
    </span>
  );
}

function OverallRing({ score, before }: { score: number; before: number | undefined }) {
  return (
    <div class="overall" data-score="overall">
      <div class="overall__ring">
        <svg viewBox="0 0 120 120" aria-hidden="true">
          <circle class="ring__track" cx="60" cy="60" r={RING_RADIUS} />
          <circle
            class={`ring__value ring__value--${standingOf(score)}`}
            cx="60"
            cy="60"
            r={RING_RADIUS}
            stroke-dasharray={`${(RING_LENGTH * score) / 10} ${RING_LENGTH}`}
            transform="rotate(-90 60 60)"
          />
        </svg>
        <p class="overall__number">
          <strong data-value>{formatScore(score)}</strong>
          <span>{t("result.of_ten")}</span>
        </p>
      </div>
      <div class="overall__words">
        <p class="overall__name">{t("score.overall")}</p>
        <p class="overall__verdict">{t(scoreWord(score))}</p>
        {before !== undefined && <Change now={score} before={before} />}
      </div>
    </div>
  );
}

function ScoreBar({ name, score, before }: { name: (typeof PARTS)[number]; score: number; before: number | undefined }) {
  const indicative = name === "confidence" || name === "emotion";
  return (
    <li class="score" data-score={name}>
      <span class="score__name">
        {t(`score.${name}`)}
        {indicative && <small class="score__note">{t("score.indicative")}</small>}
      </span>
      <span class="score__track" aria-hidden="true">
        {before !== undefined && <span class="score__before" style={{ insetInlineStart: `${before * 10}%` }} />}
        <span class={`score__fill score__fill--${standingOf(score)}`} style={{ inlineSize: `${score * 10}%` }} />
      </span>
      <span class="score__number">
        <strong data-value>{formatScore(score)}</strong>
        {before !== undefined && <Change now={score} before={before} />}
      </span>
    </li>
  );
}

// The six scores; beside each how it changed since the attempt before, if there was one. `children`: what is behind them.
export function ScoreCard({ scores, before, children }: { scores: Scores; before: Scores | null; children?: ComponentChildren }) {
  return (
    <section class="card scores" aria-labelledby="scores_title">
      <h2 id="scores_title" class="visually_hidden">
        {t("result.scores")}
      </h2>
      <OverallRing score={scores.overall} before={before?.overall} />
      <ScoreRadar scores={scores} before={before} />
      <ul class="scores__list">
        {PARTS.map((name) => (
          <ScoreBar key={name} name={name} score={scores[name]} before={before?.[name]} />
        ))}
      </ul>
      {before !== null && <p class="scores__caption">{t("result.before")}</p>}
      {children}
    </section>
  );
}
