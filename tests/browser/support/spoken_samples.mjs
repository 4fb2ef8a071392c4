// A recording of tests/data as a client of the protocol sends it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { recording } from "./paths.mjs";

const HEADER_BYTES = 44;

// Int16Array at `sampleRateHz`, which the file has to have.
export async function spokenSamples(name, sampleRateHz) {
  const wav = await readFile(recording(name));
  assert.equal(wav.readUInt32LE(24), sampleRateHz);
  return new Int16Array(wav.buffer.slice(wav.byteOffset + HEADER_BYTES, wav.byteOffset + wav.length - (wav.length % 2)));
}
