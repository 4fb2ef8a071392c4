import { SAMPLE_RATE_HZ } from "./format";

// Zero crossings of the windowed sinc on each side, at the lower of the two rates.
const ZERO_CROSSINGS = 32;
// The cutoff as a share of the lower Nyquist frequency: the transition band ends at that frequency.
const CUTOFF = 0.92;
// Kaiser window: about 80 dB of stop band attenuation.
const KAISER_BETA = 8;

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; ++k) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

// Polyphase windowed-sinc resampling of a stream, with the filter's delay removed: output sample n is the input at
// n * inputRate / outputRate. The result does not depend on how the input is cut. Rates are whole numbers of Hz.
export class Resampler {
  private readonly step: number;
  private readonly phases: number;
  private readonly halfWidth: number;
  private readonly taps: number;
  private readonly kernels: Float32Array;
  private history: Float32Array;
  // The next output sample's position: whole input samples from history's start, and phases of 1/phases.
  private position = 0;
  private phase = 0;
  private received = 0;
  private produced = 0;

  constructor(
    private readonly inputRate: number,
    private readonly outputRate: number = SAMPLE_RATE_HZ,
  ) {
    const divisor = greatestCommonDivisor(inputRate, outputRate);
    this.step = inputRate / divisor;
    this.phases = outputRate / divisor;
    const stretch = Math.max(1, inputRate / outputRate);
    this.halfWidth = Math.ceil(ZERO_CROSSINGS * stretch);
    this.taps = 2 * this.halfWidth;
    this.kernels = this.makeKernels(stretch);
    this.history = new Float32Array(this.halfWidth - 1);
  }

  process(input: Float32Array): Float32Array {
    this.received += input.length;
    return this.convolve(input);
  }

  // The end of the stream: what the filter still holds. The whole output is then as long as the whole input.
  flush(): Float32Array {
    const expected = Math.round((this.received * this.outputRate) / this.inputRate);
    const missing = Math.max(0, expected - this.produced);
    return this.convolve(new Float32Array(this.halfWidth + this.step)).subarray(0, missing);
  }

  // kernels[phase * taps + k] weighs the k-th input sample from position.
  private makeKernels(stretch: number): Float32Array {
    const kernels = new Float32Array(this.phases * this.taps);
    const cutoff = CUTOFF / stretch;
    const norm = besselI0(KAISER_BETA);
    for (let phase = 0; phase < this.phases; ++phase) {
      const kernel = kernels.subarray(phase * this.taps, (phase + 1) * this.taps);
      let sum = 0;
      for (let k = 0; k < this.taps; ++k) {
        const distance = k - (this.halfWidth - 1) - phase / this.phases;
        const edge = distance / this.halfWidth;
        const window = Math.abs(edge) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - edge * edge)) / norm;
        const x = Math.PI * cutoff * distance;
        kernel[k] = (x === 0 ? 1 : Math.sin(x) / x) * window;
        sum += kernel[k] ?? 0;
      }
      for (let k = 0; k < this.taps; ++k) kernel[k] = (kernel[k] ?? 0) / sum;
    }
    return kernels;
  }

  private convolve(input: Float32Array): Float32Array {
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);

    const output = new Float32Array(Math.ceil(((input.length + this.taps) * this.phases) / this.step) + 1);
    let count = 0;
    while (this.position + this.taps <= samples.length) {
      const kernelStart = this.phase * this.taps;
      let sum = 0;
      for (let k = 0; k < this.taps; ++k) sum += (samples[this.position + k] ?? 0) * (this.kernels[kernelStart + k] ?? 0);
      output[count++] = sum;
      const next = this.phase + this.step;
      this.position += Math.floor(next / this.phases);
      this.phase = next % this.phases;
    }

    const consumed = Math.min(this.position, samples.length);
    this.history = samples.slice(consumed);
    this.position -= consumed;
    this.produced += count;
    return output.subarray(0, count);
  }
}
