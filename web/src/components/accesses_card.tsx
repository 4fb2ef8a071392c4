import type { Access } from "@speechcoach/client";
import { t } from "../i18n";
import { formatDateTime } from "../i18n/numbers";
import { classesClient } from "../state/my_classes";
import { useLoaded } from "../state/use_loaded";
import { LoadedPart } from "./loaded_part";
import { OpenedCard } from "./opened_card";

function AccessList() {
  const [state, reload] = useLoaded<Access[]>(() => classesClient.accesses(), null);
  return (
    <LoadedPart state={state} reload={reload} lines={1}>
      {(accesses) =>
        accesses.length === 0 ? (
          <p class="muted">{t("accesses.none")}</p>
        ) : (
          <ul class="plain_list">
            {accesses.map(({ id, by, action, session_id, at }) => (
              <li key={id}>
                <span>
                  {t(`accesses.${action}`, { who: by?.name || t("accesses.somebody") })} <span class="muted">{formatDateTime(at)}</span>
                </span>
                {session_id !== null && <a class="text_link" href={`/history/${session_id}`}>{t("accesses.open")}</a>}
              </li>
            ))}
          </ul>
        )
      }
    </LoadedPart>
  );
}

// Learners see who saw or heard what of theirs.
export function AccessesCard() {
  return (
    <OpenedCard title={t("accesses.title")}>
      <AccessList />
    </OpenedCard>
  );
}
