import { locale } from "./index";

// A number with `digits` decimals, as the page's language writes it: 7,5 in Vietnamese, 7.5 in English.
export function formatNumber(value: number, digits: number): string {
  return new Intl.NumberFormat(locale.value, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

// Scores are shown with one decimal, 10 as "10".
export function formatScore(score: number): string {
  return score >= 9.95 ? formatNumber(10, 0) : formatNumber(Math.max(0, score), 1);
}

// 75.4 -> "1:15".
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
