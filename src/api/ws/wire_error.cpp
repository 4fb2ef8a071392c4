#include "api/ws/wire_error.h"

namespace speechcoach::api {

base::ErrorCode WireCode(base::ErrorCode code) {
  using enum base::ErrorCode;
  switch (code) {
    case kNotFound:  // a sentence that there is not
      return kBadField;
    case kConflict:
      return kWrongState;
    case kModelUnavailable:
      return kSttFailed;
    case kCancelled:
    case kTimeout:
      return kBusy;
    case kUnauthenticated:
    case kForbidden:
    case kBadConfig:
      return kInternal;
    default:
      return code;
  }
}

int RetryAfterMs(base::ErrorCode wire_code) {
  switch (wire_code) {
    case base::ErrorCode::kBusy:
      return 3000;
    case base::ErrorCode::kStorageUnavailable:
      return 5000;
    case base::ErrorCode::kRateLimited:
      return 1000;
    case base::ErrorCode::kSessionQuota:
      return 300'000;
    default:
      return 0;
  }
}

}  // namespace speechcoach::api
