// Errors as values: a small closed set of kinds, each of which says whether trying again can help.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace speechcoach::base {

// The first block are the codes of the wire (docs and contract/ name them the same); the second block never leaves the
// REST and command-line surfaces. Adding a code means adding a row to the table in result.cpp.
enum class ErrorCode {
  kBadJson,
  kUnknownType,
  kBadField,
  kWrongState,
  kUnsupportedFormat,
  kFormatMismatch,
  kAudioTooLong,
  kAudioTooLarge,
  kAudioUnreadable,
  kNoSpeech,
  kRateLimited,
  kSessionQuota,
  kSessionNotFound,
  kSessionExpired,
  kBusy,
  kSttFailed,
  kProsodyFailed,
  kFeedbackDegraded,
  kStorageUnavailable,
  kInternal,

  kNotFound,
  kUnauthenticated,
  kForbidden,
  kConflict,
  kCancelled,
  kTimeout,
  kBadConfig,
  kModelUnavailable,
  kEmailTaken,
  kWrongCredentials,
};

// "audio_too_long" for kAudioTooLong: the stable name used on the wire and in the database.
std::string_view ErrorCodeName(ErrorCode code);

// The code with that stable name; kInternal for a name that is not known.
ErrorCode ErrorCodeFromName(std::string_view name);

// True where the same request can succeed later without being changed.
bool IsRetryable(ErrorCode code);

// `message` is for operators and developers, in English, and never holds audio, transcripts, names or secrets.
// What a learner reads is made from `code` by model::UserMessage().
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

// Either a T or an Error. value() on an error, and error() on a value, are programming mistakes and throw
// std::bad_variant_access.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  Result(ErrorCode code, std::string message) : state_(std::in_place_index<1>, Error{code, std::move(message)}) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::get<0>(std::move(state_)); }  // by value, so that `for (x : *Call())` keeps what it walks
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : state_(std::move(error)) {}
  Result(ErrorCode code, std::string message) : state_(Error{code, std::move(message)}) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<std::monostate, Error> state_;
};

using Status = Result<void>;

}  // namespace speechcoach::base
