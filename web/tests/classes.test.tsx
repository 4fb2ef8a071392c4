import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, type Assignment, type Classes, type Sentence } from "@speechcoach/client";
import { AssignmentForm } from "../src/components/assignment_form";
import { AssignmentsCard } from "../src/components/assignments_card";
import { ConfirmButton } from "../src/components/confirm_button";
import { TableForm } from "../src/components/table_form";
import { classesClient, myClasses, openAssignments, readMyClasses } from "../src/state/my_classes";
import { useLoaded } from "../src/state/use_loaded";

const CLASS = { id: 3, name: "Lớp 9A", created_at: "2026-11-23T00:00:00Z" };

function assignment(id: number, due_at: string | null, own: Assignment["own"] = null): Assignment {
  return { id, sentence_id: id, text: `Sentence ${id}.`, note: "", due_at, created_at: "2026-11-23T00:00:00Z", own };
}

function sentence(id: number, level: Sentence["level"]): Sentence {
  return { id, text: `Sentence ${id}.`, text_vi: "", level, topic: "school", focus_sounds: [] };
}

beforeEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
  myClasses.value = null;
});
afterEach(cleanup);

describe("what a learner is to read", () => {
  const classes: Classes = { teaching: [], learning: [CLASS], invitations: [] };

  test("is shown until it was read, what is due first first", async () => {
    vi.spyOn(classesClient, "classes").mockResolvedValue(classes);
    vi.spyOn(classesClient, "assignments").mockResolvedValue([
      assignment(1, null),
      assignment(2, "2026-12-02T00:00:00Z"),
      assignment(3, "2026-12-01T00:00:00Z"),
      assignment(4, "2026-11-30T00:00:00Z", { readings: 1, best_overall: 7, first_at: "2026-11-24T00:00:00Z", is_late: false }),
    ]);
    await readMyClasses();
    expect(openAssignments().map((own) => own.assignment.id)).toEqual([3, 2, 1]);
    render(<AssignmentsCard />);
    expect(screen.getByRole("region", { name: "Bài được giao: 3" })).toBeTruthy();
    expect(screen.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual(["/sentence/3", "/sentence/2", "/sentence/1"]);
  });

  test("is as it was where the server is away", async () => {
    vi.spyOn(classesClient, "classes").mockResolvedValueOnce(classes).mockRejectedValueOnce(new Error("away"));
    vi.spyOn(classesClient, "assignments").mockResolvedValue([assignment(1, null)]);
    await readMyClasses();
    await expect(readMyClasses()).rejects.toThrow("away");
    expect(openAssignments().length).toBe(1);
  });
});

describe("a sentence is given to a class", () => {
  test("until the end of its last day, from one's own sentences first", async () => {
    const onAssign = vi.fn().mockResolvedValue(undefined);
    render(<AssignmentForm all={[sentence(5, "A1"), sentence(1_000_001, "B1")]} onAssign={onAssign} />);
    fireEvent.input(screen.getByLabelText("Hạn cuối ngày"), { target: { value: "2026-12-01" } });
    fireEvent.submit(screen.getByRole("form"));
    await waitFor(() => expect(onAssign).toHaveBeenCalledOnce());
    expect(onAssign.mock.calls[0]?.[0]).toEqual({ sentence_id: 1_000_001, note: "", due_at: new Date("2026-12-01T23:59:59").toISOString() });
  });
});

describe("a table", () => {
  test("whose lines are wrong stays, with what is wrong; one that was taken is emptied", async () => {
    const onSend = vi.fn();
    onSend.mockRejectedValueOnce(new ApiError("bad_field", "", false, null, ["Dòng 2: sai.", "Dòng 4: sai."]));
    onSend.mockResolvedValueOnce("Đã mời 2 người.");
    render(<TableForm name="Mời" hint="" columns="email,name" onSend={onSend} />);
    const table = screen.getByRole("textbox") as HTMLTextAreaElement;
    expect(table.value).toBe("email,name\n");
    fireEvent.input(table, { target: { value: "email,name\nx" } });
    fireEvent.submit(screen.getByRole("form"));
    const alert = await screen.findByRole("alert");
    expect([...alert.querySelectorAll("p")].map(({ textContent }) => textContent)).toEqual(["Dòng 2: sai.", "Dòng 4: sai."]);
    expect(table.value).toBe("email,name\nx");
    fireEvent.submit(screen.getByRole("form"));
    expect((await screen.findByRole("status")).textContent).toBe("Đã mời 2 người.");
    expect(table.value).toBe("email,name\n");
    expect(onSend.mock.calls).toEqual([["email,name\nx"], ["email,name\nx"]]);
  });
});

describe("what cannot be undone", () => {
  test("is asked twice, and what was refused is said", async () => {
    const onConfirm = vi.fn().mockRejectedValueOnce(new ApiError("busy", "Máy chủ bận.", true)).mockResolvedValueOnce(undefined);
    render(<ConfirmButton name="Đóng lớp" warning="Mất hết." onConfirm={onConfirm} />);
    fireEvent.click(screen.getByRole("button", { name: "Đóng lớp" }));
    expect(onConfirm).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Đóng lớp" }));
    expect((await screen.findByRole("alert")).textContent).toBe("Máy chủ bận.");
    fireEvent.click(screen.getByRole("button", { name: "Đóng lớp" }));
    await waitFor(() => expect(screen.queryByText("Mất hết.")).toBeNull());
    expect(onConfirm).toHaveBeenCalledTimes(2);
  });
});

describe("what a page reads", () => {
  test("is never an answer to an earlier question", async () => {
    const answers = new Map<string, (value: string) => void>();
    function Page({ name }: { name: string }) {
      const [state] = useLoaded(() => new Promise<string>((resolve) => answers.set(name, resolve)), name);
      return <p>{state.name === "loaded" ? state.value : state.name}</p>;
    }
    const { rerender } = render(<Page name="one" />);
    await waitFor(() => expect(answers.has("one")).toBe(true));
    rerender(<Page name="two" />);
    await waitFor(() => expect(answers.has("two")).toBe(true));
    answers.get("two")?.("the second");
    expect(await screen.findByText("the second")).toBeTruthy();
    answers.get("one")?.("the first");
    await Promise.resolve();
    expect(screen.queryByText("the first")).toBeNull();
  });
});
