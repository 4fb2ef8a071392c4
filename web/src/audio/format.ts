import { SAMPLE_RATE_HZ } from "@speechcoach/client";

// What the page records and sends: mono, 16 kHz, signed 16-bit little-endian, about 100 ms at a time.
export { SAMPLE_RATE_HZ };
export const CHUNK_SAMPLES = SAMPLE_RATE_HZ / 10;

// Samples outside [-1, 1] are clipped.
export function toInt16(samples: Float32Array): Int16Array {
  const converted = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; ++i) {
    const clipped = Math.max(-1, Math.min(1, samples[i] ?? 0));
    converted[i] = Math.round(clipped * 32767);
  }
  return converted;
}

export function toFloat32(samples: Int16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(samples, (sample) => sample / 32767);
}
