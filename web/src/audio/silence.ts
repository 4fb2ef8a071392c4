// Tells when somebody who was speaking has been silent for long enough to be done.
import { BAR_S } from "./level";

// All on the scale of audio/level.ts. Nobody who can be understood stays below.
const SPEECH_PEAK = 0.3;
// 15 dB under the loudest is a pause, whatever the microphone and the room.
const PAUSE_DEPTH = 0.28;
// So much speech must have been heard: a cough does not start the wait.
const SPEECH_BARS = Math.round(0.4 / BAR_S);

// True once the last `silence_s` seconds hold no speech and there was speech before them. `loudness`: one value a bar, [0, 1].
export function isSilentAfterSpeech(loudness: readonly number[], silence_s: number): boolean {
  const silentBars = Math.round(silence_s / BAR_S);
  if (loudness.length <= silentBars) return false;
  const peak = loudness.reduce((loudest, level) => Math.max(loudest, level), 0);
  if (peak < SPEECH_PEAK) return false;
  const isSpeech = (level: number) => level >= peak - PAUSE_DEPTH;
  return !loudness.slice(-silentBars).some(isSpeech) && loudness.slice(0, -silentBars).filter(isSpeech).length >= SPEECH_BARS;
}
