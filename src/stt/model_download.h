// Speech models from the network, checked before they are used.
#pragma once

#include <chrono>
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
      on_progress{};                                       // on the calling thread; all_bytes 0 where unknown
  std::function<void(std::chrono::seconds pause)> wait{};  // between two tries; empty: sleeps
};

// Downloads into TARGET.part and moves it to the target once its checksum and its whole structure are right; the checksum is then
// kept in TARGET.sha256, as sha256sum writes it. Where a connection breaks, goes on from what has come, five times, after 1 s, 2 s,
// 4 s and so on, or the up to 60 s that the server asks for; what a failed call has got is gone on with by the next one. Where the
// address is another one or the server's file has changed since (TARGET.part.from tells), begins anew. What turns out wrong is
// thrown away. Blocks. Two downloads of one target exclude each other, of other processes too (TARGET.part.lock).
// Errors: kNotFound (the server has no such file), kModelUnavailable (the message says what to do).
base::Status DownloadModel(const ModelDownload& download);

// Hexadecimal, of the whole file. Errors: kModelUnavailable (not readable).
base::Result<std::string> Sha256Of(const std::filesystem::path& path);

// The checksum that `path` should have: that of TARGET.sha256; empty where there is none.
std::string KeptSha256(const std::filesystem::path& path);

}  // namespace speechcoach::stt
