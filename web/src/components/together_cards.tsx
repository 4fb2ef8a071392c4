import { t } from "../i18n";
import { classesClient } from "../state/my_classes";
import { useLoaded } from "../state/use_loaded";
import { ChallengeForm } from "./challenge_form";
import { ChallengeList } from "./challenge_list";
import { LeaderboardCard } from "./leaderboard_card";
import { LoadedPart } from "./loaded_part";

async function readTogether(classId: number) {
  const [challenges, board] = await Promise.all([classesClient.challenges(classId), classesClient.leaderboard(classId)]);
  return { challenges, board };
}

// What a class does together, as one who learns in it sees it.
export function LearnersTogether({ classId }: { classId: number }) {
  const [state, reload] = useLoaded(() => readTogether(classId), classId);
  return (
    <LoadedPart state={state} reload={reload} lines={1}>
      {({ challenges, board }) => (
        <>
          {challenges.length > 0 && (
            <section class="card" aria-label={t("challenge.all")}>
              <h3 class="card__title">{t("challenge.all")}</h3>
              <ChallengeList challenges={challenges} />
            </section>
          )}
          <LeaderboardCard board={board} classId={classId} onChange={reload} />
        </>
      )}
    </LoadedPart>
  );
}

// The same for its teacher, who sets the goals.
export function TeachersTogether({ classId }: { classId: number }) {
  const [state, reload] = useLoaded(() => readTogether(classId), classId);
  return (
    <LoadedPart state={state} reload={reload} lines={1}>
      {({ challenges, board }) => (
        <>
          <section class="card" aria-labelledby="challenges_title">
            <h2 id="challenges_title" class="card__title">
              {t("challenge.all")}
            </h2>
            <p class="card__lead">{t("challenge.text")}</p>
            <ChallengeForm onGive={(challenge) => classesClient.challenge(classId, challenge).then(reload)} />
            <ChallengeList challenges={challenges} onEnd={(id) => classesClient.endChallenge(classId, id).then(reload)} />
          </section>
          {board.learners.length > 0 && <LeaderboardCard board={board} />}
        </>
      )}
    </LoadedPart>
  );
}
