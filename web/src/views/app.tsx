import { TopBar } from "../components/top_bar";
import { t } from "../i18n";
import { route, sentences } from "../state/app";
import { HomeView } from "./home_view";
import { PracticeView } from "./practice_view";

function Page() {
  const here = route.value;
  if (here.name === "conversation") return <PracticeView sentence={null} />;
  if (here.name === "sentence" && sentences.value.name === "loaded") {
    const sentence = sentences.value.all.find(({ id }) => id === here.id);
    if (sentence !== undefined) return <PracticeView key={sentence.id} sentence={sentence} />;
  }
  return <HomeView />;
}

export function App() {
  return (
    <>
      <a class="skip" href="#content">
        {t("app.skip")}
      </a>
      <TopBar />
      <main id="content" class="page">
        <Page />
      </main>
    </>
  );
}
