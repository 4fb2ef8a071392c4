import { LOCALES, locale, setLocale, t } from "../i18n";
import { LogoIcon } from "./icons";

const LOCALE_NAMES = { vi: { short: "VI", long: "Tiếng Việt" }, en: { short: "EN", long: "English" } };

export function TopBar() {
  return (
    <header class="top_bar">
      <a class="brand" href="/" aria-label={`${t("app.name")}: ${t("app.home")}`}>
        <LogoIcon />
        <span class="brand__name">{t("app.name")}</span>
      </a>
      <div class="segmented" role="group" aria-label={t("app.language")}>
        {LOCALES.map((choice) => (
          <button
            key={choice}
            type="button"
            class="segmented__option"
            lang={choice}
            aria-pressed={locale.value === choice}
            aria-label={`${LOCALE_NAMES[choice].short}: ${LOCALE_NAMES[choice].long}`}
            onClick={() => setLocale(choice)}
          >
            {LOCALE_NAMES[choice].short}
          </button>
        ))}
      </div>
    </header>
  );
}
