import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { findMicrophones, microphones } from "../audio/devices";
import { AccountCard } from "../components/account_card";
import { ForwardIcon, SchoolIcon } from "../components/icons";
import { GuardianCard } from "../components/guardian_card";
import { OwnDataCard } from "../components/own_data_card";
import { RatingConsent } from "../components/rating_consent";
import { LOCALES, locale, setLocale, t } from "../i18n";
import { mayTeach } from "../state/me";
import { microphoneId, setMicrophone, setStopsAtSilence, stopsAtSilence } from "../state/preferences";
import { setTheme, theme, THEMES } from "../state/theme";

const LOCALE_NAMES = { vi: "Tiếng Việt", en: "English" };

function Choice({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="card setting">
      <legend class="setting__title">{title}</legend>
      <div class="setting__options">{children}</div>
    </fieldset>
  );
}

function Option({ name, checked, onChoose, label, lang }: { name: string; checked: boolean; onChoose: () => void; label: string; lang?: string }) {
  return (
    <label class="option">
      <input type="radio" name={name} checked={checked} onChange={onChoose} />
      <span lang={lang}>{label}</span>
    </label>
  );
}

// A microphone that was chosen and is not there now stays chosen for when it is back.
function MicrophoneChoice() {
  useEffect(() => void findMicrophones(), []);
  const known = microphones.value;
  if (known.length === 0) return <p class="option__note">{t("settings.microphone.unknown")}</p>;
  return (
    <label class="field setting__field">
      {t("settings.microphone")}
      <select value={microphoneId.value ?? ""} onChange={(event) => setMicrophone(event.currentTarget.value || null)}>
        <option value="">{t("settings.microphone.any")}</option>
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function SettingsView() {
  return (
    <section class="settings" aria-labelledby="settings_title">
      <h1 id="settings_title" class="page_title">
        {t("nav.settings")}
      </h1>
      <AccountCard />
      <a class="card placement_card" href="/classes">
        <SchoolIcon />
        <span class="placement_card__body">
          <strong>{t("nav.classes")}</strong>
          <span class="muted">{t("settings.classes.text")}</span>
        </span>
        <ForwardIcon />
      </a>
      <Choice title={t("app.language")}>
        {LOCALES.map((choice) => (
          <Option key={choice} name="locale" checked={locale.value === choice} onChoose={() => setLocale(choice)} label={LOCALE_NAMES[choice]} lang={choice} />
        ))}
      </Choice>
      <Choice title={t("settings.theme")}>
        {THEMES.map((choice) => (
          <Option key={choice} name="theme" checked={theme.value === choice} onChoose={() => setTheme(choice)} label={t(`settings.theme.${choice}`)} />
        ))}
      </Choice>
      <fieldset class="card setting">
        <legend class="setting__title">{t("settings.recording")}</legend>
        <MicrophoneChoice />
        <label class="option">
          <input type="checkbox" checked={stopsAtSilence.value} onChange={(event) => setStopsAtSilence(event.currentTarget.checked)} />
          <span>
            {t("settings.silence")}
            <span class="option__note">{t("settings.silence.note")}</span>
          </span>
        </label>
      </fieldset>
      <section class="card setting">
        <h2 class="setting__title">{t("settings.privacy")}</h2>
        <p class="muted">{t("settings.privacy.text")}</p>
        <RatingConsent />
      </section>
      <OwnDataCard />
      {!mayTeach() && <GuardianCard />}
    </section>
  );
}
