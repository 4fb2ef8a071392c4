import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UnreachableError, type SessionPage, type SessionSummary } from "@speechcoach/client";
import { client } from "../src/state/app";
import { History } from "../src/state/history";
import { setTheme } from "../src/state/theme";
import { stopsAtSilence } from "../src/state/preferences";
import { setLocale } from "../src/i18n";
import { SettingsView } from "../src/views/settings_view";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  setLocale("vi");
  setTheme("system");
});

describe("settings", () => {
  test("language, appearance and silence are taken at once and kept", () => {
    vi.spyOn(client, "read").mockRejectedValue(new UnreachableError());
    render(<SettingsView />);
    fireEvent.click(screen.getByLabelText("Tối"));
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    expect(localStorage.getItem("speechcoach.theme")).toBe("dark");
    fireEvent.click(screen.getByLabelText("English"));
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Settings");
    fireEvent.click(screen.getByRole("checkbox"));
    expect(stopsAtSilence.value).toBe(true);
    expect(localStorage.getItem("speechcoach.stops_at_silence")).toBe("yes");
  });
});

function past(id: string, changes: Partial<SessionSummary> = {}): SessionSummary {
  return { id, audio: { format: "wav", size_bytes: 1, duration_s: 1 }, ...changes } as SessionSummary;
}

describe("the history", () => {
  const sessions = vi.fn<(cursor: string | null) => Promise<SessionPage>>();
  beforeEach(() => sessions.mockReset());

  test("comes page by page, without what was never spoken", async () => {
    sessions.mockResolvedValueOnce({ sessions: [past("a"), past("b", { audio: null })], next_cursor: "x" });
    sessions.mockResolvedValueOnce({ sessions: [past("c")], next_cursor: null });
    const history = new History({ sessions });
    await history.load();
    expect(history.hasMore.value).toBe(true);
    await history.load();
    expect(sessions.mock.calls).toEqual([[null], ["x"]]);
    expect(history.sessions.value.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(history.hasMore.value).toBe(false);
  });

  test("a page that did not come is asked for again", async () => {
    sessions.mockRejectedValueOnce(new Error("away"));
    sessions.mockResolvedValueOnce({ sessions: [past("a")], next_cursor: null });
    const history = new History({ sessions });
    await history.load();
    expect(history.state.value).toBe("failed");
    await history.load();
    expect(history.state.value).toBe("loaded");
    expect(history.sessions.value.length).toBe(1);
  });
});
