import captureWorkletUrl from "./capture_worklet?worker&url";
import type { CaptureMessage } from "./capture_messages";

export type MicrophoneFault = "insecure" | "unsupported" | "refused" | "missing" | "in_use" | "failed";

export class MicrophoneError extends Error {
  constructor(readonly fault: MicrophoneFault) {
    super(fault);
  }
}

export interface CaptureEvents {
  onChunk(samples: Int16Array): void;
  // The device went away (unplugged, taken by a call). Chunks that came so far stand.
  onLost(): void;
}

export interface Capture {
  // Resolves when the last chunk was handed over; the microphone is released.
  stop(): Promise<void>;
}

// Loudness must stay as the learner made it and echo cannot occur: only the gain is left to the device. A chosen microphone that is
// not there (any more) is no reason to refuse: then another is taken.
function constraints(deviceId: string | null): MediaStreamConstraints {
  const device = deviceId === null ? {} : { deviceId: { ideal: deviceId } };
  return { audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true, ...device } };
}

// A context that the system has suspended (a call came in) does not answer: then the last tenth of a second is given up.
const STOP_LIMIT_MS = 1000;

function faultOf(error: unknown): MicrophoneFault {
  const name = error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "in_use";
    default:
      return "failed";
  }
}

async function openStream(deviceId: string | null): Promise<MediaStream> {
  if (!window.isSecureContext) throw new MicrophoneError("insecure");
  if (navigator.mediaDevices?.getUserMedia === undefined || window.AudioWorkletNode === undefined) throw new MicrophoneError("unsupported");
  try {
    return await navigator.mediaDevices.getUserMedia(constraints(deviceId));
  } catch (error) {
    throw new MicrophoneError(faultOf(error));
  }
}

// Asks for the microphone (null: whichever the device offers) and starts recording. Throws MicrophoneError.
// The context runs at the device's own rate and the worklet resamples: Firefox connects a microphone to no other rate.
export async function startCapture(events: CaptureEvents, deviceId: string | null = null): Promise<Capture> {
  const stream = await openStream(deviceId);
  const context = new AudioContext();
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
    return context.close();
  };
  try {
    await context.audioWorklet.addModule(captureWorkletUrl);
    await context.resume();
    const source = context.createMediaStreamSource(stream);
    const node = new AudioWorkletNode(context, "speechcoach-capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    const stopped = new Promise<void>((resolve) => {
      node.port.onmessage = ({ data }: MessageEvent<CaptureMessage>) => {
        if (data.type === "chunk") events.onChunk(data.samples);
        else resolve();
      };
    });
    stream.getAudioTracks()[0]?.addEventListener("ended", () => events.onLost());
    source.connect(node);
    return {
      async stop() {
        node.port.postMessage("stop");
        await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS))]);
        source.disconnect();
        await release();
      },
    };
  } catch {
    await release();
    throw new MicrophoneError("failed");
  }
}
