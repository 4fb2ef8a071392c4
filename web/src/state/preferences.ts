// How somebody likes to practise, kept between visits on this device.
import { signal } from "@preact/signals";

const SILENCE_KEY = "speechcoach.stops_at_silence";

export const stopsAtSilence = signal(localStorage.getItem(SILENCE_KEY) === "yes");

export function setStopsAtSilence(stops: boolean): void {
  stopsAtSilence.value = stops;
  localStorage.setItem(SILENCE_KEY, stops ? "yes" : "no");
}

const MICROPHONE_KEY = "speechcoach.microphone";

// null leaves the choice to the device.
export const microphoneId = signal<string | null>(localStorage.getItem(MICROPHONE_KEY));

export function setMicrophone(id: string | null): void {
  microphoneId.value = id;
  if (id === null) localStorage.removeItem(MICROPHONE_KEY);
  else localStorage.setItem(MICROPHONE_KEY, id);
}
