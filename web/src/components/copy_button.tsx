import { useState } from "preact/hooks";
import { t } from "../i18n";

// Says so once it is done.
export function CopyButton({ name, text }: { name: string; text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button type="button" class="button" onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}>
      {copied ? t("classes.code.copied") : name}
    </button>
  );
}
