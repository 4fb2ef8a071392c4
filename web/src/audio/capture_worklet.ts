// Runs in the audio thread: microphone samples at the device's rate -> 16 kHz chunks, posted to the page.
import { Chunker } from "./chunker";
import { Resampler } from "./resampler";
import type { CaptureMessage } from "./capture_messages";

// What the audio thread offers; TypeScript's DOM library describes the page alone.
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

class CaptureProcessor extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate);
  private readonly chunker = new Chunker((chunk) => this.post({ type: "chunk", samples: chunk }, [chunk.buffer]));
  private stopped = false;

  constructor() {
    super();
    this.port.onmessage = () => this.stop();
  }

  process(inputs: Float32Array[][]): boolean {
    const channel = inputs[0]?.[0];
    if (!this.stopped && channel !== undefined) this.chunker.push(this.resampler.process(channel));
    return !this.stopped;
  }

  private stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.chunker.push(this.resampler.flush());
    this.chunker.flush();
    this.post({ type: "stopped" }, []);
  }

  private post(message: CaptureMessage, transfer: Transferable[]): void {
    this.port.postMessage(message, transfer);
  }
}

registerProcessor("speechcoach-capture", CaptureProcessor);
