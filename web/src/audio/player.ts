import { signal, type ReadonlySignal } from "@preact/signals";
import { SAMPLE_RATE_HZ, toFloat32 } from "./format";

// Longest fade at both ends of a cut-out word, so that it does not click.
const FADE_S = 0.008;
// A word's times are those of the recogniser; a little more on both sides keeps its first and last sound.
const MARGIN_S = 0.04;

export interface Span {
  start_s: number;
  end_s: number;
}

// Plays the recording that the page holds, or a part of it. Nothing is fetched.
export class Player {
  // Where playback is now, in seconds of the recording; null while silent.
  readonly position: ReadonlySignal<number | null>;
  private readonly position_ = signal<number | null>(null);
  private context: AudioContext | undefined;
  private source: AudioBufferSourceNode | undefined;
  private frame = 0;

  private constructor(
    private readonly samples: Float32Array<ArrayBuffer>,
    private readonly rate: number,
  ) {
    this.position = this.position_;
  }

  static ofSamples(samples: Int16Array): Player {
    return new Player(toFloat32(samples), SAMPLE_RATE_HZ);
  }

  // null where the browser cannot decode this file; the server may still.
  static async ofFile(file: Blob): Promise<Player | null> {
    try {
      const context = new OfflineAudioContext(1, 1, SAMPLE_RATE_HZ);
      const decoded = await context.decodeAudioData(await file.arrayBuffer());
      return new Player(decoded.getChannelData(0), decoded.sampleRate);
    } catch {
      return null;
    }
  }

  get durationS(): number {
    return this.samples.length / this.rate;
  }

  // The samples, to be drawn.
  get peaks(): Float32Array {
    return this.samples;
  }

  playFrom(start_s: number): void {
    this.play({ start_s, end_s: this.durationS });
  }

  playWord(word: Span): void {
    this.play({ start_s: word.start_s - MARGIN_S, end_s: word.end_s + MARGIN_S });
  }

  playAll(): void {
    this.playFrom(0);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.source?.stop();
    this.source = undefined;
    this.position_.value = null;
  }

  dispose(): void {
    this.stop();
    void this.context?.close();
    this.context = undefined;
  }

  private play(span: Span): void {
    this.stop();
    const start = Math.max(0, span.start_s);
    const length = Math.min(this.durationS, span.end_s) - start;
    if (length <= 0) return;

    this.context ??= new AudioContext();
    void this.context.resume();
    const context = this.context;
    const buffer = context.createBuffer(1, this.samples.length, this.rate);
    buffer.copyToChannel(this.samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    const gain = context.createGain();
    const begin = context.currentTime;
    const fade = Math.min(FADE_S, length / 4);
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(1, begin + fade);
    gain.gain.setValueAtTime(1, begin + length - fade);
    gain.gain.linearRampToValueAtTime(0, begin + length);
    source.connect(gain).connect(context.destination);
    source.start(begin, start, length);
    source.onended = () => {
      if (this.source === source) this.stop();
    };
    this.source = source;

    const follow = () => {
      this.position_.value = Math.min(start + length, start + context.currentTime - begin);
      this.frame = requestAnimationFrame(follow);
    };
    follow();
  }
}
