import type { Prosody } from "@speechcoach/client";
import { t, type TextKey } from "../i18n";
import { formatNumber } from "../i18n/numbers";

interface Fact {
  name: TextKey;
  value: number | null;
  digits: number;
}

function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(
        ({ name, value, digits }) =>
          value !== null && (
            <div key={name} class="fact">
              <dt>{t(name)}</dt>
              <dd>{formatNumber(value, digits)}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function percent(fraction: number | null): number | null {
  return fraction === null ? null : fraction * 100;
}

export function FactsCard({ prosody }: { prosody: Prosody }) {
  const main: Fact[] = [
    { name: "facts.words_per_minute", value: prosody.speaking_rate.words_per_minute, digits: 0 },
    { name: "facts.syllables_per_second", value: prosody.speaking_rate.syllables_per_second, digits: 1 },
    { name: "facts.pauses", value: prosody.pauses.count, digits: 0 },
    { name: "facts.average_pause", value: prosody.pauses.count > 0 ? prosody.pauses.avg_duration : null, digits: 2 },
  ];
  const voice: Fact[] = [
    { name: "facts.pitch_mean", value: prosody.pitch.mean, digits: 0 },
    { name: "facts.pitch_range", value: prosody.pitch.range, digits: 0 },
    { name: "facts.jitter", value: percent(prosody.jitter), digits: 2 },
    { name: "facts.shimmer", value: percent(prosody.shimmer), digits: 2 },
    { name: "facts.hnr", value: prosody.hnr, digits: 1 },
  ];
  return (
    <section class="card" aria-labelledby="facts_title">
      <h2 id="facts_title" class="card__title">
        {t("facts.title")}
      </h2>
      <FactList facts={main} />
      {!prosody.minimal && (
        <details class="more">
          <summary>{t("facts.more")}</summary>
          <FactList facts={voice} />
        </details>
      )}
    </section>
  );
}
