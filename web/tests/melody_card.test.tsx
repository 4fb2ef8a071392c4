import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MelodyCard } from "../src/components/melody_card";
import { client } from "../src/state/app";
import { isReadingOf } from "../src/state/spoken";
import { report } from "./support/report";

vi.mock("../src/components/melody_chart", () => ({ drawMelody: () => () => undefined }));

const SPEECH = { duration_s: 1, words: [{ text: "think", start_s: 0, end_s: 1 }], phones: [], contour: [] };

describe("the learner's melody over the model's", () => {
  beforeEach(() => vi.restoreAllMocks());
  afterEach(cleanup);

  test("is shown with the model's voice", async () => {
    const asked = vi.spyOn(client, "modelSpeech").mockResolvedValue({ ...SPEECH, melody: [[0, 1, 2], [0.01, null, 1]] });
    render(<MelodyCard text="Think!" sessionId="one" />);
    expect(await screen.findByRole("region", { name: "Ngữ điệu của bạn và giọng mẫu" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Nghe mẫu" })).toBeTruthy();
    expect(asked).toHaveBeenCalledWith("Think!", "one");
  });

  test.each([
    ["the words were not the same", () => Promise.resolve({ ...SPEECH, melody: [] })],
    ["there is no model voice", () => Promise.reject(new Error("503"))],
  ])("is left away where %s", async (_, answer) => {
    const asked = vi.spyOn(client, "modelSpeech").mockImplementation(answer);
    const { container } = render(<MelodyCard text="Think!" sessionId="one" />);
    await Promise.allSettled([asked.mock.results[0]?.value]);
    expect(container.innerHTML).toBe("");
  });

  test("is not asked for where another sentence was said", () => {
    expect(isReadingOf(report([], { text_match: 0.9 }))).toBe(true);
    expect(isReadingOf(report([], { text_match: 0.2 }))).toBe(false);
    expect(isReadingOf(null)).toBe(false);
  });
});
