import { render } from "preact";
import "./styles/index.css";
import "./state/theme";
import { loadSentences } from "./state/app";
import { loadMe } from "./state/me";
import { App } from "./views/app";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
void loadSentences();
void loadMe();

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // After the first page is there: keeping its files must not hold it up. Where it is refused, the page works online.
  window.addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined));
}
