// The microphones of this device. Their names are known once the page was allowed to use one.
import { signal, type ReadonlySignal } from "@preact/signals";

export interface Microphone {
  id: string;
  name: string;
}

const found = signal<readonly Microphone[]>([]);
export const microphones: ReadonlySignal<readonly Microphone[]> = found;

export async function findMicrophones(): Promise<void> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  found.value = devices.filter(({ kind, label }) => kind === "audioinput" && label !== "").map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

// Headphones come and go while the page is open.
navigator.mediaDevices?.addEventListener("devicechange", () => void findMicrophones());
