#include "stt/whisper_transcriber.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "model/language.h"
#include "stt/internal/compression.h"
#include "stt/internal/decoded_window.h"
#include "stt/internal/evidence.h"
#include "stt/internal/fair_pool.h"
#include "stt/internal/language_tally.h"
#include "stt/internal/loadable.h"
#include "stt/internal/loudness.h"
#include "stt/internal/machine.h"
#include "stt/internal/model_header.h"
#include "stt/internal/repetition.h"
#include "stt/internal/speech_windows.h"
#include "stt/internal/whisper_engine.h"
#include "stt/internal/window_cache.h"
#include "stt/internal/words.h"

namespace speechcoach::stt {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kKeptWindows = 16;
// A window that is heard again, as every one whose text fits no better, with kMostBeams: the silence after it in the encoder's context (docs/stt.md
// has the measurements).
constexpr double kSuspectLogProbability = -0.6;
constexpr double kMoreSilenceS = 2.56;
constexpr double kLeastOfText = 0.75;  // of the first hearing's tokens, in the second
// Nobody speaks where Whisper says so and its text is doubtful too, or thinks it possible and its text fits nothing.
constexpr double kNoSpeechProbability = 0.6;
constexpr double kDoubtfulLogProbability = -1.0;
constexpr double kPerhapsNoSpeechProbability = 0.3;
constexpr double kHopelessLogProbability = -1.5;
// Another language is looked for where English is so improbable, and so badly written; it is that where it fits so much better.
constexpr double kDoubtfulEnglish = 0.2;
constexpr double kFluentLogProbability = -0.6;
constexpr double kPlainlyBetter = 0.2;
// Where English is as good as ruled out, however well it is written: the other language has but to be written about as well.
constexpr double kHardlyEnglish = 0.02;
constexpr double kHardlyWorse = 0.15;
// Above it, OpenAI's transcribe.py takes a text for a loop too.
constexpr double kLoopCompressionRatio = 2.4;

double MeanLogProbability(std::span<const DecodedToken> tokens) {
  if (tokens.empty()) return -std::numeric_limits<double>::infinity();
  double sum = 0.0;
  for (const DecodedToken& token : tokens) sum += token.log_probability;
  return sum / static_cast<double>(tokens.size());
}

std::vector<int> Ids(std::span<const DecodedToken> tokens) {
  std::vector<int> ids;
  for (const DecodedToken& token : tokens) ids.push_back(token.id);
  return ids;
}

std::string Text(std::span<const DecodedToken> tokens) {
  std::string text;
  for (const DecodedToken& token : tokens) text += token.text;
  return text;
}

bool IsDoubtful(const DecodedWindow& window) {
  return window.ran_on || MeanLogProbability(window.tokens) < kDoubtfulLogProbability;
}

bool IsSilence(const DecodedWindow& window) {
  if (IsDoubtful(window) && window.no_speech_probability > kNoSpeechProbability) return true;
  return MeanLogProbability(window.tokens) < kHopelessLogProbability &&
         window.no_speech_probability > kPerhapsNoSpeechProbability;
}

bool IsSuspect(const DecodedWindow& window) {
  return window.ran_on || MeanLogProbability(window.tokens) < kSuspectLogProbability || SaysTwice(Ids(window.tokens)) ||
         CompressionRatio(Text(window.tokens)) > kLoopCompressionRatio;
}

std::vector<DecodedToken> WithoutLoop(DecodedWindow window) {
  if (window.ran_on) window.tokens.resize(window.tokens.size() - LoopTail(Ids(window.tokens)));
  return std::move(window.tokens);
}

bool IsBetter(const DecodedWindow& one, const DecodedWindow& other) {
  if (one.ran_on != other.ran_on) return !one.ran_on;
  const bool one_repeats = SaysTwice(Ids(one.tokens));
  if (one_repeats != SaysTwice(Ids(other.tokens))) return !one_repeats;
  // What passes over a part of what was said may well fit the rest.
  if (static_cast<double>(one.tokens.size()) < kLeastOfText * static_cast<double>(other.tokens.size())) return false;
  return MeanLogProbability(one.tokens) > MeanLogProbability(other.tokens);
}

// The model takes a learner's English for another language again and again, and writes it well all the same; so where both are in
// doubt, it is asked to write the sound in the other language, and what it does better counts (docs/stt.md has the measurements).
bool IsDoubtfulEnglish(const DecodedWindow& window) {
  return !window.other_language.empty() && window.english_probability < kDoubtfulEnglish &&
         MeanLogProbability(window.tokens) < kFluentLogProbability;
}

bool MayBeForeign(const DecodedWindow& window) {
  return IsDoubtfulEnglish(window) || (!window.other_language.empty() && window.english_probability < kHardlyEnglish);
}

bool IsForeign(const DecodedWindow& english, const DecodedWindow& other) {
  const double other_fit = MeanLogProbability(other.tokens);
  const double least_gain = english.english_probability < kHardlyEnglish ? -kHardlyWorse : kPlainlyBetter;
  return !other.ran_on && !SaysTwice(Ids(other.tokens)) && other_fit > kDoubtfulLogProbability &&
         other_fit > MeanLogProbability(english.tokens) + least_gain;
}

// Of a window that is not plainly another language.
std::string LanguageOf(const DecodedWindow& window) {
  if (window.other_language.empty()) return "";
  return IsDoubtfulEnglish(window) ? model::kUnsureLanguage : "en";
}

double MeanConfidence(std::span<const model::Word> words) {
  double log_confidence = 0.0;
  for (const model::Word& word : words) log_confidence += std::log(std::max(word.confidence, 1e-6));
  return words.empty() ? 0.0 : std::exp(log_confidence / static_cast<double>(words.size()));
}

struct HeardWindow {
  std::vector<DecodedToken> tokens;
  std::string language;
};

class WhisperTranscriber final : public Transcriber {
 public:
  WhisperTranscriber(std::string name, bool is_evidence_model, const base::SttConfig& config, Guards guards,
                     std::unique_ptr<WhisperEngine> engine, std::vector<std::unique_ptr<WhisperSession>> sessions)
      : name_(std::move(name)),
        is_evidence_model_(is_evidence_model),
        guards_(guards),
        threads_(ThreadsForEach(config.threads, config.parallel)),
        time_limit_(config.time_limit_ms),
        engine_(std::move(engine)),
        sessions_(std::move(sessions)) {}

