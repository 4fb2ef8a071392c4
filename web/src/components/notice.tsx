import type { ComponentChildren } from "preact";
import { WarningIcon } from "./icons";

interface NoticeProps {
  title: string;
  text: ComponentChildren;
  tone: "warning" | "error";
  children?: ComponentChildren;
}

// What happened, what it means, and (as children) what can be done.
export function Notice({ title, text, tone, children }: NoticeProps) {
  return (
    <section class={`notice notice--${tone}`} role={tone === "error" ? "alert" : "status"}>
      <span class="notice__icon">
        <WarningIcon />
      </span>
      <div class="notice__body">
        <h2 class="notice__title">{title}</h2>
        <p class="notice__text">{text}</p>
        {children !== undefined && <div class="notice__actions">{children}</div>}
      </div>
    </section>
  );
}
