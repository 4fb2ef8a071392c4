import { useEffect, useMemo, useState } from "preact/hooks";
import { t } from "../i18n";
import { auth, client } from "../state/app";
import { saveFile } from "../state/download";
import { OwnData } from "../state/own_data";
import { useAction } from "../state/use_loaded";
import { DownloadIcon } from "./icons";
import { Refusal } from "./refusal";

const FILE_NAME = "speechcoach.json";

// Everybody, guests too, can take along what is kept about them.
export function OwnDataCard() {
  const ownData = useMemo(() => new OwnData(client, () => auth.user.value?.id), []);
  const [end, setEnd] = useState<"saved" | "somebody_else" | null>(null);
  const { busy, refusal, run } = useAction();
  useEffect(() => setEnd(null), [auth.user.value?.id]);
  const download = async () => {
    setEnd(null);
    const file = await ownData.fetch();
    if (file !== null) saveFile(file, FILE_NAME);
    setEnd(file === null ? "somebody_else" : "saved");
  };
  const count = ownData.count.value;
  return (
    <section class="card setting own_data" aria-labelledby="own_data_title">
      <h2 id="own_data_title" class="setting__title">
        {t("own_data.title")}
      </h2>
      <p class="muted">{t("own_data.text")}</p>
      <button type="button" class="button" disabled={busy} onClick={() => void run(download)}>
        <DownloadIcon />
        {refusal.length === 0 ? t("own_data.download") : t("home.retry")}
      </button>
      <p class="hint" role="status">
        {busy && t("own_data.progress", { count })}
        {end !== null && t(`own_data.${end}`, { count })}
      </p>
      <Refusal lines={refusal} />
    </section>
  );
}