  base::Result<model::Transcript> Transcribe(const model::AudioClip& clip, const TranscribeOptions& options) override {
    if (options.gives_way && pressing_ > 0) return GaveWay();
    model::Transcript transcript;
    transcript.model = name_;
    const std::span<const float> samples = clip.samples;
    const std::vector<float> loudness = LoudnessDb(samples);
    const std::vector<SpeechWindow> windows = FindSpeechWindows(loudness, samples.size());
    const bool gives_evidence = options.on_evidence && is_evidence_model_;
    EvidenceCollector evidence(windows, options.reference_text);
    if (windows.empty()) {
      if (gives_evidence) options.on_evidence(evidence.Take());
      return transcript;
    }

    const Pressing pressing(options.gives_way ? nullptr : &pressing_);
    auto session = options.gives_way ? sessions_.TryTake() : sessions_.Take(options.stop, SteadyClock::now() + time_limit_);
    if (!session.ok()) return session.error();

    Job job{options, SteadyClock::now() + time_limit_};
    job.evidence = gives_evidence ? &evidence : nullptr;
    job.windows = windows.size();
    LanguageTally languages;
    std::string written;
    for (job.window = 0; job.window < job.windows; ++job.window) {
      const SpeechWindow& window = windows[job.window];
      const auto heard = DecodeWindow(*session, samples.subspan(window.begin, window.end - window.begin), window, job);
      if (!heard.ok()) return heard.error();
      if (!heard->tokens.empty())
        languages.Add(heard->language, static_cast<double>(window.end - window.begin) / model::kSampleRateHz);
      for (const DecodedToken& token : heard->tokens) written += token.text;
      for (model::Word& word :
           MakeWords(heard->tokens, window.loudness_db, static_cast<double>(window.begin) / model::kSampleRateHz)) {
        word.end_s = std::min(word.end_s, clip.duration_s());
        transcript.words.push_back(std::move(word));
      }
    }
    job.Report(1.0);
    if (gives_evidence) options.on_evidence(evidence.Take());
    transcript.language = languages.Result();
    // All that was heard counts, what is left out the most.
    transcript.confidence = MeanConfidence(transcript.words);
    // While the learner speaks there may be no other words yet, and the next hearing knows better.
    if (guards_ == Guards::kOn && !options.gives_way) DropImprobable(transcript.words);
    // Without guards figures and other scripts, which are no words here, must be seen too.
    transcript.text = guards_ == Guards::kOn ? JoinedText(transcript.words) : std::move(written);
    return transcript;
  }

