import { render } from "preact";
import "./styles/index.css";
import "./state/theme";
import { loadSentences } from "./state/app";
import { loadMe } from "./state/me";
import { chooseTodaysFive } from "./state/path";
import { App } from "./views/app";

// Letters with marks come from files of their own: text that is drawn before they are there moves when they come. A slow network is not
// waited for.
const FONT_WAIT_MS = 300;
const WEIGHTS = [400, 600, 700];

async function fontsReady(): Promise<void> {
  const loads = WEIGHTS.map((weight) => document.fonts.load(`${weight} 1rem "Be Vietnam Pro"`, "Luyện"));
  await Promise.race([Promise.allSettled(loads), new Promise((resolve) => setTimeout(resolve, FONT_WAIT_MS))]);
}

async function show(): Promise<void> {
  await fontsReady();
  const root = document.getElementById("app");
  if (root !== null) render(<App />, root);
}

void show();
void loadSentences();
void chooseTodaysFive();
void loadMe();

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // After the first page is there: keeping its files must not hold it up. Where it is refused, the page works online.
  window.addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined));
}
