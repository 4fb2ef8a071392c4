import { SAMPLE_RATE_HZ } from "./format";

const HEADER_BYTES = 44;

// RIFF WAVE, 16-bit PCM, mono, 16 kHz.
export function encodeWav(samples: Int16Array): Blob {
  const dataBytes = samples.length * 2;
  const file = new DataView(new ArrayBuffer(HEADER_BYTES + dataBytes));
  const ascii = (offset: number, text: string) => {
    for (let i = 0; i < text.length; ++i) file.setUint8(offset + i, text.charCodeAt(i));
  };
  ascii(0, "RIFF");
  file.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  ascii(8, "WAVEfmt ");
  file.setUint32(16, 16, true); // bytes of the format block
  file.setUint16(20, 1, true); // PCM
  file.setUint16(22, 1, true); // channels
  file.setUint32(24, SAMPLE_RATE_HZ, true);
  file.setUint32(28, SAMPLE_RATE_HZ * 2, true); // bytes a second
  file.setUint16(32, 2, true); // bytes a sample
  file.setUint16(34, 16, true); // bits a sample
  ascii(36, "data");
  file.setUint32(40, dataBytes, true);
  for (let i = 0; i < samples.length; ++i) file.setInt16(HEADER_BYTES + i * 2, samples[i] ?? 0, true);
  return new Blob([file.buffer as ArrayBuffer], { type: "audio/wav" });
}
