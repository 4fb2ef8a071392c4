import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StarsCard } from "../src/components/stars_card";
import { client } from "../src/state/app";

beforeEach(() => vi.restoreAllMocks());
afterEach(cleanup);

function chosen() {
  return screen.getAllByRole<HTMLInputElement>("radio").filter(({ checked }) => checked).map(({ value }) => value);
}

test("stars are given, and changed, and stand as they were given", async () => {
  vi.spyOn(client, "stars").mockResolvedValue(2);
  const give = vi.spyOn(client, "giveStars").mockResolvedValue(undefined);
  render(<StarsCard sessionId="s1" />);
  await screen.findByRole("group", { name: "Góp ý này có giúp bạn không?" });
  expect(chosen()).toEqual(["2"]);
  fireEvent.click(screen.getByRole("radio", { name: "5 sao" }));
  await screen.findByText("Cảm ơn bạn nhé!");
  expect(give).toHaveBeenCalledWith("s1", 5);
  expect(chosen()).toEqual(["5"]);
});

test("what was not taken is said, and the stars stay as they were", async () => {
  vi.spyOn(client, "stars").mockResolvedValue(null);
  vi.spyOn(client, "giveStars").mockRejectedValue(new Error("away"));
  render(<StarsCard sessionId="s1" />);
  fireEvent.click(await screen.findByRole("radio", { name: "1 sao" }));
  await screen.findByRole("alert");
  await waitFor(() => expect(chosen()).toEqual([]));
});

test("a server that does not answer is no place for stars", async () => {
  vi.spyOn(client, "stars").mockRejectedValue(new Error("away"));
  const { container } = render(<StarsCard sessionId="s1" />);
  await waitFor(() => expect(container.innerHTML).toBe(""));
});
