// Where the chunks of a stream lie.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "spool/audio_spool.h"
#include "spool/internal/segment_file.h"

namespace speechcoach::spool {

// By number, from 0 on; 4 bytes a chunk, since thousands of streams are held. Not thread-safe.
class Places {
 public:
  // The next chunk's record begins at `offset` (below 4 GiB) of `file`, as many chunks follow there.
  void Add(const std::shared_ptr<SegmentFile>& file, std::int64_t offset);
  // The stream's records go on in `file`, though no chunk may. True where that is new.
  bool Enter(const std::shared_ptr<SegmentFile>& file);

  std::size_t size() const { return offsets_.size(); }
  std::vector<std::shared_ptr<SegmentFile>> files() const;

  // Makes safe what others have written there. Errors: kStorageUnavailable.
  base::Status Sync() const;
  // Reads and checks all chunks. Errors: kStorageUnavailable.
  base::Result<StreamContent> Read(const std::string& header) const;

 private:
  struct Run {
    std::shared_ptr<SegmentFile> file;
    std::uint32_t first = 0;  // chunk; up to the next run's
  };

  std::vector<std::uint32_t> offsets_;
  std::vector<Run> runs_;
};

}  // namespace speechcoach::spool
