// An English voice of the device itself, for when the server's cannot be had. Voices that send the text elsewhere are not used.
import { signal } from "@preact/signals";
import type { Pace } from "@speechcoach/client";

const RATES: Record<Pace, number> = { normal: 0.95, slow: 0.6 };

function localVoice(): SpeechSynthesisVoice | null {
  const english = speechSynthesis.getVoices().filter((voice) => voice.localService && voice.lang.toLowerCase().startsWith("en"));
  return english.find((voice) => /^en[-_]us/i.test(voice.lang)) ?? english[0] ?? null;
}

const synthesis = "speechSynthesis" in window ? window.speechSynthesis : undefined;
const voice = signal<SpeechSynthesisVoice | null>(null);

// Voices are loaded late, and can be installed while the page is open.
if (synthesis !== undefined) {
  voice.value = localVoice();
  synthesis.addEventListener("voiceschanged", () => (voice.value = localVoice()));
}

// False where the device has no English voice of its own.
export function hasDeviceVoice(): boolean {
  return voice.value !== null;
}

export function speakByDevice(text: string, pace: Pace = "normal"): void {
  if (voice.value === null || synthesis === undefined) return;
  synthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice.value;
  utterance.lang = voice.value.lang;
  utterance.rate = RATES[pace];
  synthesis.speak(utterance);
}