 private:
  // Counts a call that others give way to.
  class Pressing {
   public:
    explicit Pressing(std::atomic<int>* count) : count_(count) {
      if (count_ != nullptr) ++*count_;
    }
    ~Pressing() {
      if (count_ != nullptr) --*count_;
    }
    Pressing(const Pressing&) = delete;
    Pressing& operator=(const Pressing&) = delete;

   private:
    std::atomic<int>* count_;
  };

  struct Job {
    const TranscribeOptions& options;
    SteadyClock::time_point deadline;
    EvidenceCollector* evidence = nullptr;  // where it is asked for
    std::size_t window = 0;
    std::size_t windows = 1;
    double reported = 0.0;
    std::atomic<bool> gave_way = false;  // the engine asks on its own threads

    bool IsLate() const { return SteadyClock::now() >= deadline; }

    void Report(double share) {
      if (!options.on_progress || share <= reported) return;
      reported = share;
      options.on_progress(share);
    }
  };

  using Session = FairPool<WhisperSession>::Loan;

  DecodeRequest Request(std::span<const float> samples, double silence_s, Job& job) {
    DecodeRequest request;
    request.samples = samples;
    request.silence_s = silence_s;
    request.threads = ThreadsWithACore(threads_);
    request.is_guarded = guards_ == Guards::kOn;
    request.should_stop = [&] { return job.options.stop.stop_requested() || job.IsLate() || MustGiveWay(job); };
    request.on_progress = [&](double share) {
      job.Report(std::min(1.0, (static_cast<double>(job.window) + share) / static_cast<double>(job.windows)));
    };
    return request;
  }

  bool MustGiveWay(Job& job) const {
    if (job.options.gives_way && pressing_ > 0) job.gave_way = true;
    return job.gave_way;
  }

  static base::Error GaveWay() { return {base::ErrorCode::kBusy, "gave way to another recording"}; }

  // Why the engine was stopped, where it was.
  base::Error Explained(const base::Error& error, const Job& job) const {
    if (error.code != base::ErrorCode::kCancelled || job.options.stop.stop_requested()) return error;
    if (job.gave_way) return GaveWay();
    return {base::ErrorCode::kTimeout, "the recording took longer to transcribe than stt.time_limit_ms"};
  }

  // Decoded and examined; `request` is of the same model's session.
  static base::Result<DecodedWindow> Hear(Session& session, const DecodeRequest& request) {
    auto decoded = session->Decode(request);
    if (!decoded.ok()) return decoded;
    if (const base::Status examined = session->Examine(request, *decoded); !examined.ok()) return examined.error();
    return decoded;
  }

  // With the evidence, where it is asked for.
  base::Result<DecodedWindow> HearFirst(Session& session, const DecodeRequest& request, const SpeechWindow& window, Job& job) {
    auto known = job.options.gives_way ? std::nullopt : heard_live_.Find(request.samples);
    if (known && job.evidence != nullptr) {
      if (const base::Status encoded = session->Encode(request); !encoded.ok()) return encoded.error();
    }
    auto decoded = known ? base::Result<DecodedWindow>(std::move(*known)) : Hear(session, request);
    if (!decoded.ok()) return decoded;
    if (job.options.gives_way) heard_live_.Put(request.samples, *decoded);
    if (job.evidence != nullptr) {
      if (const base::Status done = job.evidence->Collect(*session, request, window); !done.ok()) return done.error();
    }
    return decoded;
  }

