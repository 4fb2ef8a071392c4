#include "learning/learning_path.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace speechcoach::learning {
namespace {

constexpr double kPriorChances = 10.0;
constexpr double kProsodyWeight = 0.15;  // of a melody focus, beside rates of faults
constexpr double kLevelStepCost = 0.05;  // a level below or above the learner's
constexpr double kTooHardCost = 10.0;    // more than any sounds can weigh
constexpr double kAgainFactor = 0.5;
constexpr std::size_t kMostWeakSounds = 8;
constexpr std::string_view kBeginnersLevel = "A1";
constexpr std::string_view kProsody = "prosody";

constexpr std::array<std::string_view, 5> kLevels{"A1", "A2", "B1", "B2", "C1"};

// Focus keys that are no phone, and what they are counted under.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kFocusSounds{{
    {"final_S", "S"},
    {"final_Z", "Z"},
    {"final_ED", "D"},
    {"final_L", "L"},
    {"rising_intonation", kProsody},
    {"falling_intonation", kProsody},
    {"word_stress", kProsody},
    {"sentence_stress", kProsody},
    {"linking", kProsody},
}};

std::string_view SoundOf(std::string_view focus) {
  const auto row = std::ranges::find(kFocusSounds, focus, &std::pair<std::string_view, std::string_view>::first);
  return row != kFocusSounds.end() ? row->second : focus;
}

int LevelIndex(std::string_view level) { return static_cast<int>(std::ranges::find(kLevels, level) - kLevels.begin()); }

double Overdue(const model::SentenceReview& review, std::int64_t today) {
  return static_cast<double>(today - review.due_day) / std::max(1, review.interval_days);
}

class PathMaker {
 public:
  PathMaker(const LearnerState& learner, std::size_t limit) : learner_(learner), limit_(limit) {
    path_.weak_sounds = WeakSoundsOf(learner.sounds);
    if (path_.weak_sounds.size() > kMostWeakSounds) path_.weak_sounds.resize(kMostWeakSounds);
    for (const WeakSound& weak : path_.weak_sounds) weights_.emplace(weak.sound, weak.fault_rate);
    if (learner.is_prosody_weak) weights_.emplace(kProsody, kProsodyWeight);
    std::map<std::int64_t, const model::SentenceReview*> reviews;
    for (const model::SentenceReview& review : learner.reviews) reviews.emplace(review.sentence_id, &review);
    for (const model::Sentence& sentence : learner.sentences) {
      const auto review = reviews.find(sentence.id);
      if (review == reviews.end()) {
        new_.push_back(&sentence);
      } else {
        read_.push_back({&sentence, review->second});
      }
    }
  }

  LearningPath Make() && {
    AddReviews();
    AddNew();
    AddAhead();
    return std::move(path_);
  }

 private:
  struct ReadSentence {
    const model::Sentence* sentence;
    const model::SentenceReview* review;
  };

  bool IsFull() const { return path_.items.size() >= limit_; }

  void Add(const model::Sentence& sentence, PathReason reason, const model::SentenceReview* review) {
    if (IsFull()) return;
    PathItem item{&sentence, reason, {}, {}};
    for (const std::string& focus : sentence.focus_sounds) {
      if (weights_.contains(SoundOf(focus))) item.focus.push_back(focus);
    }
    if (review != nullptr) item.review = *review;
    path_.items.push_back(std::move(item));
  }

  void AddReviews() {
    std::vector<ReadSentence> due;
    std::vector<ReadSentence> again;
    for (const ReadSentence& read : read_) {
      if (read.review->due_day <= learner_.today) {
        due.push_back(read);
      } else if (read.review->wants_another && read.review->last_day == learner_.today) {
        again.push_back(read);
      } else {
        ahead_.push_back(read);
      }
    }
    path_.due = static_cast<int>(due.size());
    std::ranges::sort(due, [&](const ReadSentence& a, const ReadSentence& b) {
      return std::pair(-Overdue(*a.review, learner_.today), a.sentence->id) <
             std::pair(-Overdue(*b.review, learner_.today), b.sentence->id);
    });
    std::ranges::sort(again, [](const ReadSentence& a, const ReadSentence& b) {
      return std::pair(a.review->last_score, a.sentence->id) < std::pair(b.review->last_score, b.sentence->id);
    });
    for (const ReadSentence& read : due) Add(*read.sentence, PathReason::kDue, read.review);
    for (const ReadSentence& read : again) Add(*read.sentence, PathReason::kAgain, read.review);
  }

