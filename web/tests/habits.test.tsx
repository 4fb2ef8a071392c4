import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Habit } from "@speechcoach/client";
import { HabitsCard } from "../src/components/habits_card";
import { modelVoice } from "../src/state/app";
import { habitTrend } from "../src/state/habits";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function habit(changes: Partial<Habit> = {}): Habit {
  return {
    id: "TH>T",
    ipa: "θ",
    heard_ipa: ["t"],
    region: null,
    times: 20,
    chances: 40,
    recordings: 8,
    earlier_share: 0.8,
    recent_share: 0.2,
    words: ["three", "think"],
    tip: "Đặt nhẹ đầu lưỡi giữa hai hàm răng.",
    pairs: ["thin/tin"],
    ...changes,
  };
}

describe("how a habit goes on", () => {
  test("is told where the change is larger than chance makes it", () => {
    expect(habitTrend(habit())).toBe("better");
    expect(habitTrend(habit({ earlier_share: 0.2, recent_share: 0.8 }))).toBe("worse");
    expect(habitTrend(habit({ earlier_share: 0.55, recent_share: 0.45 }))).toBe("steady");
    expect(habitTrend(habit({ times: 400, chances: 800, earlier_share: 0.6, recent_share: 0.4 }))).toBe("better");
  });

  test("is not told from a handful of sounds, nor from one recording", () => {
    expect(habitTrend(habit({ times: 3, chances: 6 }))).toBeNull();
    expect(habitTrend(habit({ recordings: 1 }))).toBeNull();
  });
});

describe("the habits of a learner", () => {
  test("each says what is heard, how often and where, how it goes on, and what to practise", () => {
    const { container } = render(<HabitsCard found={{ recordings: 12, habits: [habit({ region: "south" })] }} />);
    const text = container.textContent ?? "";
    for (const part of ["Nghe 12 bản ghi", "Âm /θ/ hay thành /t/", "20 trên 40 lần, gặp trong 8 bản ghi.", "Người miền Nam hay gặp hơn.", "80%", "20%", "Đang đỡ dần rồi", "three, think"]) {
      expect(text).toContain(part);
    }
    const speak = vi.spyOn(modelVoice, "speak").mockResolvedValue();
    fireEvent.click(screen.getByRole("button", { name: "Nghe cặp từ thin / tin" }));
    expect(speak.mock.calls).toEqual([["thin. tin", "normal"]]);
  });

  test("a sound that is left out, and one that is added, are called so", () => {
    const habits = [habit({ id: "S>none", ipa: "s", heard_ipa: [] }), habit({ id: "+AH", ipa: null, heard_ipa: ["ə"], times: 4, chances: 30 })];
    const { container } = render(<HabitsCard found={{ recordings: 3, habits }} />);
    expect(screen.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent)).toEqual(["Âm /s/ hay bị bỏ mất", "Hay chen thêm âm /ə/"]);
    expect(container.textContent).toContain("4 lần trong 30 từ");
  });

  test("the first three are shown, the others are a tap away", () => {
    const habits = ["a", "b", "c", "d"].map((id) => habit({ id }));
    const { container } = render(<HabitsCard found={{ recordings: 3, habits }} />);
    expect(container.querySelectorAll(".learner_habit").length).toBe(4);
    expect(container.querySelectorAll("details .learner_habit").length).toBe(1);
  });

  test("a learner without any is told so; before the first recording nothing is said", () => {
    const { container, rerender } = render(<HabitsCard found={{ recordings: 5, habits: [] }} />);
    expect(container.textContent).toContain("chưa thấy thói quen nào lặp lại");
    rerender(<HabitsCard found={{ recordings: 0, habits: [] }} />);
    expect(container.textContent).toBe("");
  });
});
