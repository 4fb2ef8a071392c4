// Shows the parts of a talk in their order while they are being written at the same time.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "scoring/feedback_writer.h"

namespace speechcoach::advice {

// Thread-safe.
class TalkStage {
 public:
  // `wish` outlives it. `parts`: how many are written; each may have words before it (an opening) that are shown with its first.
  TalkStage(const scoring::FeedbackWish& wish, std::vector<std::string> before) : wish_(wish), parts_(before.size()) {
    for (std::size_t i = 0; i < before.size(); ++i) parts_[i].before = std::move(before[i]);
  }

  // One more sentence of a part.
  void Say(std::size_t part, std::string_view sentence) {
    const std::lock_guard lock(mutex_);
    parts_[part].text += sentence;
    Show();
  }

  // What was said of a part is void.
  void TakeBack(std::size_t part) {
    const std::lock_guard lock(mutex_);
    Clear(part);
  }

  // The part is written; empty: it is left out.
  void Finish(std::size_t part, const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (!text.starts_with(Trimmed(parts_[part].text))) Clear(part);
    parts_[part].text = text.empty() ? "" : text + " ";
    parts_[part].is_done = true;
    Show();
  }

 private:
  struct Part {
    std::string before;
    std::string text;
    std::size_t shown = 0;  // bytes of it
    bool is_done = false;
  };

  static std::string_view Trimmed(std::string_view text) { return text.substr(0, text.find_last_not_of(' ') + 1); }

  void Clear(std::size_t part) {
    const bool was_shown = parts_[part].shown > 0;
    parts_[part].text.clear();
    parts_[part].shown = 0;
    if (!was_shown) return;
    wish_.on_start_over();
    for (std::size_t i = 0; i < part; ++i) parts_[i].shown = 0;
    front_ = 0;
    Show();
  }

  void Show() {
    for (; front_ < parts_.size(); ++front_) {
      Part& part = parts_[front_];
      if (part.shown < part.text.size()) {
        if (part.shown == 0 && !part.before.empty()) wish_.on_sentence(part.before);
        wish_.on_sentence(std::string_view(part.text).substr(part.shown));
        part.shown = part.text.size();
      }
      if (!part.is_done) return;
    }
  }

  const scoring::FeedbackWish& wish_;
  std::mutex mutex_;
  std::vector<Part> parts_;
  std::size_t front_ = 0;
};

}  // namespace speechcoach::advice
