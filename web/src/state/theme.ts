// Light, dark, or as the device is set; kept between visits.
import { computed, effect, signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = "speechcoach.theme";
const darkDevice = window.matchMedia("(prefers-color-scheme: dark)");

function keptTheme(): Theme {
  const kept = localStorage.getItem(STORAGE_KEY);
  return THEMES.find((theme) => theme === kept) ?? "system";
}

export const theme = signal<Theme>(keptTheme());
const deviceIsDark = signal(darkDevice.matches);
darkDevice.addEventListener("change", () => (deviceIsDark.value = darkDevice.matches));

export const isDark = computed(() => theme.value === "dark" || (theme.value === "system" && deviceIsDark.value));

// Runs before the first thing is drawn.
effect(() => {
  document.documentElement.dataset["theme"] = isDark.value ? "dark" : "light";
});

export function setTheme(next: Theme): void {
  theme.value = next;
  localStorage.setItem(STORAGE_KEY, next);
}
