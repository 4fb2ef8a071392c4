// @vitest-environment node
import { describe, expect, test } from "vitest";
import { Resampler } from "../src/audio/resampler";

function sine(frequencyHz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, n) => Math.sin((2 * Math.PI * frequencyHz * n) / rate));
}

function resample(input: Float32Array, rate: number, block: number): Float32Array {
  const resampler = new Resampler(rate);
  const parts: Float32Array[] = [];
  for (let start = 0; start < input.length; start += block) parts.push(resampler.process(input.subarray(start, start + block)));
  parts.push(resampler.flush());
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

function loudest(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

describe.each([48000, 44100, 96000, 32000, 16000, 8000])("from %i Hz to 16 kHz", (rate) => {
  test("the output is as long as the input, to the sample", () => {
    for (const length of [rate, rate + 1, rate - 77, 1234]) {
      expect(resample(new Float32Array(length), rate, 128).length).toBe(Math.round((length * 16000) / rate));
    }
  });

  test("a tone of speech keeps its time and its strength", () => {
    const output = resample(sine(1000, rate, 1), rate, 128);
    const expected = sine(1000, 16000, 1);
    const middle = output.subarray(1000, 15000).map((sample, n) => sample - (expected[n + 1000] ?? 0));
    expect(loudest(middle)).toBeLessThan(0.002);
  });

  test("the result does not depend on how the sound comes in", () => {
    const input = sine(440, rate, 0.2);
    const whole = resample(input, rate, input.length);
    expect(resample(input, rate, 128)).toEqual(whole);
    expect(resample(input, rate, 1)).toEqual(whole);
  });
});

test.each([8200, 9000, 12000, 15000, 20000])("%i Hz, which 16 kHz cannot hold, is gone instead of folded back", (frequencyHz) => {
  const output = resample(sine(frequencyHz, 48000, 1), 48000, 128);
  expect(loudest(output.subarray(500, 15500))).toBeLessThan(0.001);
});

test("up to 6.5 kHz nothing is lost", () => {
  const output = resample(sine(6500, 48000, 1), 48000, 128);
  expect(loudest(output.subarray(500, 15500))).toBeGreaterThan(0.99);
});
