import type { ProductReport } from "@speechcoach/client";
import { ApiError } from "@speechcoach/client";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AdminClient } from "../src/api/admin_client";
import { ProductReportCard } from "../src/components/product_report_card";
import { client } from "../src/state/app";
import { openCard } from "./support/opened_card";

const read = vi.spyOn(client, "read");
beforeEach(() => void read.mockReset());
afterEach(cleanup);

function report(changes: Partial<ProductReport> = {}): ProductReport {
  const counts = { active_learners: 24, compared_learners: 11, starters: 7, ratings: 1234 };
  return { ...counts, sessions_a_week: 3.44, score_change_30_days: 0.0417, retention_30_days: 0.4286, mean_stars: 4.25, ...changes };
}

function open(): void {
  render(<ProductReportCard admin={new AdminClient(client)} />);
  openCard();
}

async function figures() {
  await screen.findByText(/Tính chung mọi học viên/);
  return [...document.querySelectorAll("dl > div")].map((figure) => [figure.querySelector("strong")?.textContent, figure.querySelector("dd")?.textContent]);
}

test("each figure has a name, and says what it means and on how many it rests", async () => {
  read.mockResolvedValue(report());
  open();
  expect(await figures()).toEqual([
    ["Số lần luyện mỗi tuần", "3,4"],
    ["Điểm chung thay đổi", "+4,2 %"],
    ["Vẫn luyện sau 30 ngày", "43 %"],
    ["Sao dành cho góp ý", "4,3 / 5"],
  ]);
  for (const text of [/24 học viên có luyện trong 28 ngày qua/, /11 học viên có luyện trong cả hai khoảng/, /7 học viên bắt đầu cách đây/, /1\.234 lượt học viên cho sao/]) screen.getByText(text);
  expect(read.mock.calls).toEqual([["/api/v1/admin/report"]]);
});

test("what rests on too few learners is no zero, and a zero is one", async () => {
  read.mockResolvedValue(report({ sessions_a_week: null, score_change_30_days: null, retention_30_days: 0, mean_stars: null }));
  open();
  expect((await figures()).map(([, value]) => value)).toEqual(["chưa đủ học viên", "chưa đủ học viên", "0 %", "chưa đủ học viên"]);
});

test.each([
  [-0.02, "−2,0 %"],
  [-0.0004, "+0,0 %"],
])("a score that fell has its sign where that is seen: %f", async (score_change_30_days, shown) => {
  read.mockResolvedValue(report({ score_change_30_days }));
  open();
  expect((await figures())[1]).toEqual(["Điểm chung thay đổi", shown]);
});

test("is read when it is opened, and again after a failure", async () => {
  read.mockRejectedValueOnce(new ApiError("busy", "Máy chủ đang bận.", true)).mockResolvedValueOnce(report());
  render(<ProductReportCard admin={new AdminClient(client)} />);
  expect(read).not.toHaveBeenCalled();
  openCard();
  await screen.findByText("Máy chủ đang bận.");
  fireEvent.click(screen.getByRole("button", { name: "Thử lại" }));
  expect((await figures()).length).toBe(4);
});
