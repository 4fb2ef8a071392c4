// The built web app, held in memory: what is not in its folder at start can never be asked out of it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.h"
#include "base/result.h"

namespace speechcoach::api {

// Immutable once loaded, so any thread may read it.
class StaticFiles {
 public:
  // No file at all: Serve answers nothing.
  StaticFiles() = default;

  // Every regular file below `root`; links are not followed. kBadConfig: no folder, no index.html, unreadable, or more than
  // 64 MB in it.
  static base::Result<StaticFiles> Load(const std::filesystem::path& root);

  // GET and HEAD. A folder gives its index.html, pages of the app (a path without a dot, asked for as HTML) that of the root; nullopt:
  // nothing there.
  std::optional<Response> Serve(const Request& request) const;

 private:
  struct File {
    Body body;
    std::string media_type;
    std::string etag;
  };
  const File* Find(const Request& request) const;

  std::map<std::string, File, std::less<>> files_;  // by path: "/assets/app.js"
};

}  // namespace speechcoach::api
