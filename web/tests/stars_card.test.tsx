import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StarsCard } from "../src/components/stars_card";
import { client } from "../src/state/app";
import { REST_MS } from "../src/state/use_rested";

beforeEach(() => vi.restoreAllMocks());
afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

const group = () => screen.findByRole<HTMLFieldSetElement>("group", { name: "Góp ý này có giúp bạn không?" });
const press = (stars: number) => fireEvent.click(screen.getByRole("radio", { name: `${stars} sao` }));
const leave = () => fireEvent.focusOut(screen.getByRole("group"));

function chosen() {
  return screen.getAllByRole<HTMLInputElement>("radio").filter(({ checked }) => checked).map(({ value }) => value);
}

test("stars are given, and changed, and stand as they were given", async () => {
  vi.spyOn(client, "stars").mockResolvedValue(2);
  const give = vi.spyOn(client, "giveStars").mockResolvedValue(undefined);
  render(<StarsCard sessionId="s1" />);
  await group();
  expect(chosen()).toEqual(["2"]);
  press(5);
  leave();
  await screen.findByText("Cảm ơn bạn nhé!");
  expect(give).toHaveBeenCalledWith("s1", 5);
  expect(chosen()).toEqual(["5"]);
});

test("what was not taken is said, and the stars stay as they were", async () => {
  vi.spyOn(client, "stars").mockResolvedValue(null);
  vi.spyOn(client, "giveStars").mockRejectedValue(new Error("away"));
  render(<StarsCard sessionId="s1" />);
  await group();
  press(1);
  leave();
  await screen.findByRole("alert");
  await waitFor(() => expect(chosen()).toEqual([]));
});

test("of the stars that arrow keys pass over only the last are sent, once they rest", async () => {
  vi.spyOn(client, "stars").mockResolvedValue(null);
  const give = vi.spyOn(client, "giveStars").mockResolvedValue(undefined);
  render(<StarsCard sessionId="s1" />);
  await group();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (const stars of [2, 3, 4]) {
    press(stars);
    expect(chosen()).toEqual([String(stars)]);
    await act(() => void vi.advanceTimersByTime(REST_MS - 1));
    expect(give).not.toHaveBeenCalled();
  }
  await act(() => void vi.advanceTimersByTime(1));
  expect(give.mock.calls).toEqual([["s1", 4]]);
});

test("who goes elsewhere in the page has the choice sent, and nothing is sent twice", async () => {
  vi.spyOn(client, "stars").mockResolvedValue(null);
  const give = vi.spyOn(client, "giveStars").mockResolvedValue(undefined);
  const { unmount } = render(<StarsCard sessionId="s1" />);
  const stars = await group();
  press(3);
  fireEvent.focusOut(stars, { relatedTarget: screen.getByRole("radio", { name: "4 sao" }) });
  expect(give).not.toHaveBeenCalled();
  leave();
  leave();
  await waitFor(() => expect(give.mock.calls).toEqual([["s1", 3]]));
  press(4);
  unmount();
  await waitFor(() => expect(give.mock.calls).toEqual([["s1", 3], ["s1", 4]]));
});

test("while stars are sent the focus stays, and what is chosen then follows in order", async () => {
  vi.spyOn(client, "stars").mockResolvedValue(null);
  const answers: (() => void)[] = [];
  const give = vi.spyOn(client, "giveStars").mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  render(<StarsCard sessionId="s1" />);
  const stars = await group();
  press(2);
  leave();
  await waitFor(() => expect(give).toHaveBeenCalledTimes(1));
  expect(stars.disabled).toBe(false);
  press(5);
  leave();
  expect(chosen()).toEqual(["5"]);
  await act(async () => answers[0]!());
  await waitFor(() => expect(give.mock.calls).toEqual([["s1", 2], ["s1", 5]]));
  await act(async () => answers[1]!());
  await screen.findByText("Cảm ơn bạn nhé!");
  expect(chosen()).toEqual(["5"]);
});

test("a server that does not answer is no place for stars", async () => {
  vi.spyOn(client, "stars").mockRejectedValue(new Error("away"));
  const { container } = render(<StarsCard sessionId="s1" />);
  await waitFor(() => expect(container.innerHTML).toBe(""));
});
