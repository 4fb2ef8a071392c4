import { cleanup, render } from "@testing-library/preact";
import { afterEach, describe, expect, test } from "vitest";
import type { Trends } from "@speechcoach/client";
import { daysBetween, PracticeCalendar, shadeOf } from "../src/components/practice_calendar";

afterEach(cleanup);

describe("the practice calendar", () => {
  test("has every day once, across the end of a month and of a year", () => {
    expect(daysBetween("2026-02-27", "2026-03-02")).toEqual(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
    expect(daysBetween("2026-12-31", "2027-01-01")).toEqual(["2026-12-31", "2027-01-01"]);
  });

  test("is the darker the longer the practice", () => {
    expect([undefined, 0, 0.5, 4, 8, 12, 15, 90].map(shadeOf)).toEqual([0, 1, 1, 2, 3, 4, 4, 4]);
  });

  test("begins in the row of its first weekday", () => {
    const point = { start: "2026-11-19", sessions: 1, minutes: 20, scores: {}, moving_average: 7 };
    const days = { period: "day", from: "2026-11-18", to: "2026-11-20", points: [point] } as unknown as Trends;
    const { container } = render(<PracticeCalendar days={days} />);
    const squares = [...container.querySelectorAll<HTMLElement>(".calendar__day")];
    expect(squares.length).toBe(3);
    expect(squares[0]?.style.gridRowStart).toBe("3");
    expect(squares[1]?.className).toContain("calendar__day--4");
    expect(squares[2]?.className).toContain("calendar__day--0");
    expect(container.querySelector("[role=img]")?.getAttribute("aria-label")).toBe("1 ngày có luyện trong 16 tuần qua");
  });
});
