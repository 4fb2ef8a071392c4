// What either spool answers where it cannot do as it is asked.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace speechcoach::spool {

inline constexpr std::size_t kMaxHeaderBytes = 200;

inline base::Error NotThere() { return {base::ErrorCode::kNotFound, "spool: no such stream"}; }
inline base::Error TakenOver() { return {base::ErrorCode::kWrongState, "spool: another writer has the stream"}; }
inline base::Error Lost() { return {base::ErrorCode::kStorageUnavailable, "spool: a write was lost"}; }

}  // namespace speechcoach::spool
