import { Notice } from "../components/notice";
import { PlayIcon } from "../components/icons";
import { isTextKey, t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import type { Failure, Practice } from "../state/practice";

function titleOf(failure: Failure): string {
  switch (failure.kind) {
    case "microphone":
      return t(`failure.microphone.${failure.fault}.title`);
    case "not_sent":
      return t(`failure.not_sent.${failure.reason}.title`);
    case "server": {
      const key = `failure.server.${failure.code}.title`;
      return isTextKey(key) ? t(key) : t("failure.server.other.title");
    }
    case "too_short":
    case "unreachable":
      return t(`failure.${failure.kind}.title`);
  }
}

function waitText(seconds: number): string {
  return seconds > 90 ? t("failure.minutes", { count: Math.ceil(seconds / 60) }) : t("failure.seconds", { count: seconds });
}

function textOfFailure(failure: Failure, recordedS: number): string {
  switch (failure.kind) {
    case "microphone":
      return t(`failure.microphone.${failure.fault}.text`);
    case "not_sent":
      return t(`failure.not_sent.${failure.reason}.text`, { seconds: formatNumber(recordedS, 1) });
    case "server": {
      const key = `failure.server.${failure.code}.text`;
      const text = failure.message || t(isTextKey(key) ? key : "failure.server.other.text");
      return failure.retryAfterS === null ? text : `${text} ${t("failure.retry_after", { wait: waitText(failure.retryAfterS) })}`;
    }
    case "too_short":
    case "unreachable":
      return t(`failure.${failure.kind}.text`);
  }
}

function Sending({ practice }: { practice: Practice }) {
  const player = practice.player.value;
  return (
    <>
      <button type="button" class="button button--primary" onClick={() => void practice.sendKept()}>
        {t("failure.send")}
      </button>
      {player !== null && (
        <button type="button" class="button" onClick={() => player.playAll()}>
          <PlayIcon />
          {t("failure.listen")}
        </button>
      )}
    </>
  );
}

// What can be done about it; undefined: nothing from here.
function wayOut(practice: Practice, failure: Failure, canSend: boolean) {
  if (canSend) return <Sending practice={practice} />;
  if (failure.kind !== "server" || failure.code !== "guardian_consent_needed") return undefined;
  return (
    <a class="button button--primary" href="/settings">
      {t("guardian.link.make")}
    </a>
  );
}

export function FailureNotice({ practice, failure, canSend }: { practice: Practice; failure: Failure; canSend: boolean }) {
  return (
    <Notice tone="error" title={titleOf(failure)} text={textOfFailure(failure, practice.seconds.value)}>
      {wayOut(practice, failure, canSend)}
    </Notice>
  );
}
