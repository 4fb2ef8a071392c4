const HEADER_BYTES = 8;

// A binary frame: u32 stream id, u32 sequence number, then 16-bit samples, all little-endian.
export function audioFrame(streamId: number, seq: number, samples: Int16Array): ArrayBuffer {
  const frame = new DataView(new ArrayBuffer(HEADER_BYTES + samples.length * 2));
  frame.setUint32(0, streamId, true);
  frame.setUint32(4, seq, true);
  for (let i = 0; i < samples.length; ++i) frame.setInt16(HEADER_BYTES + i * 2, samples[i] ?? 0, true);
  return frame.buffer as ArrayBuffer;
}
