import { useEffect, useMemo } from "preact/hooks";
import { AdminClient } from "../api/admin_client";
import { AgreementCard } from "../components/agreement_card";
import { DisputesCard } from "../components/disputes_card";
import { LlmProviderCard } from "../components/llm_provider_card";
import { LlmUsageCard } from "../components/llm_usage_card";
import { Loading } from "../components/loading";
import { Notice } from "../components/notice";
import { ProductReportCard } from "../components/product_report_card";
import { t } from "../i18n";
import { Administration } from "../state/administration";
import { client } from "../state/app";

// What changes by itself (breakers, rate limits, costs) is read again this often.
const REFRESH_MS = 15_000;

export function AdminView() {
  const admin = useMemo(() => new AdminClient(client), []);
  const administration = useMemo(() => new Administration(admin), [admin]);
  useEffect(() => {
    void administration.load();
    const timer = setInterval(() => document.visibilityState === "visible" && void administration.load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [administration]);
  const overview = administration.overview.value;
  const refusal = administration.refusal.value;
  return (
    <section class="admin" aria-labelledby="admin_title">
      <h1 id="admin_title" class="page_title">
        {t("nav.admin")}
      </h1>
      {refusal !== null && <Notice tone="error" title={t("admin.refused")} text={refusal || t("home.unreachable.text")} />}
      {overview === null && refusal === null && <Loading />}
      {overview !== null && (
        <>
          <LlmUsageCard byProvider={overview.byProvider} byDay={overview.byDay} />
          {overview.providers.map((provider) => (
            <LlmProviderCard key={provider.name} provider={provider} administration={administration} />
          ))}
          <ProductReportCard admin={admin} />
          <DisputesCard admin={admin} />
          <AgreementCard />
        </>
      )}
    </section>
  );
}
