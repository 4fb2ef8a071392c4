import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { ScoreReason } from "@speechcoach/client";
import type { Player } from "../src/audio/player";
import { ScoreReasons } from "../src/components/score_reasons";
import { isTextKey } from "../src/i18n";
import { report } from "./support/report";
import wire from "../../contract/ws.schema.json";

afterEach(cleanup);

function reason(changes: Partial<ScoreReason>): ScoreReason {
  return { aspect: "pronunciation", kind: "wrong_sound", word: 0, text: "think,", phone: "TH", heard: "T", start_s: 0, end_s: 0, value: 2, ...changes };
}

describe("the facts behind the scores", () => {
  test("stand under the score that each speaks for, and play themselves", () => {
    const playWord = vi.fn();
    const pause = reason({ aspect: "fluency", kind: "long_pause", value: 1.25, start_s: 1, end_s: 2.25 });
    const reasons = [pause, reason({}), reason({ heard: "" }), reason({ kind: "not_this_text", text: "", value: 0.25 })];
    const { container } = render(<ScoreReasons report={report([], { reasons })} player={{ playWord } as unknown as Player} />);
    expect([...container.querySelectorAll("h3, li")].map(({ textContent }) => textContent)).toEqual([
      "Phát âm",
      "Trong từ “think”, âm /θ/ nghe thành /t/.",
      "Trong từ “think”, âm /θ/ chưa rõ.",
      "Mình chỉ nghe ra 25% số từ của câu mẫu.",
      "Trôi chảy",
      "Dừng 1,3 giây sau từ “think”.",
    ]);
    fireEvent.click(screen.getByRole("button", { name: "Nghe lại: Dừng 1,3 giây sau từ “think”.", hidden: true }));
    expect(playWord.mock.calls).toEqual([[pause]]);
  });

  test("a word that was left out cannot be heard", () => {
    const missing = reason({ kind: "missing_word", start_s: 1, end_s: 1.2 });
    const { container } = render(<ScoreReasons report={report([], { reasons: [missing] })} player={{} as Player} />);
    expect(container.textContent).toContain("Bỏ sót từ “think”.");
    expect(container.querySelector("button")).toBeNull();
  });

  test("are not asked for where there are none", () => {
    const { container } = render(<ScoreReasons report={report([])} player={null} />);
    expect(container.textContent).toBe("");
  });

  test("each of the wire has a text", () => {
    for (const kind of wire.$defs.ScoreReason.properties.kind.enum) expect(isTextKey(`reason.${kind}`), kind).toBe(true);
  });
});
