import { fireEvent } from "@testing-library/preact";

// Opens the one OpenedCard of the page.
export function openCard(): void {
  const card = document.querySelector("details")!;
  card.open = true;
  fireEvent(card, new Event("toggle"));
}
