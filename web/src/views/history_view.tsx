import { useMemo } from "preact/hooks";
import { HistoryIcon } from "../components/icons";
import { SessionPages } from "../components/session_pages";
import { t } from "../i18n";
import { client } from "../state/app";
import { History } from "../state/history";

function Empty() {
  return (
    <div class="card empty">
      <HistoryIcon />
      <p>{t("history.empty")}</p>
      <a class="button button--primary" href="/">
        {t("history.begin")}
      </a>
    </div>
  );
}

export function HistoryView() {
  const history = useMemo(() => new History(client), []);
  return (
    <section aria-labelledby="history_title">
      <h1 id="history_title" class="page_title">
        {t("nav.history")}
      </h1>
      <SessionPages history={history} under="/history" empty={<Empty />} />
    </section>
  );
}
