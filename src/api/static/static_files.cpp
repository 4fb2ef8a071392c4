#include "api/static/static_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "api/http/caching.h"
#include "api/http/text.h"

namespace speechcoach::api {
namespace {

constexpr std::uintmax_t kMaxTotalBytes = 64 * 1024 * 1024;
constexpr std::string_view kGzip = ".gz";

// The page consists of files of its own: nothing inline, nothing from elsewhere. Its AudioWorklet is one of those files, and
// the chart sets styles through the object model, which no policy concerns.
// The hash names the one style sheet that the page's waveform library writes into its own shadow tree.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; worker-src 'self'; "
    "style-src 'self' 'sha256-qg0uSSfJYaGrLwqWKxYxz65PSr2rsIyu2yQ4eEf3Uws='; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// The reader of the API's description has its icons in its style sheet.
constexpr std::string_view kDocsContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view PolicyOf(std::string_view path) {
  return path == "/docs" || path.starts_with("/docs/") ? kDocsContentSecurityPolicy : kContentSecurityPolicy;
}

struct TypeRow {
  std::string_view ending;
  std::string_view media_type;
};
constexpr std::array kTypes{
    TypeRow{".html", "text/html; charset=utf-8"},
    TypeRow{".js", "text/javascript; charset=utf-8"},
    TypeRow{".mjs", "text/javascript; charset=utf-8"},
    TypeRow{".css", "text/css; charset=utf-8"},
    TypeRow{".json", "application/json"},
    TypeRow{".map", "application/json"},
    TypeRow{".yaml", "application/yaml"},
    TypeRow{".webmanifest", "application/manifest+json"},
    TypeRow{".svg", "image/svg+xml"},
    TypeRow{".png", "image/png"},
    TypeRow{".jpg", "image/jpeg"},
    TypeRow{".webp", "image/webp"},
    TypeRow{".ico", "image/x-icon"},
    TypeRow{".woff2", "font/woff2"},
    TypeRow{".wasm", "application/wasm"},
    TypeRow{".txt", "text/plain; charset=utf-8"},
    TypeRow{".mp3", "audio/mpeg"},
    TypeRow{".wav", "audio/wav"},
};

std::string MediaTypeOf(std::string_view path) {
  if (path.ends_with(kGzip)) path.remove_suffix(kGzip.size());
  const auto row = std::ranges::find_if(kTypes, [&](const TypeRow& type) { return path.ends_with(type.ending); });
  return std::string(row != kTypes.end() ? row->media_type : "application/octet-stream");
}

bool Accepts(std::string_view field, std::string_view wanted) {
  return std::ranges::any_of(
      SplitList(field), [&](std::string_view item) { return EqualIgnoringCase(Trim(item.substr(0, item.find(';'))), wanted); });
}

// Vite gives every file under assets/ a name made from its content.
std::string_view CacheControlOf(std::string_view path) {
  return path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

}  // namespace

base::Result<StaticFiles> StaticFiles::Load(const std::filesystem::path& root) {
  const auto bad = [&](std::string_view what) {
    return base::Error{base::ErrorCode::kBadConfig, fmt::format("server.web_root {}: {}", root.string(), what)};
  };
  StaticFiles loaded;
  std::error_code fault;
  std::uintmax_t total = 0;
  std::filesystem::recursive_directory_iterator entries(root, fault);
  for (; !fault && entries != std::filesystem::recursive_directory_iterator(); entries.increment(fault)) {
    if (entries->is_symlink() || !entries->is_regular_file()) continue;
    total += entries->file_size();
    if (total > kMaxTotalBytes) return bad("more than 64 MB in it");
    std::ifstream stream(entries->path(), std::ios::binary);
    std::string content(std::istreambuf_iterator<char>(stream), {});
    if (!stream) return bad(fmt::format("{} cannot be read", entries->path().filename().string()));
    const std::string path = "/" + entries->path().lexically_relative(root).generic_string();
    std::string etag = EntityTagOf(content);
    loaded.files_.emplace(path, File{Body(std::move(content)), MediaTypeOf(path), std::move(etag)});
  }
  if (fault) return bad(fault.message());
  if (!loaded.files_.contains("/index.html")) return bad("no index.html in it");
  return loaded;
}

const StaticFiles::File* StaticFiles::Find(const Request& request) const {
  const auto at = [this](std::string_view path) {
    const auto found = files_.find(path);
    return found != files_.end() ? &found->second : nullptr;
  };
  if (request.path == "/") return at("/index.html");
  if (const File* file = at(request.path)) return file;
  if (const File* file = at(request.path + "/index.html")) return file;
  const bool is_page = request.path.find('.') == std::string::npos && Accepts(request.headers.Get("Accept"), "text/html");
  return is_page ? at("/index.html") : nullptr;
}

std::optional<Response> StaticFiles::Serve(const Request& request) const {
  if (request.method != Method::kGet && request.method != Method::kHead) return std::nullopt;
  const File* file = Find(request);
  if (file == nullptr) return std::nullopt;
  Response response;
  const auto packed = files_.find(request.path + std::string(kGzip));
  if (packed != files_.end()) {
    response.headers.Set("Vary", "Accept-Encoding");
    if (AcceptsCoding(request.headers.Get("Accept-Encoding"), "gzip")) {
      file = &packed->second;
      response.headers.Set("Content-Encoding", "gzip");
    }
  }
  response.headers.Set("ETag", file->etag);
  response.headers.Set("Cache-Control", std::string(CacheControlOf(request.path)));
  if (NamesTag(request.headers.Get("If-None-Match"), file->etag)) {
    response.status = 304;
    return response;
  }
  response.headers.Set("Content-Type", file->media_type);
  response.headers.Set("Content-Security-Policy", std::string(PolicyOf(request.path)));
  response.headers.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()");
  response.headers.Set("Referrer-Policy", "same-origin");
  response.headers.Set("Cross-Origin-Opener-Policy", "same-origin");
  response.body = file->body;
  return response;
}

}  // namespace speechcoach::api
