#include "api/rest/final_wait.h"

#include <mutex>
#include <utility>

namespace speechcoach::api {
namespace {

class FinalWait : public std::enable_shared_from_this<FinalWait> {
 public:
  FinalWait(const WaitParts& parts, Call call, std::string session_id, SessionAnswer answer)
      : parts_(parts), call_(std::move(call)), session_id_(std::move(session_id)), answer_(std::move(answer)) {}

  void Begin(std::chrono::milliseconds timeout) {
    // The bus must be left quickly and may not be called from its handler: looking is the pool's work.
    auto watching = parts_.events->Subscribe(session_id_, 0, [weak = weak_from_this()](const pipeline::SessionEvent& event) {
      const bool may_be_final = std::holds_alternative<pipeline::CompleteEvent>(event.payload) ||
                                std::holds_alternative<pipeline::ErrorEvent>(event.payload);
      const auto self = weak.lock();
      if (self && may_be_final) self->parts_.pool->SubmitAlways([self] { self->Look(false); });
    });
    {
      const std::lock_guard lock(mutex_);
      if (!is_answered_) subscription_ = std::move(watching);
    }
    Look(false);
    // The timer keeps this wait alive.
    parts_.after(timeout, [self = shared_from_this()] { self->parts_.pool->SubmitAlways([self] { self->Look(true); }); });
  }

 private:
  void Look(bool is_last) {
    {
      const std::lock_guard lock(mutex_);
      if (is_answered_) return;
    }
    const auto session = parts_.service->Get(call_.user_id, session_id_);
    if (session.ok() && !model::IsFinal(session->status) && !is_last) return;
    pipeline::Subscription ended;
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(is_answered_, true)) return;
      ended = std::move(subscription_);
    }
    if (session.ok()) {
      answer_(call_, *session);
    } else {
      call_.Fail(session.error(), session_id_);
    }
  }

  const WaitParts parts_;
  const Call call_;
  const std::string session_id_;
  const SessionAnswer answer_;
  std::mutex mutex_;
  bool is_answered_ = false;
  pipeline::Subscription subscription_;
};

}  // namespace

void AnswerWhenFinal(const WaitParts& parts, Call call, std::string session_id, std::chrono::milliseconds timeout,
                     SessionAnswer answer) {
  std::make_shared<FinalWait>(parts, std::move(call), std::move(session_id), std::move(answer))->Begin(timeout);
}

}  // namespace speechcoach::api
