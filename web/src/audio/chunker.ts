import { CHUNK_SAMPLES, toInt16 } from "./format";

// Collects samples of any length into chunks of CHUNK_SAMPLES.
export class Chunker {
  private readonly pending = new Float32Array(CHUNK_SAMPLES);
  private filled = 0;

  constructor(private readonly onChunk: (chunk: Int16Array<ArrayBuffer>) => void) {}

  push(samples: Float32Array): void {
    let offset = 0;
    while (offset < samples.length) {
      const part = samples.subarray(offset, offset + CHUNK_SAMPLES - this.filled);
      this.pending.set(part, this.filled);
      this.filled += part.length;
      offset += part.length;
      if (this.filled === CHUNK_SAMPLES) this.flush();
    }
  }

  // Hands over what is there, if anything: the last chunk is shorter.
  flush(): void {
    if (this.filled === 0) return;
    const chunk = toInt16(this.pending.subarray(0, this.filled));
    this.filled = 0;
    this.onChunk(chunk as Int16Array<ArrayBuffer>);
  }
}
