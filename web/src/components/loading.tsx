import { t } from "../i18n";

// Grey lines in the shape of what comes: nothing jumps when it is there.
export function Loading({ lines = 4 }: { lines?: number }) {
  return (
    <div class="loading" role="status">
      <span class="visually_hidden">{t("app.loading")}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="loading__line" aria-hidden="true" />
      ))}
    </div>
  );
}
