import type { RatingAgreement } from "@speechcoach/client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { ratingsClient } from "../state/ratings";
import { useLoaded } from "../state/use_loaded";
import { LoadedPart } from "./loaded_part";
import { OpenedCard } from "./opened_card";

const COLUMNS = ["rating", "recordings", "with_scores", "mean_difference", "between_raters"] as const;

function figure(value: number | null, digits: number): string {
  return value === null ? "–" : formatNumber(value, digits);
}

function Table({ rows }: { rows: readonly RatingAgreement[] }) {
  return (
    <div class="table" tabIndex={0} role="group" aria-label={t("agreement.title")}>
      <table>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {t(`agreement.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.rating}>
              <th scope="row">{t(`rating.${row.rating}`)}</th>
              <td>{formatNumber(row.recordings, 0)}</td>
              <td>{figure(row.with_scores, 2)}</td>
              <td>{figure(row.mean_difference, 1)}</td>
              <td>{figure(row.between_raters, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Agreement() {
  const [state, reload] = useLoaded(() => ratingsClient.agreement(), null);
  return (
    <LoadedPart state={state} reload={reload} lines={1}>
      {(rows) =>
        rows.every(({ recordings }) => recordings === 0) ? (
          <p class="muted">{t("agreement.none")}</p>
        ) : (
          <>
            <p class="muted">{t("agreement.text")}</p>
            <Table rows={rows} />
          </>
        )
      }
    </LoadedPart>
  );
}

// Whether the program thinks of readings as teachers do.
export function AgreementCard() {
  return (
    <OpenedCard title={t("agreement.title")}>
      <Agreement />
    </OpenedCard>
  );
}
