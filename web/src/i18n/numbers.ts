import { locale } from "./index";

// A number with `digits` decimals, as the page's language writes it: 7,5 in Vietnamese, 7.5 in English.
export function formatNumber(value: number, digits: number): string {
  return new Intl.NumberFormat(locale.value, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

// Scores are shown with one decimal, 10 as "10".
export function formatScore(score: number): string {
  return score >= 9.95 ? formatNumber(10, 0) : formatNumber(Math.max(0, score), 1);
}

// The first minutes count: 0.4 is not nothing.
export function formatMinutes(minutes: number): string {
  return formatNumber(minutes, minutes > 0 && minutes < 10 ? 1 : 0);
}

// 75.4 -> "1:15".
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// "thứ hai, 23 tháng 11" / "Monday, November 23", in the device's time zone.
export function formatDay(time: string): string {
  return new Intl.DateTimeFormat(locale.value, { weekday: "long", day: "numeric", month: "long" }).format(new Date(time));
}

// "08:30".
export function formatTime(time: string): string {
  return new Intl.DateTimeFormat(locale.value, { hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

// "08:30 23/11" / "11/23, 08:30", in the device's time zone.
export function formatDateTime(time: string): string {
  return new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

// "23/11" / "11/23", in the device's time zone.
export function formatShortDay(time: string): string {
  return new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "numeric" }).format(new Date(time));
}

// "23/11" / "11/23"; `day` is YYYY-MM-DD.
export function formatDate(day: string): string {
  return new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "numeric", timeZone: "UTC" }).format(new Date(day));
}
