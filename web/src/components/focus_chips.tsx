import { t } from "../i18n";
import { focusLabel } from "../i18n/focus";

export function FocusChips({ sounds }: { sounds: readonly string[] }) {
  return (
    <ul class="chips" aria-label={t("focus.label")}>
      {sounds.map((sound) => (
        <li key={sound} class="chip">
          {focusLabel(sound)}
        </li>
      ))}
    </ul>
  );
}
