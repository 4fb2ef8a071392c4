import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { StageProgress } from "../src/components/stage_progress";

afterEach(cleanup);

function show(ahead: number | undefined, percent: number) {
  render(<StageProgress stage="listening" percent={percent} ahead={ahead} hasWords={false} hasProsody={false} />);
  const told = screen.getByRole("status").textContent;
  cleanup();
  return told;
}

test("who waits reads how many come before, then that the work goes on", () => {
  expect(show(12, 0)).toBe("Lúc này nhiều bạn cùng luyện quá. Còn 12 bài nữa là đến lượt bạn.");
  expect(show(0, 0)).toBe("Sắp đến lượt bạn rồi.");
  expect(show(undefined, 5)).toBe("Lắng nghe");
});
