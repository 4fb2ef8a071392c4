// @vitest-environment node
import { describe, expect, test } from "vitest";
import { Chunker } from "../src/audio/chunker";
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ, toFloat32, toInt16 } from "../src/audio/format";
import { BAR_S, levels } from "../src/audio/level";
import { corrected, pitches } from "../src/audio/pitch";
import { Recording } from "../src/audio/recording";
import { isSilentAfterSpeech } from "../src/audio/silence";
import { encodeWav } from "../src/audio/wav";

describe("samples as 16-bit numbers", () => {
  test("the ends are reached and not passed", () => {
    expect([...toInt16(Float32Array.of(0, 1, -1, 2, -2, 0.5))]).toEqual([0, 32767, -32767, 32767, -32767, 16384]);
  });

  test("there and back changes nothing that can be heard", () => {
    const samples = Float32Array.from({ length: 100 }, (_, n) => Math.sin(n));
    const back = toFloat32(toInt16(samples));
    samples.forEach((sample, n) => expect(Math.abs(sample - (back[n] ?? 9))).toBeLessThan(1 / 32767));
  });
});

describe("chunks", () => {
  function chunksOf(pieces: number[]): number[] {
    const lengths: number[] = [];
    const chunker = new Chunker((chunk) => lengths.push(chunk.length));
    for (const piece of pieces) chunker.push(new Float32Array(piece));
    chunker.flush();
    return lengths;
  }

  test("hold 100 ms each, the last one what is left", () => {
    expect(CHUNK_SAMPLES).toBe(1600);
    expect(chunksOf(Array.from({ length: 40 }, () => 128))).toEqual([1600, 1600, 1600, 320]);
    expect(chunksOf([4000])).toEqual([1600, 1600, 800]);
    expect(chunksOf([1600])).toEqual([1600]);
    expect(chunksOf([])).toEqual([]);
  });

  test("keep every sample in its place", () => {
    const samples = Float32Array.from({ length: 5000 }, (_, n) => n / 5000);
    const collected: number[] = [];
    const chunker = new Chunker((chunk) => collected.push(...chunk));
    chunker.push(samples.subarray(0, 7));
    chunker.push(samples.subarray(7, 3201));
    chunker.push(samples.subarray(3201));
    chunker.flush();
    expect(collected).toEqual([...toInt16(samples)]);
  });
});

describe("a recording", () => {
  test("knows its length and gives back what was put in", () => {
    const recording = new Recording();
    expect(recording.durationS).toBe(0);
    recording.append(Int16Array.of(1, 2, 3));
    recording.append(Int16Array.of(4));
    expect([...recording.samples()]).toEqual([1, 2, 3, 4]);
    expect(recording.durationS).toBe(4 / 16000);
  });
});

test("a WAV file says what it holds", async () => {
  const blob = encodeWav(Int16Array.of(0, 1000, -1000, 32767));
  expect(blob.type).toBe("audio/wav");
  const bytes = Buffer.from(await blob.arrayBuffer());
  expect(bytes.length).toBe(44 + 8);
  expect(bytes.toString("latin1", 0, 4)).toBe("RIFF");
  expect(bytes.readUInt32LE(4)).toBe(44 + 8 - 8);
  expect(bytes.toString("latin1", 8, 16)).toBe("WAVEfmt ");
  expect(bytes.readUInt16LE(20)).toBe(1);
  expect(bytes.readUInt16LE(22)).toBe(1);
  expect(bytes.readUInt32LE(24)).toBe(16000);
  expect(bytes.readUInt32LE(28)).toBe(32000);
  expect(bytes.readUInt16LE(34)).toBe(16);
  expect(bytes.toString("latin1", 36, 40)).toBe("data");
  expect(bytes.readUInt32LE(40)).toBe(8);
  expect([0, 2, 4, 6].map((offset) => bytes.readInt16LE(44 + offset))).toEqual([0, 1000, -1000, 32767]);
});

describe("loudness", () => {
  test("silence is 0 and the loudest possible tone nearly 1", () => {
    expect(levels(new Int16Array(1600))).toEqual([0, 0]);
    const square = Int16Array.from({ length: 1600 }, (_, n) => (n % 2 === 0 ? 32767 : -32767));
    for (const level of levels(square)) expect(level).toBeCloseTo(1, 2);
  });

  test("half the strength is six decibels less", () => {
    const tone = (peak: number) => Int16Array.from({ length: 800 }, (_, n) => peak * Math.sin(n / 3));
    const [strong = 0] = levels(tone(20000));
    const [weak = 0] = levels(tone(10000));
    expect((strong - weak) * 54).toBeCloseTo(6.02, 1);
  });
});

describe("the pitch line", () => {
  const tone = (f0_hz: number, seconds: number) =>
    Int16Array.from({ length: seconds * SAMPLE_RATE_HZ }, (_, n) => {
      const phase = (2 * Math.PI * f0_hz * n) / SAMPLE_RATE_HZ;
      return 6000 * (Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.3 * Math.sin(3 * phase));
    });

  test.each([90, 120, 180, 240, 330, 440])("a voice of %d Hz is found within a quarter of a semitone, in every bar", (f0_hz) => {
    const found = pitches(tone(f0_hz, 0.2));
    expect(found.length).toBe(4);
    for (const f0 of found) expect(Math.abs(12 * Math.log2(f0 / f0_hz))).toBeLessThan(0.25);
  });

  test("silence, noise and the last scrap of a recording have none", () => {
    expect(pitches(new Int16Array(1600))).toEqual([0, 0]);
    let state = 1;
    const noise = Int16Array.from({ length: 1600 }, () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return (state / 2147483648 - 0.5) * 20000;
    });
    expect(pitches(noise)).toEqual([0, 0]);
    expect(pitches(tone(120, 0.05).subarray(0, 100))).toEqual([0]);
  });

  test("the server's values take the place of the bars they cover, each by its middle", () => {
    const own = [100, 100, 100, 100];
    expect(corrected(own, 0.03, [200, 201, 202, 203])).toEqual([200, 202, 100, 100]);
    expect(corrected(own, 0.11, [0, 205, 206, 207, 208])).toEqual([100, 100, 205, 207]);
    expect(corrected(own, 0.3, [300, 300])).toEqual(own);
  });
});

describe("the end of speech", () => {
  const bars = (level: number, seconds: number) => Array.from({ length: Math.round(seconds / BAR_S) }, () => level);

  test("is a silence that lasts, after something was said", () => {
    const said = bars(0.7, 1);
    expect(isSilentAfterSpeech([...bars(0.1, 1), ...said, ...bars(0.1, 1.9)], 2)).toBe(false);
    expect(isSilentAfterSpeech([...bars(0.1, 1), ...said, ...bars(0.1, 2.1)], 2)).toBe(true);
  });

  test("is not the silence before, a cough, or a pause between words", () => {
    expect(isSilentAfterSpeech(bars(0.1, 10), 2)).toBe(false);
    expect(isSilentAfterSpeech([...bars(0.9, 0.1), ...bars(0.1, 3)], 2)).toBe(false);
    expect(isSilentAfterSpeech([...bars(0.7, 1), ...bars(0.1, 1.5), ...bars(0.6, 0.5)], 2)).toBe(false);
  });

  test("is heard in a loud room too", () => {
    expect(isSilentAfterSpeech([...bars(0.9, 1), ...bars(0.5, 2.1)], 2)).toBe(true);
  });
});
