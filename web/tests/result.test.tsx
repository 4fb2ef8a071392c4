import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, test } from "vitest";
import { NextStepCard } from "../src/components/next_step_card";
import { SoundsCard } from "../src/components/sounds_card";
import { setLocale } from "../src/i18n";
import { nextStep } from "../src/state/next_step";
import { placePauses } from "../src/state/pauses";
import { phone, report, word } from "./support/report";

afterEach(() => {
  cleanup();
  setLocale("vi");
});

const THINK = word("think", 0.5, {
  score: 4,
  verdict: "mispronounced",
  phones: [phone("TH", "θ", { verdict: "substituted", heard: "T", heard_ipa: "t", score: 2 }), phone("IH", "ɪ"), phone("NG", "ŋ"), phone("K", "k", { verdict: "deleted", score: 1 })],
});

describe("a sentence, word by word", () => {
  test("a word opens its sounds: what was heard instead, and how to make them", () => {
    render(<SoundsCard report={report([word("I", 0), THINK])} prosody={null} player={null} isReading />);
    const button = screen.getByRole("button", { name: "Từ think, 4,0 điểm" });
    expect(button.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(button);
    expect(button.getAttribute("aria-expanded")).toBe("true");
    expect(screen.getByText("nghe thành /t/")).toBeTruthy();
    expect(screen.getByText("chưa nghe thấy")).toBeTruthy();
    expect(screen.getByText(/Đặt đầu lưỡi giữa hai hàm răng rồi thổi hơi/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Đóng" }));
    expect(screen.queryByText("nghe thành /t/")).toBeNull();
  });

  test("in English nothing is left in Vietnamese", () => {
    setLocale("en");
    const { container } = render(<SoundsCard report={report([word("I", 0), THINK])} prosody={null} player={null} isReading />);
    fireEvent.click(screen.getByRole("button", { name: "The word think, 4.0 points" }));
    expect(container.textContent).not.toMatch(/[ăâđêôơưàáảãạ]/i);
    expect(container.textContent).toContain("sounded like /t/");
  });

  test("what was left out, said otherwise and added is named", () => {
    const words = [word("the", 0), word("big", 0, { verdict: "omitted", score: 0, end_s: 0 }), word("cat", 0.6, { verdict: "replaced", score: 1 })];
    const miscues = [
      { kind: "omitted" as const, expected: "big", heard: "" },
      { kind: "replaced" as const, expected: "cat", heard: "cap" },
      { kind: "inserted" as const, expected: "", heard: "uh" },
    ];
    const { container } = render(<SoundsCard report={report(words, { miscues })} prosody={null} player={null} isReading />);
    expect(container.querySelector(".word--omitted")?.textContent).toBe("big");
    expect(screen.getByText("bỏ sót")).toBeTruthy();
    expect(screen.getByText("nghe thành “cap”")).toBeTruthy();
    expect(container.querySelector(".sounds__added")?.textContent).toContain("uh");
  });

  test("a word that was read badly says at once which sound, and a guess is called one", () => {
    const sounds = [phone("K", "k"), phone("AE", "æ", { verdict: "substituted", heard: "EH", heard_ipa: "e", score: 4 }), phone("T", "t", { verdict: "deleted", score: 1 })];
    const cat = word("cat", 0, { score: 4, verdict: "mispronounced", phones: sounds });
    const guess = word("that", 1, { score: 4, verdict: "mispronounced", phones: sounds.map((each) => ({ ...each, confidence: 0.4 })) });
    const other = { aspect: "pronunciation" as const, kind: "not_this_text" as const, word: null, text: "", phone: "", heard: "", start_s: 0, end_s: 0, value: 0.2 };
    const { container, rerender } = render(<SoundsCard report={report([cat], { reasons: [other] })} prosody={null} player={null} isReading />);
    expect(container.querySelector(".spoken__remark"), "not of another text").toBeNull();
    rerender(<SoundsCard report={report([cat, guess])} prosody={null} player={null} isReading />);
    expect([...container.querySelectorAll(".spoken__remark")].map((remark) => remark.textContent)).toEqual(["thiếu /t/"]);
    fireEvent.click(screen.getByRole("button", { name: /^Từ that/ }));
    expect(screen.getByText("có lẽ thành /e/")).toBeTruthy();
    expect(screen.getByText("có lẽ bị mất")).toBeTruthy();
  });

  test("a habit is told with how often it was heard, and with pairs to practise", () => {
    const pattern = {
      ...{ id: "TH>T", times: 2, chances: 3, words: ["think", "thank"], tip_vi: "Thè nhẹ đầu lưỡi.", tip_en: "Tongue out.", pairs: ["thin/tin", "three/tree"] },
      ...{ ipa: "θ", heard_ipa: ["t", "d"] },
    };
    const { container } = render(<SoundsCard report={report([THINK], { patterns: [pattern] })} prosody={null} player={null} isReading />);
    const habit = container.querySelector(".habit")?.textContent ?? "";
    for (const part of ["Âm /θ/ hay thành /t/, /d/", "Thè nhẹ đầu lưỡi.", "thin / tin", "three / tree", "2 trên 3 lần", "think, thank"]) expect(habit).toContain(part);
  });

  test("a misplaced stress is marked, and explained by syllable", () => {
    const today = word("today", 0, { stress: { expected: 1, heard: 0, verdict: "misplaced" } });
    render(<SoundsCard report={report([today])} prosody={null} player={null} isReading />);
    expect(screen.getByText("có lẽ lệch trọng âm")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: /^Từ today/ }));
    expect(screen.getByText("Trọng âm nên rơi vào âm tiết thứ 2, hình như bạn đang nhấn âm tiết thứ 1.")).toBeTruthy();
  });
});

describe("pauses", () => {
  const words = [word("a", 0), word("b", 0.3, { verdict: "omitted" }), word("c", 1), word("d", 1.4)];

  test("stand after the word before them; those before the first and after the last word are none", () => {
    const placed = placePauses(words, [
      { start_s: 0.3, end_s: 1, place: "within_phrase" },
      { start_s: 1.3, end_s: 1.4, place: "boundary" },
      { start_s: 1.8, end_s: 2.5 },
    ]);
    expect([...placed.keys()]).toEqual([0, 2]);
    expect(placed.get(0)).toEqual([{ seconds: 0.7, isMisplaced: true }]);
    expect(placed.get(2)?.[0]?.isMisplaced).toBe(false);
  });
});

describe("the one thing to do next", () => {
  const reason = { aspect: "pronunciation" as const, word: 1, text: "think,", phone: "TH", heard: "T", start_s: 0, end_s: 0, value: 2 };

  test("is the weightiest reason, unless the recording is another text altogether", () => {
    const wrong = { ...reason, kind: "wrong_sound" as const };
    const other = { ...reason, kind: "not_this_text" as const, word: null };
    expect(nextStep(report([], { reasons: [wrong] })).kind).toBe("wrong_sound");
    expect(nextStep(report([], { reasons: [wrong, other] })).kind).toBe("not_this_text");
    expect(nextStep(report([])).kind).toBe("none");
  });

  test("a sound that was heard as no other one is called unclear", () => {
    const { container } = render(<NextStepCard report={report([THINK], { reasons: [{ ...reason, kind: "wrong_sound", heard: "", word: 0 }] })} player={null} />);
    expect(container.textContent).toContain("Trong từ “think”, âm /θ/ chưa rõ.");
  });

  test("is said with the word, the sounds in IPA and how to make them", () => {
    const { container } = render(<NextStepCard report={report([word("I", 0), THINK], { reasons: [{ ...reason, kind: "wrong_sound" }] })} player={null} />);
    expect(container.textContent).toContain("Trong từ “think”, âm /θ/ đang nghe thành /t/.");
    expect(container.textContent).toContain("Đặt đầu lưỡi giữa hai hàm răng");
  });
});
