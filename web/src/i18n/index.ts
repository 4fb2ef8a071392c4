// The page's language and its texts. Reading a text in a component makes the component follow the language.
import { effect, signal } from "@preact/signals";
import type { Locale } from "@speechcoach/client";
import { en } from "./en";
import { vi } from "./vi";

export type TextKey = keyof typeof vi;
export type Texts = Record<TextKey, string>;

export const LOCALES: readonly Locale[] = ["vi", "en"];
const TEXTS: Record<Locale, Texts> = { vi, en };
const STORAGE_KEY = "speechcoach.locale";

function keptLocale(): Locale {
  return localStorage.getItem(STORAGE_KEY) === "en" ? "en" : "vi";
}

export const locale = signal<Locale>(keptLocale());

effect(() => {
  document.documentElement.lang = locale.value;
  document.title = `${TEXTS[locale.value]["app.name"]} · ${TEXTS[locale.value]["app.tagline"]}`;
});

export function setLocale(next: Locale): void {
  locale.value = next;
  localStorage.setItem(STORAGE_KEY, next);
}

export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return TEXTS[locale.value][key].replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

export function isTextKey(key: string): key is TextKey {
  return key in vi;
}

// The text of a key that the server's data names, or the data itself where the page does not know it.
export function textOf(key: string, otherwise: string): string {
  return isTextKey(key) ? t(key) : otherwise;
}
