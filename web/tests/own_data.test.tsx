import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, UnreachableError, type Export } from "@speechcoach/client";
import { OwnDataCard } from "../src/components/own_data_card";
import { auth, client } from "../src/state/app";
import * as download from "../src/state/download";
import { OwnData } from "../src/state/own_data";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const LAN = 7;
const MINH = 8;
const PERSON = { user: { id: LAN, name: "Lan" }, comments_written: [{ text: "Em cảm ơn cô." }] };

function page(sessions: string[], next_cursor: string | null, person?: object): Export {
  return { exported_at: "2026-11-23T08:00:00Z", next_cursor, sessions: sessions.map((id) => ({ id })), ...(person === undefined ? {} : { person }) } as unknown as Export;
}

const read = vi.fn<(path: string) => Promise<unknown>>();
beforeEach(() => void read.mockReset());

async function documentOf(file: Blob | null) {
  return JSON.parse(await file!.text()) as unknown;
}

describe("the file", () => {
  const of = (userId: () => number) => new OwnData({ read: read as typeof client.read }, userId);

  test("has the person and the sessions of all pages, in their order", async () => {
    read.mockResolvedValueOnce(page(["d", "c"], "x/1", PERSON)).mockResolvedValueOnce(page(["b"], "y")).mockResolvedValueOnce(page([], null));
    const data = of(() => LAN);
    const file = await data.fetch();
    expect(read.mock.calls).toEqual([["/api/v1/auth/me/export"], ["/api/v1/auth/me/export?cursor=x%2F1"], ["/api/v1/auth/me/export?cursor=y"]]);
    expect(await documentOf(file)).toEqual({ exported_at: "2026-11-23T08:00:00Z", person: PERSON, sessions: [{ id: "d" }, { id: "c" }, { id: "b" }] });
    expect(file?.type).toBe("application/json");
    expect(data.count.value).toBe(3);
  });

  test("of somebody who has not practised is whole, and another one begins anew", async () => {
    read.mockResolvedValueOnce(page([], null, PERSON)).mockResolvedValueOnce(page(["a"], null, PERSON));
    const data = of(() => LAN);
    expect(await documentOf(await data.fetch())).toMatchObject({ person: PERSON, sessions: [] });
    expect(await documentOf(await data.fetch())).toMatchObject({ person: PERSON, sessions: [{ id: "a" }] });
    expect(data.count.value).toBe(1);
  });

  test("goes on with the page that did not come", async () => {
    read.mockResolvedValueOnce(page(["b"], "x", PERSON)).mockRejectedValueOnce(new UnreachableError()).mockResolvedValueOnce(page(["a"], null));
    const data = of(() => LAN);
    await expect(data.fetch()).rejects.toBeInstanceOf(UnreachableError);
    expect(data.count.value).toBe(1);
    expect(await documentOf(await data.fetch())).toMatchObject({ person: PERSON, sessions: [{ id: "b" }, { id: "a" }] });
    expect(read.mock.calls.map(([path]) => path.split("?")[1])).toEqual([undefined, "cursor=x", "cursor=x"]);
  });

  test("never joins two people's practices", async () => {
    const minh = { user: { id: MINH, name: "Minh" } };
    let signedIn = LAN;
    read.mockResolvedValueOnce(page(["lans"], "x", PERSON));
    read.mockImplementationOnce(() => {
      signedIn = MINH;
      return Promise.resolve(page(["minhs"], null));
    });
    read.mockResolvedValueOnce(page(["minhs"], null, minh));
    const data = of(() => signedIn);
    expect(await data.fetch()).toBeNull();
    expect(await documentOf(await data.fetch())).toMatchObject({ person: minh, sessions: [{ id: "minhs" }] });
  });
});

describe("the card", () => {
  const signIn = (id: number) => {
    const signedIn = { token: "x", expires_at: new Date(Date.now() + 3_600_000).toISOString(), user: { id, name: "", role: "learner" } };
    vi.spyOn(window, "fetch").mockResolvedValue(Response.json(signedIn));
    return auth.logIn("x@example.com", "x");
  };

  test("saves the file, says how far it has come, and goes on after a failure in the second page", async () => {
    await signIn(LAN);
    const save = vi.spyOn(download, "saveFile").mockReturnValue();
    vi.spyOn(client, "read").mockImplementation(read as typeof client.read);
    let answer: (value: Export) => void = () => {};
    read.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    read.mockRejectedValueOnce(new ApiError("rate_limited", "Bạn chờ một phút rồi thử lại nhé.", true)).mockResolvedValueOnce(page(["a"], null));
    render(<OwnDataCard />);
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Tải dữ liệu của bạn" });
    fireEvent.click(button);
    await screen.findByText("Đang tải, đã có 0 lần luyện…");
    expect(button.disabled).toBe(true);
    answer(page(["c", "b"], "x", PERSON));
    expect((await screen.findByRole("alert")).textContent).toBe("Bạn chờ một phút rồi thử lại nhé.");
    expect(save).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Thử lại" }));
    await screen.findByText("Xong rồi! Tệp có 3 lần luyện của bạn.");
    expect(screen.getByRole("status").textContent).toBe("Xong rồi! Tệp có 3 lần luyện của bạn.");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(save.mock.calls.map(([, name]) => name)).toEqual(["speechcoach.json"]);
    expect(await documentOf(save.mock.calls[0]![0])).toMatchObject({ person: PERSON, sessions: [{ id: "c" }, { id: "b" }, { id: "a" }] });
  });

  test("saves nothing where somebody else has signed in", async () => {
    await signIn(MINH);
    const save = vi.spyOn(download, "saveFile").mockReturnValue();
    vi.spyOn(client, "read").mockResolvedValue(page(["a"], null, PERSON));
    render(<OwnDataCard />);
    fireEvent.click(screen.getByRole("button", { name: "Tải dữ liệu của bạn" }));
    await screen.findByText(/Tài khoản đang dùng vừa đổi/);
    expect(save).not.toHaveBeenCalled();
  });

  test("tells nobody else what was saved", async () => {
    vi.spyOn(download, "saveFile").mockReturnValue();
    vi.spyOn(client, "read").mockResolvedValue(page(["a"], null, PERSON));
    await signIn(LAN);
    render(<OwnDataCard />);
    fireEvent.click(screen.getByRole("button", { name: "Tải dữ liệu của bạn" }));
    await screen.findByText("Xong rồi! Tệp có 1 lần luyện của bạn.");
    await signIn(MINH);
    await waitFor(() => expect(screen.getByRole("status").textContent).toBe(""));
  });
});
