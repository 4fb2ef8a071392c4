import { signal } from "@preact/signals";

// False where the device itself knows that it has no network.
export const isOnline = signal(navigator.onLine);
for (const type of ["online", "offline"]) window.addEventListener(type, () => (isOnline.value = navigator.onLine));
