// The height of a voice, for a line that follows the learner while speaking: at once from what the microphone gives, and a moment later as
// the server heard it, with the path round it in sight.
// Normalised square difference: McLeod and Wyvill, "A smarter way to find pitch", ICMC 2005.
import { BAR_S } from "./level";
import { SAMPLE_RATE_HZ } from "./format";

export const LOWEST_HZ = 75;
export const HIGHEST_HZ = 500;

// Every second sample is enough for a voice, and a quarter of the work.
const STEP = 2;
const RATE_HZ = SAMPLE_RATE_HZ / STEP;
const BAR_SAMPLES = SAMPLE_RATE_HZ * BAR_S;
const SHORTEST = Math.floor(RATE_HZ / HIGHEST_HZ);
const LONGEST = Math.ceil(RATE_HZ / LOWEST_HZ);
// Of the highest peak: the first one this high is the period, a later one a multiple of it.
const FIRST_PEAK_SHARE = 0.9;
const VOICED_ABOVE = 0.7;
const QUIETEST_RMS = 0.004;

// How alike the sound is to itself `lag` later, [-1, 1].
function likeness(samples: Float32Array, lag: number): number {
  let product = 0;
  let energy = 0;
  for (let i = 0; i + lag < samples.length; ++i) {
    const here = samples[i] ?? 0;
    const there = samples[i + lag] ?? 0;
    product += here * there;
    energy += here * here + there * there;
  }
  return energy > 0 ? (2 * product) / energy : 0;
}

function pitchOf(bar: Int16Array): number {
  const samples = new Float32Array(Math.floor(bar.length / STEP));
  let energy = 0;
  for (let i = 0; i < samples.length; ++i) {
    const sample = ((bar[i * STEP] ?? 0) + (bar[i * STEP + 1] ?? 0)) / 65536;
    samples[i] = sample;
    energy += sample * sample;
  }
  if (samples.length <= LONGEST || Math.sqrt(energy / samples.length) < QUIETEST_RMS) return 0;

  const curve = Array.from({ length: LONGEST - SHORTEST + 3 }, (_, index) => likeness(samples, SHORTEST - 1 + index));
  const at = (index: number) => curve[index] ?? 0;
  const peaks = curve.map((_, index) => index).filter((index) => index > 0 && index < curve.length - 1 && at(index) > at(index - 1) && at(index) >= at(index + 1));
  const highest = Math.max(0, ...peaks.map(at));
  if (highest < VOICED_ABOVE) return 0;
  const period = peaks.find((index) => at(index) >= FIRST_PEAK_SHARE * highest) ?? 0;
  // A parabola through the peak and its neighbours finds the period between two samples.
  const [before, peak, after] = [at(period - 1), at(period), at(period + 1)];
  const shift = (before - after) / (2 * (before - 2 * peak + after) || 1);
  return RATE_HZ / (SHORTEST - 1 + period + shift);
}

// What the server tells is this far apart.
const POINT_S = 0.02;

// `bars` with the server's values in place of those it knows: for each bar the value nearest to its middle.
export function corrected(bars: readonly number[], fromS: number, pitchHz: readonly number[]): number[] {
  return bars.map((own, bar) => pitchHz[Math.round(((bar + 0.5) * BAR_S - fromS) / POINT_S)] ?? own);
}

// One value for each bar (audio/level.ts) of 16 kHz sound, in Hz; 0 where no voice is heard.
export function pitches(chunk: Int16Array): number[] {
  const bars: number[] = [];
  for (let start = 0; start < chunk.length; start += BAR_SAMPLES) bars.push(pitchOf(chunk.subarray(start, start + BAR_SAMPLES)));
  return bars;
}
