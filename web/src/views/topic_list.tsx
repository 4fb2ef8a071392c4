import { useEffect, useState } from "preact/hooks";
import type { Topic } from "@speechcoach/client";
import { ForwardIcon } from "../components/icons";
import { t } from "../i18n";
import { client } from "../state/app";
import { level } from "../state/level";

type Topics = { name: "loading" } | { name: "failed" } | { name: "loaded"; all: readonly Topic[] };

export function useTopics(): Topics {
  const [topics, setTopics] = useState<Topics>({ name: "loading" });
  useEffect(() => {
    let left = false;
    client.topics(level.value ?? "A2").then(
      (all) => left || setTopics({ name: "loaded", all }),
      () => left || setTopics({ name: "failed" }),
    );
    return () => {
      left = true;
    };
  }, []);
  return topics;
}

// What there is to talk about.
export function TopicList() {
  const topics = useTopics();
  if (topics.name !== "loaded") return null;
  return (
    <section class="card talk_topics" aria-labelledby="talk_topics_title">
      <h2 id="talk_topics_title" class="card__title">
        {t("talk.title")}
      </h2>
      <p class="muted">{t("talk.lead")}</p>
      <ul class="talk_topics__list">
        {topics.all.map(({ id, kind, title_vi }) => (
          <li key={id}>
            <a class="talk_topics__topic" href={`/talk/${id}`}>
              <span>
                <strong>{title_vi}</strong>
                <span class="muted">{t(`talk.kind.${kind}`)}</span>
              </span>
              <ForwardIcon />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
