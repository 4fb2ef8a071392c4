import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

// What is inside comes, and is read, when it is opened and not before.
export function OpenedCard({ title, children }: { title: string; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="card more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && children}
    </details>
  );
}
