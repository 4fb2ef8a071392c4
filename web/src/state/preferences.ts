// How somebody likes to practise, kept between visits on this device.
import { signal } from "@preact/signals";

const SILENCE_KEY = "speechcoach.stops_at_silence";

export const stopsAtSilence = signal(localStorage.getItem(SILENCE_KEY) === "yes");

export function setStopsAtSilence(stops: boolean): void {
  stopsAtSilence.value = stops;
  localStorage.setItem(SILENCE_KEY, stops ? "yes" : "no");
}
