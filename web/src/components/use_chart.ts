import { useEffect, useRef } from "preact/hooks";
import { locale } from "../i18n";
import { isDark } from "../state/theme";

// The canvas for a chart whose code is loaded when it is first wanted. `load` answers what draws it, which answers what takes it away again.
// Drawn anew for other `inputs`, another theme or language; nothing is drawn once the canvas has left the page.
export function useChart(load: () => Promise<(canvas: HTMLCanvasElement) => () => void>, inputs: readonly unknown[]) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = isDark.value;
  const language = locale.value;
  useEffect(() => {
    let destroy: (() => void) | undefined;
    let left = false;
    void load().then((draw) => {
      if (!left && canvas.current !== null) destroy = draw(canvas.current);
    });
    return () => {
      left = true;
      destroy?.();
    };
  }, [...inputs, dark, language]);
  return canvas;
}
