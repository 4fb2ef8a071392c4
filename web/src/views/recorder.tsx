import { useRef } from "preact/hooks";
import { MicrophoneIcon, StopIcon, UploadIcon } from "../components/icons";
import { LevelMeter } from "../components/level_meter";
import { Waveform } from "../components/waveform";
import { locale, t, type TextKey } from "../i18n";
import { formatClock } from "../i18n/numbers";
import type { Phase, Practice } from "../state/practice";

const WARN_SECONDS = 10;
const ACCEPTED = ".wav,.mp3,.m4a,.flac,.ogg,.opus,.webm,audio/*";

function UploadButton({ practice }: { practice: Practice }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="upload">
      <button type="button" class="button button--quiet" onClick={() => input.current?.click()}>
        <UploadIcon />
        {t("record.upload")}
      </button>
      <p class="hint">{t("record.upload.formats")}</p>
      <input
        ref={input}
        class="visually_hidden"
        type="file"
        accept={ACCEPTED}
        tabIndex={-1}
        aria-label={t("record.upload")}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file !== undefined) void practice.upload(file);
        }}
      />
    </div>
  );
}

function Timer({ practice }: { practice: Practice }) {
  const seconds = practice.seconds.value;
  const max = practice.maxSeconds.value;
  const left = Math.ceil(max - seconds);
  return (
    <p class="timer" role="timer" aria-label={t("record.time", { seconds: Math.floor(seconds), max })}>
      <span class="timer__now">{formatClock(seconds)}</span>
      <span class="timer__max"> / {formatClock(max)}</span>
      {left <= WARN_SECONDS && <span class="timer__left">{t("record.ending_soon", { seconds: left })}</span>}
    </p>
  );
}

export function IdleRecorder({ practice, asking, canUpload = true }: { practice: Practice; asking: boolean; canUpload?: boolean }) {
  return (
    <section class="recorder">
      <button type="button" class="record_button" disabled={asking} aria-keyshortcuts="Space" onClick={() => void practice.record()}>
        <span class="record_button__disc">
          <MicrophoneIcon />
        </span>
        <span class="record_button__label">{t(asking ? "record.asking" : "record.start")}</span>
      </button>
      <p class="hint recorder__keys">{t("record.hint")}</p>
      {canUpload && <UploadButton practice={practice} />}
    </section>
  );
}

// What the server heard so far. The newest words can still change, and look like it; those with a wrong sound are marked.
function PartialWords({ practice }: { practice: Practice }) {
  const heard = practice.transcription.value;
  const stable = heard?.stable_words ?? 0;
  const marked = new Set(practice.hints.value.map((hint) => hint.index));
  return (
    <p class="partial" lang="en" aria-live="off">
      {heard?.words.map((word, index) => (
        <span key={index} class={`partial__word ${index < stable ? "" : "partial__word--open"} ${marked.has(index) ? "partial__word--wrong" : ""}`}>
          {word.text}{" "}
        </span>
      ))}
    </p>
  );
}

// The newest alone: who speaks can read one line at most.
function LiveHint({ practice }: { practice: Practice }) {
  const hint = practice.hints.value.at(-1);
  return (
    <p class="live_hint" role="status">
      {hint && (
        <>
          <strong lang="en">{hint.word}</strong> <span class="live_hint__sound">/{hint.ipa}/</span> {locale.value === "vi" ? hint.tip_vi : hint.tip_en}
        </>
      )}
    </p>
  );
}

const CONNECTION_TEXTS: Record<(Phase & { name: "recording" })["connection"], TextKey> = {
  connecting: "record.connecting",
  live: "record.live",
  reconnecting: "record.reconnecting",
  lost: "record.lost",
};

export function ActiveRecorder({ practice, connection }: { practice: Practice; connection: (Phase & { name: "recording" })["connection"] }) {
  return (
    <section class="recorder recorder--active">
      <p class={`connection connection--${connection}`} role="status">
        <span class="connection__dot" aria-hidden="true" />
        {t(CONNECTION_TEXTS[connection])}
      </p>
      <Waveform loudness={practice.loudness} pitch={practice.pitch} />
      <PartialWords practice={practice} />
      <LiveHint practice={practice} />
      <LevelMeter loudness={practice.loudness} />
      <Timer practice={practice} />
      <button type="button" class="record_button record_button--active" aria-keyshortcuts="Space" onClick={() => void practice.stop()}>
        <span class="record_button__disc">
          <StopIcon />
        </span>
        <span class="record_button__label">{t("record.stop")}</span>
      </button>
      <button type="button" class="button button--quiet" aria-keyshortcuts="Escape" onClick={() => practice.cancel()}>
        {t("record.cancel")}
      </button>
      <p class="hint recorder__keys">{t("record.hint")}</p>
    </section>
  );
}
