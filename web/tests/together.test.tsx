import type { Challenge, Leaderboard } from "@speechcoach/client";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import { challengeOf } from "../src/components/challenge_form";
import { ChallengeList } from "../src/components/challenge_list";
import { LeaderboardCard } from "../src/components/leaderboard_card";
import { classesClient } from "../src/state/my_classes";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function challenge(changes: Partial<Challenge> = {}): Challenge {
  return { id: 1, title: "100 phút", measure: "minutes", goal: 100, begins_at: "2026-11-20T00:00:00Z", ends_at: "2026-11-30T16:59:59Z", so_far: 25.5, own: 5, ...changes };
}

describe("what a class does together", () => {
  test("a learner sees how far it is, and the own share", () => {
    const { container } = render(<ChallengeList challenges={[challenge()]} />);
    expect(container.textContent).toContain("Cả lớp đã luyện 26 trên 100 phút");
    expect(container.textContent).toContain("bạn góp 5,0 phút");
    expect(screen.getByRole("progressbar", { name: "100 phút" }).getAttribute("value")).toBe("25.5");
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("what is reached is told; where two learn together, the sum is not", () => {
    const { container } = render(<ChallengeList challenges={[challenge({ so_far: 120 }), challenge({ id: 2, so_far: null })]} />);
    const [reached, secret] = container.querySelectorAll("li");
    expect(reached?.textContent).toContain("đã đạt, hoan hô cả lớp!");
    expect(secret?.textContent).not.toContain("Cả lớp đã luyện");
    expect(screen.getAllByRole("progressbar").length).toBe(1);
  });

  test("a goal lasts from now to the end of its last day", () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ title: " Tuần nói ", goal: "30", measure: "sessions", ends: "2026-12-01" })) form.set(name, value);
    const now = new Date("2026-11-23T08:00:00Z");
    expect(challengeOf(form, now)).toEqual({
      ...{ title: "Tuần nói", goal: 30, measure: "sessions", begins_at: "2026-11-23T08:00:00.000Z" },
      ends_at: new Date("2026-12-01T23:59:59").toISOString(),
    });
  });
});

describe("the leaderboard", () => {
  const board: Leaderboard = { takes_part: false, learners: [{ name: "Lan", sessions: 3, minutes: 12, is_caller: false }] };

  test("is joined and left by the learner alone", async () => {
    const takePart = vi.spyOn(classesClient, "takePart").mockResolvedValue();
    const onChange = vi.fn();
    const { rerender } = render(<LeaderboardCard board={board} classId={7} onChange={onChange} />);
    fireEvent.click(screen.getByRole("button", { name: "Cho mình lên bảng" }));
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    const own = { name: "An", sessions: 1, minutes: 2, is_caller: true };
    rerender(<LeaderboardCard board={{ takes_part: true, learners: [...board.learners, own] }} classId={7} onChange={onChange} />);
    expect(document.querySelector("[aria-current]")?.textContent).toContain("An");
    fireEvent.click(screen.getByRole("button", { name: "Rút tên khỏi bảng" }));
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
    expect(takePart.mock.calls).toEqual([
      [7, true],
      [7, false],
    ]);
    rerender(<LeaderboardCard board={board} />);
    expect(screen.queryByRole("button")).toBeNull();
  });
});
