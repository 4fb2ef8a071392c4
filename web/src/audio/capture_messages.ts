// From the audio thread to the page. Any message from the page means: stop, hand over what is left, answer "stopped".
export type CaptureMessage = { type: "chunk"; samples: Int16Array<ArrayBuffer> } | { type: "stopped" };
