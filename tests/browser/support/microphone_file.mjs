// A recording as Chromium's fake microphone plays it: with silence around it, as a learner leaves it.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SILENCE_S = 0.5;
const HEADER_BYTES = 44;

// { path, seconds, remove() }. `source` is a WAV file with a plain 44-byte header, 16-bit mono.
export async function microphoneFile(source) {
  const wav = await readFile(source);
  if (wav.toString("latin1", 36, 40) !== "data") throw new Error(`${source} has more than the plain header`);
  const bytesPerSecond = wav.readUInt32LE(28);
  const silence = Buffer.alloc(Math.round(SILENCE_S * bytesPerSecond / 2) * 2);
  const samples = Buffer.concat([silence, wav.subarray(HEADER_BYTES), silence]);
  const header = Buffer.from(wav.subarray(0, HEADER_BYTES));
  header.writeUInt32LE(HEADER_BYTES - 8 + samples.length, 4);
  header.writeUInt32LE(samples.length, 40);

  const directory = await mkdtemp(join(tmpdir(), "speechcoach-microphone-"));
  const path = join(directory, "microphone.wav");
  await writeFile(path, Buffer.concat([header, samples]));
  return { path, seconds: samples.length / bytesPerSecond, remove: () => rm(directory, { recursive: true, force: true }) };
}

// As microphoneFile: nobody speaks.
export async function silentMicrophoneFile(source, seconds) {
  const file = await microphoneFile(source);
  const wav = await readFile(file.path);
  const length = Math.min(wav.length, HEADER_BYTES + Math.round(seconds * wav.readUInt32LE(28) / 2) * 2);
  const silent = Buffer.concat([wav.subarray(0, HEADER_BYTES), Buffer.alloc(length - HEADER_BYTES)]);
  silent.writeUInt32LE(length - 8, 4);
  silent.writeUInt32LE(length - HEADER_BYTES, 40);
  await writeFile(file.path, silent);
  return { ...file, seconds };
}
