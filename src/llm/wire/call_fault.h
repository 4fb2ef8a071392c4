// Why one call to a provider brought no answer, in terms of what is to be done about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace speechcoach::llm {

enum class FaultKind {
  kInvalidKey,     // the key is turned off
  kUnreadableKey,  // another master key encrypted it: it rests, because that is our mistake and not its fault
  kNoCredit,       // the key is turned off: its account has no money or quota left
  kRateLimited,    // the key rests until its limit is reset
  kForbidden,      // this region or project may not: the key rests, another key hardly helps
  kNoSuchModel,    // the model rests
  kBadRequest,     // the provider does not take what we send
  kServerFault,    // 5xx, or an error in the middle of the answer
  kTimeout,
  kConnection,  // refused, cut off, no such host, TLS
  kUnusable,    // an answer, but none we can use: blank, HTML, cut JSON, another form, too long
  kRefused,     // the model or its filter declined
  kCancelled,
};

struct CallFault {
  FaultKind kind = FaultKind::kServerFault;
  std::string message = {};                      // short, for the log: codes and statuses, nothing of the conversation or the key
  std::optional<std::int64_t> reset_at_ms = {};  // kRateLimited: when the provider says the limit is over; UTC
};

// Whether it speaks against the provider as a whole; keys, refusals and our own cancelling do not.
bool IsProvidersFault(FaultKind kind);

// Whether another key may help: it is turned off or rests.
bool IsKeysFault(FaultKind kind);

// "rate_limited": stable, for logs and statistics.
std::string_view Name(FaultKind kind);

}  // namespace speechcoach::llm
