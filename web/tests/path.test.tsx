import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Achievement, LearningPath, Sentence } from "@speechcoach/client";
import { AchievementsCard } from "../src/components/achievements_card";
import { client } from "../src/state/app";
import { chooseTodaysFive, todaysFive } from "../src/state/path";
import { PathView } from "../src/views/path_view";

const ALL = Array.from({ length: 12 }, (_, index) => ({
  id: index + 1,
  text: `Sentence ${index + 1}.`,
  text_vi: "",
  level: "A1",
  topic: "school",
  focus_sounds: [],
})) as Sentence[];

function path(ids: readonly number[], changes: Partial<LearningPath["items"][number]> = {}): LearningPath {
  const items = ids.map((id) => ({ sentence: ALL[id - 1]!, reason: "new" as const, weak_focus: [], review: null, ...changes }));
  return { date: "2026-11-23", due: 0, items, weak_sounds: [] };
}

beforeEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});
afterEach(cleanup);

describe("today's five", () => {
  test("are the head of the path, asked for once however many ask", async () => {
    const asked = vi.spyOn(client, "learningPath").mockResolvedValue(path([9, 2, 7, 4, 1]));
    await Promise.all([chooseTodaysFive(), chooseTodaysFive()]);
    expect(asked.mock.calls).toEqual([[5]]);
    expect(todaysFive(ALL)?.map(({ id }) => id)).toEqual([9, 2, 7, 4, 1]);
  });

  test("are chosen on the device where the server says nothing, or too few", async () => {
    vi.spyOn(client, "learningPath").mockRejectedValueOnce(new Error("away")).mockResolvedValueOnce(path([3, 1]));
    await chooseTodaysFive();
    expect(todaysFive(ALL)?.length).toBe(5);
    await chooseTodaysFive();
    expect(todaysFive(ALL)?.length).toBe(5);
  });
});

describe("the path", () => {
  test("says why each sentence comes", async () => {
    const found = path([5], { reason: "weak_sound", weak_focus: ["TH", "final_S"] });
    found.items.push({ ...path([6]).items[0]!, reason: "due", review: { readings: 2, last_score: 6.2, last_date: "2026-11-20", due_date: "2026-11-23", interval_days: 1 } });
    vi.spyOn(client, "learningPath").mockResolvedValue({ ...found, due: 1 });
    render(<PathView />);
    expect(await screen.findByText("Có âm bạn hay sai: /θ/, /s/ cuối từ")).toBeTruthy();
    expect(screen.getByText("Đến hạn ôn lại")).toBeTruthy();
    expect(screen.getByText(/Có 1 câu đến hạn/)).toBeTruthy();
    expect(screen.getByLabelText("6,2 điểm")).toBeTruthy();
  });
});

describe("achievements", () => {
  test("what is reached comes first, then what is nearest", () => {
    const some = (id: string, so_far: number, reached_on: string | null = null): Achievement => ({ id, title: id, goal: 10, so_far, reached_on });
    render(<AchievementsCard achievements={[some("far", 1), some("near", 9), some("done", 10, "2026-11-20")]} />);
    expect(screen.getByRole("region", { name: "Thành tích: 1 / 3" })).toBeTruthy();
    expect(screen.getAllByRole("listitem").map((item) => item.querySelector("strong")?.textContent)).toEqual(["done", "near", "far"]);
  });
});
