import { SAMPLE_RATE_HZ } from "./format";
import { encodeWav } from "./wav";

// What was recorded so far, kept in the page until the next recording.
export class Recording {
  private readonly chunks: Int16Array[] = [];
  private length = 0;

  append(chunk: Int16Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  get durationS(): number {
    return this.length / SAMPLE_RATE_HZ;
  }

  samples(): Int16Array<ArrayBuffer> {
    const all = new Int16Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, offset);
      offset += chunk.length;
    }
    return all;
  }

  toWav(): Blob {
    return encodeWav(this.samples());
  }
}