  double LevelCost(const model::Sentence& sentence) const {
    const int steps =
        LevelIndex(sentence.level) - LevelIndex(learner_.level.empty() ? kBeginnersLevel : std::string_view(learner_.level));
    return std::abs(steps) * kLevelStepCost + (steps > 1 ? kTooHardCost : 0.0);
  }

  double Gain(const model::Sentence& sentence) const {
    double gain = 0.0;
    for (const std::string& focus : sentence.focus_sounds) {
      const auto weight = weights_.find(SoundOf(focus));
      if (weight != weights_.end()) gain += weight->second;
    }
    return gain;
  }

  void AddNew() {
    std::ranges::sort(new_, {}, &model::Sentence::id);
    while (!IsFull() && !new_.empty()) {
      const auto best = std::ranges::max_element(new_, {}, [this](const model::Sentence* s) { return Gain(*s) - LevelCost(*s); });
      const model::Sentence& sentence = **best;
      Add(sentence, Gain(sentence) > 0.0 ? PathReason::kWeakSound : PathReason::kNew, nullptr);
      for (const std::string& focus : sentence.focus_sounds) {
        const auto weight = weights_.find(SoundOf(focus));
        if (weight != weights_.end()) weight->second *= kAgainFactor;
      }
      new_.erase(best);
    }
  }

  void AddAhead() {
    std::ranges::sort(ahead_, [](const ReadSentence& a, const ReadSentence& b) {
      return std::pair(a.review->due_day, a.sentence->id) < std::pair(b.review->due_day, b.sentence->id);
    });
    for (const ReadSentence& read : ahead_) Add(*read.sentence, PathReason::kAhead, read.review);
  }

  const LearnerState& learner_;
  const std::size_t limit_;
  std::map<std::string, double, std::less<>> weights_;  // what a sound adds to a new sentence
  std::vector<ReadSentence> read_;
  std::vector<ReadSentence> ahead_;
  std::vector<const model::Sentence*> new_;
  LearningPath path_;
};

}  // namespace

std::string_view Name(PathReason reason) {
  switch (reason) {
    case PathReason::kDue:
      return "due";
    case PathReason::kAgain:
      return "again";
    case PathReason::kWeakSound:
      return "weak_sound";
    case PathReason::kNew:
      return "new";
    case PathReason::kAhead:
      return "ahead";
  }
  return "";
}

LearningPath PathFor(const LearnerState& learner, std::size_t limit) { return PathMaker(learner, limit).Make(); }

std::vector<WeakSound> WeakSoundsOf(std::span<const model::SpeechCount> sounds) {
  double chances = 0.0;
  double faults = 0.0;
  for (const model::SpeechCount& sound : sounds) {
    chances += static_cast<double>(sound.chances);
    faults += static_cast<double>(sound.faults);
  }
  std::vector<WeakSound> weak;
  if (chances <= 0.0) return weak;
  const double mean = faults / chances;
  for (const model::SpeechCount& sound : sounds) {
    const double rate =
        (static_cast<double>(sound.faults) + kPriorChances * mean) / (static_cast<double>(sound.chances) + kPriorChances);
    if (rate > mean && sound.faults > 0) weak.push_back({sound.text, rate});
  }
  std::ranges::sort(weak, [](const WeakSound& a, const WeakSound& b) {
    return a.fault_rate != b.fault_rate ? a.fault_rate > b.fault_rate : a.sound < b.sound;
  });
  return weak;
}

}  // namespace speechcoach::learning
