// Speech models from the network, checked before they are used.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace speechcoach::stt {

struct ModelDownload {
  std::string url;               // http, https or file
  std::filesystem::path target;  // ggml-NAME.bin, in a folder that is made where it is missing
  std::string sha256;            // 64 hexadecimal digits; empty: what comes is trusted where it is a whole model
  std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>
      on_progress{};  // on the calling thread; all_bytes 0 where unknown
};

// Downloads beside the target and moves it there once its checksum and its whole structure are right; the checksum is kept in
// TARGET.sha256, as sha256sum writes it. Where a connection breaks, goes on from what has come, a few times; what a failed call
// has got is gone on with by the next one. What turns out wrong is thrown away. Blocks. Errors: kModelUnavailable (the message
// says what to do).
base::Status DownloadModel(const ModelDownload& download);

// Hexadecimal, of the whole file. Errors: kModelUnavailable (not readable).
base::Result<std::string> Sha256Of(const std::filesystem::path& path);

// The checksum that `path` should have: that of TARGET.sha256; empty where there is none.
std::string KeptSha256(const std::filesystem::path& path);

}  // namespace speechcoach::stt
