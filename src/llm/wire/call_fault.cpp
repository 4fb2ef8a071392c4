#include "llm/wire/call_fault.h"

namespace speechcoach::llm {

bool IsProvidersFault(FaultKind kind) {
  switch (kind) {
    case FaultKind::kBadRequest:
    case FaultKind::kServerFault:
    case FaultKind::kTimeout:
    case FaultKind::kConnection:
    case FaultKind::kUnusable:
    case FaultKind::kForbidden:
      return true;
    case FaultKind::kInvalidKey:
    case FaultKind::kUnreadableKey:
    case FaultKind::kNoCredit:
    case FaultKind::kRateLimited:
    case FaultKind::kNoSuchModel:
    case FaultKind::kRefused:
    case FaultKind::kCancelled:
      return false;
  }
  return true;
}

bool IsKeysFault(FaultKind kind) {
  return kind == FaultKind::kInvalidKey || kind == FaultKind::kUnreadableKey || kind == FaultKind::kNoCredit ||
         kind == FaultKind::kRateLimited;
}

std::string_view Name(FaultKind kind) {
  switch (kind) {
    case FaultKind::kInvalidKey:
      return "invalid_key";
    case FaultKind::kUnreadableKey:
      return "unreadable_key";
    case FaultKind::kNoCredit:
      return "no_credit";
    case FaultKind::kRateLimited:
      return "rate_limited";
    case FaultKind::kForbidden:
      return "forbidden";
    case FaultKind::kNoSuchModel:
      return "no_such_model";
    case FaultKind::kBadRequest:
      return "bad_request";
    case FaultKind::kServerFault:
      return "server_fault";
    case FaultKind::kTimeout:
      return "timeout";
    case FaultKind::kConnection:
      return "connection";
    case FaultKind::kUnusable:
      return "unusable";
    case FaultKind::kRefused:
      return "refused";
    case FaultKind::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace speechcoach::llm
