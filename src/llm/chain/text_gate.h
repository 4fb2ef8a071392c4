// Decides whose text a learner sees.
#pragma once

#include <mutex>
#include <string_view>

#include "llm/chat_provider.h"

namespace speechcoach::llm {

// Of several providers that are asked at once the first that has text, or a whole answer, holds the gate; the others' text
// goes nowhere. Whoever takes a gate through which text went already starts over. Thread-safe.
class TextGate {
 public:
  explicit TextGate(const ChatObserver& observer) : observer_(observer) {}

  // True where `asker` (> 0) holds the gate now.
  bool Take(int asker) {
    const std::lock_guard lock(mutex_);
    if (holder_ == 0) holder_ = asker;
    return holder_ == asker;
  }

  void Show(int asker, std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (holder_ == 0) holder_ = asker;
    if (holder_ != asker) return;
    if (is_void_) observer_.on_start_over();
    is_void_ = false;
    was_shown_ = true;
    observer_.on_text(text);
  }

  // What `asker` showed is of no use; another may take the gate.
  void Release(int asker) {
    const std::lock_guard lock(mutex_);
    if (holder_ != asker) return;
    holder_ = 0;
    is_void_ = was_shown_;
  }

  bool IsHeldByAnother(int asker) const {
    const std::lock_guard lock(mutex_);
    return holder_ != 0 && holder_ != asker;
  }

 private:
  const ChatObserver& observer_;
  mutable std::mutex mutex_;
  int holder_ = 0;
  bool was_shown_ = false;
  bool is_void_ = false;
};

}  // namespace speechcoach::llm
