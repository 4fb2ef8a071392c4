#include "api/http/multipart.h"

#include <algorithm>
#include <optional>

#include "api/http/text.h"

namespace speechcoach::api {
namespace {

base::Error Bad(std::string message) { return {base::ErrorCode::kBadField, std::move(message)}; }

// The header block of a part, without the empty line that ends it.
std::optional<FormPart> ParsePartHeader(std::string_view header) {
  FormPart part;
  bool is_named = false;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = Trim(line.substr(colon + 1));
    if (EqualIgnoringCase(name, "content-disposition")) {
      if (MediaType(value) != "form-data") return std::nullopt;
      const auto field = FieldParameter(value, "name");
      if (!field) return std::nullopt;
      part.name = *field;
      part.is_file = FieldParameter(value, "filename").has_value() || FieldParameter(value, "filename*").has_value();
      is_named = true;
    } else if (EqualIgnoringCase(name, "content-type")) {
      part.content_type = value;
    }
  }
  return is_named ? std::optional(part) : std::nullopt;
}

}  // namespace

base::Result<std::vector<FormPart>> ParseMultipart(std::string_view content_type, std::span<const std::uint8_t> body) {
  const auto boundary = FieldParameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) return Bad("multipart: no usable boundary");
  const std::string_view text(reinterpret_cast<const char*>(body.data()), body.size());
  const std::string delimiter = "\r\n--" + *boundary;

  // The first delimiter may stand at the very beginning, without its line break.
  std::size_t at = text.starts_with(std::string_view(delimiter).substr(2)) ? delimiter.size() - 2 : std::string_view::npos;
  if (at == std::string_view::npos) {
    const std::size_t found = text.find(delimiter);
    if (found == std::string_view::npos) return Bad("multipart: the boundary does not occur");
    at = found + delimiter.size();
  }

  std::vector<FormPart> parts;
  while (true) {
    if (text.substr(at).starts_with("--")) return parts;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (!text.substr(at).starts_with("\r\n")) return Bad("multipart: the body ends early");
    if (parts.size() == kMaxFormParts) return Bad("multipart: too many parts");
    at += 2;
    const std::size_t header_end = text.substr(at, kMaxPartHeaderBytes).find("\r\n\r\n");
    if (header_end == std::string_view::npos) return Bad("multipart: a part's header has no end");
    auto part = ParsePartHeader(text.substr(at, header_end));
    if (!part) return Bad("multipart: a part has no usable header");
    at += header_end + 4;
    // An empty part's delimiter begins with the line break that ends its header.
    const std::size_t end = text.substr(at - 2).find(delimiter);
    if (end == std::string_view::npos) return Bad("multipart: a part has no end");
    const std::size_t content_end = std::max(at, at - 2 + end);
    part->bytes = body.subspan(at, content_end - at);
    parts.push_back(std::move(*part));
    at = at - 2 + end + delimiter.size();
  }
}

}  // namespace speechcoach::api
