import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import { ApiError, type ChildInClass, type ClassLearner } from "@speechcoach/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChildrenCard } from "../src/components/children_card";
import { classesClient } from "../src/state/my_classes";

function learner(user_id: number, name: string): ClassLearner {
  return { user_id, name, sessions: 0, minutes: 0, last_practice_at: null, mean_overall: null } as ClassLearner;
}

const AN: ChildInClass = { user_id: 4, name: "An", is_given: false, source: null };
const BINH: ChildInClass = { user_id: 5, name: "Bình", is_given: true, source: "guardian" };

beforeEach(() => void vi.restoreAllMocks());
afterEach(cleanup);

async function press(name: string): Promise<void> {
  fireEvent.click(await screen.findByRole("button", { name }));
  fireEvent.click(within(screen.getByRole("group", { name })).getByRole("button", { name }));
}

describe("the children of a class", () => {
  test("have their status; of what a guardian said nothing is changed here", async () => {
    vi.spyOn(classesClient, "children").mockResolvedValue([BINH]);
    render(<ChildrenCard classId={3} learners={[learner(5, "Bình")]} />);
    await screen.findByText("Cha mẹ đã đồng ý");
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("practise once the teacher confirms that consent is held", async () => {
    vi.spyOn(classesClient, "children").mockResolvedValueOnce([AN]).mockResolvedValueOnce([{ ...AN, is_given: true, source: "school" }]);
    const record = vi.spyOn(classesClient, "recordChild").mockResolvedValue(undefined);
    render(<ChildrenCard classId={3} learners={[learner(4, "An")]} />);
    await press("Đã có giấy đồng ý");
    await screen.findByText("Nhà trường đang giữ giấy đồng ý");
    expect(record).toHaveBeenCalledExactlyOnceWith({ classId: 3, userId: 4 }, true);
  });

  test("are noted one by one, of those who are none yet", async () => {
    vi.spyOn(classesClient, "children").mockResolvedValueOnce([AN]).mockResolvedValueOnce([AN, { ...AN, user_id: 6, name: "Chi" }]);
    const record = vi.spyOn(classesClient, "recordChild").mockResolvedValue(undefined);
    render(<ChildrenCard classId={3} learners={[learner(4, "An"), learner(6, "Chi")]} />);
    await screen.findByRole("form", { name: "Ghi là dưới 16 tuổi" });
    expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Chi"]);
    fireEvent.submit(screen.getByRole("form"));
    await screen.findByText("Học viên dưới 16 tuổi: 2");
    expect(record).toHaveBeenCalledExactlyOnceWith({ classId: 3, userId: 6 }, false);
    expect(screen.queryByRole("form")).toBeNull();
  });

  test("stay where the word was not the teacher's alone", async () => {
    vi.spyOn(classesClient, "children").mockResolvedValue([AN]);
    vi.spyOn(classesClient, "undoChild").mockRejectedValue(new ApiError("conflict", "Việc này không làm được lúc này.", false));
    render(<ChildrenCard classId={3} learners={[learner(4, "An")]} />);
    await press("Bỏ ghi nhận");
    await waitFor(() => screen.getByText("Việc này không làm được lúc này."));
  });
});
