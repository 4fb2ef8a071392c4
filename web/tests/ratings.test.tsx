import { signal } from "@preact/signals";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { LocationProvider } from "preact-iso";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ApiError } from "@speechcoach/client";
import { Player } from "../src/audio/player";
import { AgreementCard } from "../src/components/agreement_card";
import { RatingConsent } from "../src/components/rating_consent";
import { client } from "../src/state/app";
import { ratingsClient } from "../src/state/ratings";
import { RatingsView } from "../src/views/ratings_view";
import { openCard } from "./support/opened_card";

vi.mock("../src/components/recording_wave", () => ({ drawWave: () => ({ destroy: () => {}, showPosition: () => {} }) }));

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function silentPlayer(): Player {
  const position = signal<number | null>(null);
  return { position, durationS: 2, playAll: () => (position.value = 0), stop: () => (position.value = null), dispose: () => {} } as unknown as Player;
}

describe("a teacher", () => {
  test("hears a reading before rating it, rates it in four ways, and gets the next one", async () => {
    const next = vi.spyOn(ratingsClient, "next");
    next.mockResolvedValueOnce({ session_id: "a", reference_text: "Good morning!", raters: 1 }).mockResolvedValueOnce(null);
    vi.spyOn(ratingsClient, "recording").mockResolvedValue(new Blob());
    vi.spyOn(Player, "ofFile").mockResolvedValue(silentPlayer());
    const rate = vi.spyOn(ratingsClient, "rate").mockImplementation((_, rating) => Promise.resolve(rating));
    render(
      <LocationProvider>
        <RatingsView />
      </LocationProvider>,
    );
    const play = await screen.findByRole("button", { name: "Nghe lại" });
    expect(screen.getByRole("heading", { level: 2 }).textContent).toBe("Good morning!");
    expect(screen.queryAllByRole("radio"), "not before it was heard").toEqual([]);
    fireEvent.click(play);
    const scales = await screen.findAllByRole("group");
    expect(scales.map((scale) => scale.querySelector("legend")?.textContent)).toEqual(["Phát âm", "Trôi chảy", "Ngữ điệu", "Tổng thể"]);
    const radios = screen.getAllByRole<HTMLInputElement>("radio");
    expect(radios.length).toBe(44);
    expect(radios.every(({ required, checked }) => required && !checked)).toBe(true);
    const rating = { accuracy: 7, fluency: 0, prosodic: 10, total: 6 };
    for (const [name, points] of Object.entries(rating)) {
      const radio = radios.find((each) => each.name === name && each.value === String(points));
      if (radio !== undefined) fireEvent.click(radio);
    }
    fireEvent.submit(screen.getByRole("form"));
    await screen.findByText(/Hiện chưa có bài nào chờ thầy cô chấm/);
    expect(rate.mock.calls).toEqual([["a", rating]]);
    expect(screen.getByRole("status").textContent).toBe("Thầy cô đã chấm 1 bài. Cảm ơn thầy cô!");
  });

  test("skips a reading that cannot be rated", async () => {
    const next = vi.spyOn(ratingsClient, "next");
    next.mockResolvedValueOnce({ session_id: "a", reference_text: "Good morning!", raters: 1 }).mockResolvedValueOnce({ session_id: "b", reference_text: "Good night!", raters: 0 });
    vi.spyOn(ratingsClient, "recording").mockResolvedValue(new Blob());
    vi.spyOn(Player, "ofFile").mockResolvedValue(null);
    render(
      <LocationProvider>
        <RatingsView />
      </LocationProvider>,
    );
    await screen.findByText(/không mở được bản ghi/);
    fireEvent.click(screen.getByRole("button", { name: "Bỏ qua bài này" }));
    await screen.findByRole("heading", { name: "Good night!" });
    expect(next.mock.calls).toEqual([[null], ["a"]]);
  });
});

describe("a learner", () => {
  test("consents; where the server does not take it back, it stays given", async () => {
    vi.spyOn(client, "read").mockResolvedValue({ is_child: false });
    vi.spyOn(ratingsClient, "consent").mockResolvedValue(false);
    const set = vi.spyOn(ratingsClient, "setConsent").mockResolvedValueOnce();
    render(<RatingConsent />);
    const box = await screen.findByRole<HTMLInputElement>("checkbox");
    expect(box.checked).toBe(false);
    fireEvent.click(box);
    await waitFor(() => expect(box.getAttribute("aria-disabled")).toBe("false"));
    expect(box.checked).toBe(true);
    set.mockRejectedValueOnce(new ApiError("busy", "Máy chủ đang bận.", true));
    fireEvent.click(box);
    expect((await screen.findByRole("alert")).textContent).toBe("Máy chủ đang bận.");
    await waitFor(() => expect(box.checked).toBe(true));
    expect(set.mock.calls).toEqual([[true], [false]]);
  });

  test("is not asked where only a guardian may agree", async () => {
    const read = vi.spyOn(client, "read").mockResolvedValue({ is_child: true });
    const consent = vi.spyOn(ratingsClient, "consent").mockResolvedValue(false);
    const { container } = render(<RatingConsent />);
    await waitFor(() => expect(read).toHaveResolved());
    expect(consent).not.toHaveBeenCalled();
    expect(container.textContent).toBe("");
  });

  test("is offered nothing where the server does not say", async () => {
    vi.spyOn(client, "read").mockResolvedValue({ is_child: false });
    const consent = vi.spyOn(ratingsClient, "consent").mockRejectedValue(new Error("away"));
    const { container } = render(<RatingConsent />);
    await waitFor(() => expect(consent).toHaveBeenCalled());
    expect(container.textContent).toBe("");
  });
});

describe("an administrator", () => {
  const nothing = { recordings: 0, with_scores: null, mean_difference: null, between_raters: null };

  test("reads how near the scores come to what teachers think", async () => {
    vi.spyOn(ratingsClient, "agreement").mockResolvedValue([
      { rating: "accuracy", recordings: 12, with_scores: 0.812, mean_difference: 0.94, between_raters: 0.79 },
      { rating: "total", ...nothing },
    ]);
    render(<AgreementCard />);
    openCard();
    await screen.findByRole("table");
    const rows = [...document.querySelectorAll("tbody tr")].map((row) => [...row.children].map(({ textContent }) => textContent));
    expect(rows).toEqual([
      ["Phát âm", "12", "0,81", "0,9", "0,79"],
      ["Tổng thể", "0", "–", "–", "–"],
    ]);
  });

  test("is told where nothing was rated twice", async () => {
    vi.spyOn(ratingsClient, "agreement").mockResolvedValue([{ rating: "accuracy", ...nothing }]);
    render(<AgreementCard />);
    openCard();
    await screen.findByText("Chưa có bài nào được hai thầy cô chấm.");
    expect(screen.queryByRole("table")).toBeNull();
  });
});
