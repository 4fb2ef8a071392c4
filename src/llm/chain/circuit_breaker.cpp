#include "llm/chain/circuit_breaker.h"

namespace speechcoach::llm {

CircuitBreaker::State CircuitBreaker::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void CircuitBreaker::Succeeded() {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kClosed) failures_ = 0;
}

bool CircuitBreaker::Failed(int threshold, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kClosed || ++failures_ < threshold) return false;
  state_ = State::kOpen;
  opened_at_ = now;
  return true;
}

bool CircuitBreaker::BeginProbe(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kOpen || now < opened_at_ + open_for_) return false;
  state_ = State::kHalfOpen;
  return true;
}

void CircuitBreaker::EndProbe(bool succeeded, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  state_ = succeeded ? State::kClosed : State::kOpen;
  failures_ = 0;
  opened_at_ = now;
}

}  // namespace speechcoach::llm
