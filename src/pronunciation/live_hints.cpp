#include "pronunciation/live_hints.h"

#include <algorithm>
#include <utility>

#include "pronunciation/internal/plain_errors.h"

namespace speechcoach::pronunciation {
namespace {

// How the speech model hears the end of a word depends on what follows: so much sound is awaited.
constexpr double kTailS = 0.4;

class HeadHintFinder final : public HintFinder {
 public:
  HeadHintFinder(std::shared_ptr<const Parameters> parameters, const HintThresholds& thresholds)
      : parameters_(std::move(parameters)), thresholds_(thresholds) {}

  LiveHints Find(const HeardSoFar& heard, const std::string& reference_text) const override {
    LiveHints found{{}, heard.judged_words};
    if (heard.features.dim != parameters_->head().input_dim()) return found;
    const double end_s = heard.features.offset_s + static_cast<double>(heard.features.frames) * model::kEncoderFrameS;
    const std::size_t stable = std::min(heard.stable_words, heard.words.size());
    while (found.judged_words < stable && heard.words[found.judged_words].end_s + kTailS <= end_s) ++found.judged_words;
    if (found.judged_words > heard.judged_words) {
      found.hints = FindPlainErrors(parameters_->head()(heard.features), heard, found.judged_words, reference_text, thresholds_);
    }
    return found;
  }

 private:
  const std::shared_ptr<const Parameters> parameters_;
  const HintThresholds thresholds_;
};

}  // namespace

base::Result<std::unique_ptr<HintFinder>> MakeHintFinder() {
  auto parameters = Parameters::Embedded();
  if (!parameters.ok()) return parameters.error();
  return MakeHintFinder(std::move(*parameters));
}

base::Result<std::unique_ptr<HintFinder>> MakeHintFinder(std::shared_ptr<const Parameters> parameters,
                                                         const HintThresholds& thresholds) {
  return std::unique_ptr<HintFinder>(std::make_unique<HeadHintFinder>(std::move(parameters), thresholds));
}

}  // namespace speechcoach::pronunciation