  // The encoder's context is cut to little more than the window, which saves most of the time and many loops. A window
  // whose text still repeats itself or is doubtful is heard once more with more silence after it, and several texts at once.
  base::Result<HeardWindow> DecodeWindow(Session& session, std::span<const float> samples, const SpeechWindow& window, Job& job) {
    const DecodeRequest request = Request(samples, kUsualSilenceS, job);
    auto decoded = HearFirst(session, request, window, job);
    if (!decoded.ok()) return Explained(decoded.error(), job);
    if (guards_ == Guards::kOff) return HeardWindow{std::move(decoded->tokens), LanguageOf(*decoded)};
    const std::string language = LanguageOf(*decoded);
    if (!job.options.gives_way && MayBeForeign(*decoded) && !IsSilence(*decoded)) {
      DecodeRequest foreign = request;
      foreign.language = decoded->other_language;
      const auto written = session->Decode(foreign);
      if (!written.ok()) return Explained(written.error(), job);
      if (IsForeign(*decoded, *written)) return HeardWindow{WithoutLoop(std::move(*decoded)), foreign.language};
    }
    if (!job.options.gives_way && IsSuspect(*decoded) && (decoded->ran_on || !IsSilence(*decoded))) {
      DecodeRequest thorough = Request(samples, kMoreSilenceS, job);
      thorough.beam = kMostBeams;
      auto again = session->Decode(thorough);
      if (!again.ok()) return Explained(again.error(), job);
      if (IsBetter(*again, *decoded)) {
        if (const base::Status examined = session->Examine(thorough, *again); !examined.ok())
          return Explained(examined.error(), job);
        decoded = std::move(again);
      }
    }
    if (IsSilence(*decoded)) decoded->tokens.clear();
    // A second hearing has more silence to judge the language by, not more speech.
    return HeardWindow{WithoutLoop(std::move(*decoded)), language};
  }

  std::string name_;
  bool is_evidence_model_;
  Guards guards_;
  int threads_;  // at most
  std::chrono::milliseconds time_limit_;
  std::unique_ptr<WhisperEngine> engine_;  // outlives the sessions
  FairPool<WhisperSession> sessions_;
  WindowCache heard_live_{kKeptWindows};
  std::atomic<int> pressing_ = 0;  // calls that do not give way
};

}  // namespace

base::Result<std::unique_ptr<Transcriber>> MakeWhisperTranscriber(const base::SttConfig& config, const ModelFile& file,
                                                                  Guards guards) {
  const base::Stopwatch watch;
  const auto header = ReadModelFile(file.path);
  if (!header.ok()) return header.error();
  if (const base::Status status = CheckMemory(config, file, *header); !status.ok()) return status.error();
  auto engine = WhisperEngine::Load(file.path);
  if (!engine.ok()) return engine.error();
  // All made now: a machine that cannot hold them is found out at start, where the fallback can still take over.
  std::vector<std::unique_ptr<WhisperSession>> sessions;
  for (int i = 0; i < config.parallel; ++i) {
    auto session = (*engine)->NewSession();
    if (!session.ok()) return session.error();
    sessions.push_back(std::move(*session));
  }
  base::Log(base::LogLevel::kInfo, "speech model loaded",
            {{"model", file.name},
             {"parallel", config.parallel},
             {"threads", ThreadsForEach(config.threads, config.parallel)},
             {"took_ms", watch.ElapsedMs()}});
  return std::unique_ptr<Transcriber>(std::make_unique<WhisperTranscriber>(file.name, IsEvidenceModel(file, *header), config,
                                                                           guards, std::move(*engine), std::move(sessions)));
}

}  // namespace speechcoach::stt
