import { render } from "preact";
import "./styles/index.css";
import "./state/theme";
import { loadSentences } from "./state/app";
import { App } from "./views/app";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
void loadSentences();
