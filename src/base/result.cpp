#include "base/result.h"

#include <algorithm>
#include <array>

namespace speechcoach::base {
namespace {

struct CodeRow {
  ErrorCode code;
  std::string_view name;
  bool retryable;
};

constexpr std::array kCodes{
    CodeRow{ErrorCode::kBadJson, "bad_json", false},
    CodeRow{ErrorCode::kUnknownType, "unknown_type", false},
    CodeRow{ErrorCode::kBadField, "bad_field", false},
    CodeRow{ErrorCode::kWrongState, "wrong_state", false},
    CodeRow{ErrorCode::kUnsupportedFormat, "unsupported_format", false},
    CodeRow{ErrorCode::kFormatMismatch, "format_mismatch", false},
    CodeRow{ErrorCode::kAudioTooLong, "audio_too_long", false},
    CodeRow{ErrorCode::kAudioTooLarge, "audio_too_large", false},
    CodeRow{ErrorCode::kAudioUnreadable, "audio_unreadable", false},
    CodeRow{ErrorCode::kNoSpeech, "no_speech", false},
    CodeRow{ErrorCode::kRateLimited, "rate_limited", true},
    CodeRow{ErrorCode::kSessionQuota, "session_quota", true},
    CodeRow{ErrorCode::kSessionNotFound, "session_not_found", false},
    CodeRow{ErrorCode::kSessionExpired, "session_expired", false},
    CodeRow{ErrorCode::kBusy, "busy", true},
    CodeRow{ErrorCode::kSttFailed, "stt_failed", true},
    CodeRow{ErrorCode::kProsodyFailed, "prosody_failed", true},
    CodeRow{ErrorCode::kFeedbackDegraded, "feedback_degraded", true},
    CodeRow{ErrorCode::kStorageUnavailable, "storage_unavailable", true},
    CodeRow{ErrorCode::kInternal, "internal", true},
    CodeRow{ErrorCode::kNotFound, "not_found", false},
    CodeRow{ErrorCode::kUnauthenticated, "unauthenticated", false},
    CodeRow{ErrorCode::kForbidden, "forbidden", false},
    CodeRow{ErrorCode::kConflict, "conflict", false},
    CodeRow{ErrorCode::kCancelled, "cancelled", true},
    CodeRow{ErrorCode::kTimeout, "timeout", true},
    CodeRow{ErrorCode::kBadConfig, "bad_config", false},
    CodeRow{ErrorCode::kModelUnavailable, "model_unavailable", false},
    CodeRow{ErrorCode::kEmailTaken, "email_taken", false},
    CodeRow{ErrorCode::kWrongCredentials, "wrong_credentials", false},
};

const CodeRow& RowOf(ErrorCode code) {
  const auto row = std::ranges::find(kCodes, code, &CodeRow::code);
  return row != kCodes.end() ? *row : RowOf(ErrorCode::kInternal);
}

}  // namespace

std::string_view ErrorCodeName(ErrorCode code) { return RowOf(code).name; }

ErrorCode ErrorCodeFromName(std::string_view name) {
  const auto row = std::ranges::find(kCodes, name, &CodeRow::name);
  return row != kCodes.end() ? row->code : ErrorCode::kInternal;
}

bool IsRetryable(ErrorCode code) { return RowOf(code).retryable; }

}  // namespace speechcoach::base
