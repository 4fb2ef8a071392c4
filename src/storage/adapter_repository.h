// Tables of another program that hold users or sentences, and their rows as ours. Every call blocks and is thread-safe. Errors everywhere:
// kStorageUnavailable.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace speechcoach::storage {

enum class AdaptedKind { kUsers, kSentences };

// Names as that table has them.
struct AdaptedTable {
  std::string table;  // "accounts", "legacy.accounts"
  std::map<std::string, std::string>
      columns;  // ours -> theirs. Users: id, and as one likes email, name. Sentences: id, text, and as one likes text_vi, level, topic
  std::string issuer = {};  // users: tokens of whom name them in `sub`
};

struct AdaptedCounts {
  int added = 0;
  int changed = 0;
  int gone = 0;  // no longer in their table: users stay in ours, sentences are offered no more
};

class AdapterRepository {
 public:
  virtual ~AdapterRepository() = default;

  // In the place of an earlier one. kBadField: a name that is none, a column too few or unknown, an id that several rows have; kNotFound: no such
  // table or column.
  virtual base::Status Put(AdaptedKind kind, const AdaptedTable& table) = 0;
  virtual base::Result<std::optional<AdaptedTable>> Get(AdaptedKind kind) = 0;

  // Brings ours to what theirs is. What is not mapped, NULL or empty there stays as it is in ours, and so does an e-mail address in the place of
  // which another user's would come. Left out: rows whose id is longer than 255 characters, and sentences above half a million.
  virtual base::Result<AdaptedCounts> Follow(AdaptedKind kind, std::int64_t now_ms) = 0;
};

}  // namespace speechcoach::storage
