#include "trace/settings.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace speechcoach::trace {
namespace {

using Environment = std::map<std::string, std::string>;

base::Error Bad(const std::string& variable, const std::string& why) {
  return {base::ErrorCode::kBadConfig, variable + ": " + why};
}

// The first of the variables that is set; its name is empty where none is.
struct Variable {
  std::string name;
  std::string value;
};
Variable First(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = environment.find(name);
    if (found != environment.end() && !found->second.empty()) return {name, found->second};
  }
  return {};
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// Nothing where it is no percent-encoding, or holds what may not stand in a header.
std::optional<std::string> Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const auto high = HexDigit(text[i + 1]);
      const auto low = HexDigit(text[i + 2]);
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

base::Result<std::vector<std::string>> ReadHeaders(const Variable& variable) {
  std::vector<std::string> headers;
  std::string_view rest = variable.value;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view pair = Trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const auto name = Decoded(Trimmed(pair.substr(0, equals)));
    const auto value = equals == std::string_view::npos ? std::nullopt : Decoded(Trimmed(pair.substr(equals + 1)));
    if (!name || name->empty() || name->find_first_of(" :") != std::string::npos || !value)
      return Bad(variable.name, "it is not NAME=VALUE,NAME=VALUE");
    headers.push_back(*name + ": " + *value);
  }
  return headers;
}

base::Result<double> ReadShare(const Environment& environment) {
  const Variable sampler = First(environment, {"OTEL_TRACES_SAMPLER"});
  if (sampler.value.empty() || sampler.value == "parentbased_always_on") return 1.0;
  if (sampler.value == "parentbased_always_off") return 0.0;
  if (sampler.value != "parentbased_traceidratio")
    return Bad(sampler.name, "it is not one of parentbased_always_on, parentbased_always_off, parentbased_traceidratio");
  const Variable argument = First(environment, {"OTEL_TRACES_SAMPLER_ARG"});
  if (argument.value.empty()) return 1.0;
  double share = 0;
  const char* end = argument.value.data() + argument.value.size();
  const auto [read_to, fault] = std::from_chars(argument.value.data(), end, share);
  if (fault != std::errc{} || read_to != end || !(share >= 0 && share <= 1))
    return Bad(argument.name, "it is not a number from 0 to 1");
  return share;
}

}  // namespace

base::Result<Settings> ReadSettings(const Environment& environment) {
  Settings settings;
  if (First(environment, {"OTEL_SDK_DISABLED"}).value == "true" || First(environment, {"OTEL_TRACES_EXPORTER"}).value == "none")
    return settings;
  const Variable address = First(environment, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"});
  if (address.value.empty()) return settings;
  if (!address.value.starts_with("http://") && !address.value.starts_with("https://"))
    return Bad(address.name, "it begins with http:// or https://");
  settings.url = address.value;
  if (address.name == "OTEL_EXPORTER_OTLP_ENDPOINT") settings.url += settings.url.ends_with('/') ? "v1/traces" : "/v1/traces";
  auto headers = ReadHeaders(First(environment, {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"}));
  if (!headers.ok()) return headers.error();
  settings.headers = std::move(*headers);
  const auto share = ReadShare(environment);
  if (!share.ok()) return share.error();
  settings.sample_share = *share;
  return settings;
}

}  // namespace speechcoach::trace
