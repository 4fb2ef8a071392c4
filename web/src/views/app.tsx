import { lazy, LocationProvider, Route, Router } from "preact-iso";
import { NavBar } from "../components/nav_bar";
import { TopBar } from "../components/top_bar";
import { t } from "../i18n";
import { isOnline } from "../state/online";
import { HomeView } from "./home_view";
import { ConversationView, SentenceView } from "./practice_view";

// What a first visit does not need comes when it is opened.
const HistoryView = lazy(() => import("./history_view").then((views) => views.HistoryView));
const PastSessionView = lazy(() => import("./past_session_view").then((views) => views.PastSessionView));
const PathView = lazy(() => import("./path_view").then((views) => views.PathView));
const ClassesView = lazy(() => import("./classes_view").then((views) => views.ClassesView));
const ClassView = lazy(() => import("./class_view").then((views) => views.ClassView));
const LearnerView = lazy(() => import("./learner_view").then((views) => views.LearnerView));
const LearnersSessionView = lazy(() => import("./learners_session_view").then((views) => views.LearnersSessionView));
const OwnSentencesView = lazy(() => import("./own_sentences_view").then((views) => views.OwnSentencesView));
const RatingsView = lazy(() => import("./ratings_view").then((views) => views.RatingsView));
const AdminView = lazy(() => import("./admin_view").then((views) => views.AdminView));
const PlacementView = lazy(() => import("./placement_view").then((views) => views.PlacementView));
const ProgressView = lazy(() => import("./progress_view").then((views) => views.ProgressView));
const TalkView = lazy(() => import("./talk_view").then((views) => views.TalkView));
const SettingsView = lazy(() => import("./settings_view").then((views) => views.SettingsView));

export function App() {
  return (
    <LocationProvider>
      <a class="skip" href="#content">
        {t("app.skip")}
      </a>
      <TopBar />
      {!isOnline.value && (
        <p class="offline" role="status">
          {t("app.offline")}
        </p>
      )}
      <main id="content" class="page" tabIndex={-1}>
        <Router>
          <Route path="/" component={HomeView} />
          <Route path="/conversation" component={ConversationView} />
          <Route path="/talk/:topic" component={TalkView} />
          <Route path="/sentence/:id" component={SentenceView} />
          <Route path="/history" component={HistoryView} />
          <Route path="/history/:id" component={PastSessionView} />
          <Route path="/path" component={PathView} />
          <Route path="/classes" component={ClassesView} />
          <Route path="/classes/:id" component={ClassView} />
          <Route path="/classes/:id/learners/:user" component={LearnerView} />
          <Route path="/classes/:id/learners/:user/:session" component={LearnersSessionView} />
          <Route path="/my-sentences" component={OwnSentencesView} />
          <Route path="/ratings" component={RatingsView} />
          <Route path="/admin" component={AdminView} />
          <Route path="/placement" component={PlacementView} />
          <Route path="/progress" component={ProgressView} />
          <Route path="/settings" component={SettingsView} />
          <Route default component={HomeView} />
        </Router>
      </main>
      <NavBar />
    </LocationProvider>
  );
}
