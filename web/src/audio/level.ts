import { SAMPLE_RATE_HZ } from "./format";

// One bar of the waveform stands for this long.
export const BAR_S = 0.05;
const BAR_SAMPLES = SAMPLE_RATE_HZ * BAR_S;
const QUIETEST_DBFS = -54;

// Root mean square of each bar, in dBFS mapped from [-54, 0] to [0, 1]: how the ear judges loudness.
export function levels(chunk: Int16Array): number[] {
  const bars: number[] = [];
  for (let start = 0; start < chunk.length; start += BAR_SAMPLES) {
    const part = chunk.subarray(start, start + BAR_SAMPLES);
    let energy = 0;
    for (const sample of part) energy += (sample / 32768) ** 2;
    const dbfs = 10 * Math.log10(energy / part.length + 1e-12);
    bars.push(Math.max(0, Math.min(1, 1 - dbfs / QUIETEST_DBFS)));
  }
  return bars;
}
