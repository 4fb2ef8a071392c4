#include "redis/options.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <boost/url.hpp>

namespace speechcoach::redis {
namespace {

namespace urls = boost::urls;

constexpr int kSentinelPort = 26379;

base::Error Bad(std::string message) { return {base::ErrorCode::kBadConfig, "broker.url: " + std::move(message)}; }

std::optional<int> Number(std::string_view text, int low, int high) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) return std::nullopt;
  return value;
}

std::optional<Endpoint> ReadEndpoint(std::string_view text, int default_port) {
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
  std::string host(text.substr(0, has_port ? colon : text.size()));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return std::nullopt;
  if (!has_port) return Endpoint{host, default_port};
  const auto port = Number(text.substr(colon + 1), 1, 65535);
  if (!port) return std::nullopt;
  return Endpoint{host, *port};
}

// A sentinel's address names several hosts, which no URL parser takes: all but the first are taken out.
base::Result<std::string> TakeFurtherHosts(std::string_view url, Options& options) {
  const std::size_t begin = url.find("://") + 3;
  const std::size_t end = std::min(url.find_first_of("/?", begin), url.size());
  const std::size_t at = url.substr(0, end).rfind('@');
  const std::size_t hosts = at == std::string_view::npos || at < begin ? begin : at + 1;
  std::string kept;
  for (std::size_t start = hosts; start <= end;) {
    const std::size_t comma = std::min(url.find(',', start), end);
    const auto endpoint = ReadEndpoint(url.substr(start, comma - start), kSentinelPort);
    if (!endpoint) return Bad("a sentinel is HOST or HOST:PORT");
    if (kept.empty()) kept = url.substr(start, comma - start);
    options.sentinels.push_back(*endpoint);
    start = comma + 1;
  }
  return std::string(url.substr(0, hosts)) + kept + std::string(url.substr(end));
}

base::Status ReadDatabase(std::string_view text, Options& options) {
  if (text.empty()) return {};
  const auto number = Number(text, 0, 1'000'000);
  if (!number) return Bad(fmt::format("'{}' is not the number of a database", text));
  options.database = *number;
  return {};
}

base::Status ReadParameter(std::string_view name, const std::string& value, Options& options) {
  if (name == "db" || name == "virtual_host") return ReadDatabase(value, options);
  if (name == "master" && !options.sentinels.empty()) {
    options.master_name = value;
  } else if (name == "sentinel_password" && !options.sentinels.empty()) {
    options.sentinel_password = value;
  } else if (name == "ssl_ca_certs" && options.tls.enabled) {
    options.tls.ca_file = value;
  } else if (name == "ssl_certfile" && options.tls.enabled) {
    options.tls.cert_file = value;
  } else if (name == "ssl_keyfile" && options.tls.enabled) {
    options.tls.key_file = value;
  } else if (name == "ssl_cert_reqs" && options.tls.enabled) {
    if (value != "required" && value != "CERT_REQUIRED" && value != "none" && value != "CERT_NONE")
      return Bad("ssl_cert_reqs is required or none");
    options.tls.verify = value == "required" || value == "CERT_REQUIRED";
  } else {
    return Bad(fmt::format("the option '{}' is not supported", name));
  }
  return {};
}

}  // namespace

base::Result<Options> ParseUrl(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return Bad("an address such as redis://localhost:6379/0 is expected");
  const std::string_view scheme = url.substr(0, scheme_end);
  Options options;
  if (scheme == "redis+cluster" || scheme == "rediss+cluster") {
    return Bad(
        "Redis Cluster is not supported: the steps of the queue span keys that a cluster keeps apart; use one server, with "
        "Sentinel where it must not fail");
  }
  const bool is_socket = scheme == "unix" || scheme == "redis+socket";
  if (!is_socket && scheme != "redis" && scheme != "rediss" && scheme != "sentinel") {
    return Bad(fmt::format("'{}' is not supported; redis, rediss, unix and sentinel are", scheme));
  }
  options.tls.enabled = scheme == "rediss";
  std::string single(url);
  if (scheme == "sentinel") {
    auto rest = TakeFurtherHosts(url, options);
    if (!rest.ok()) return rest.error();
    single = std::move(*rest);
  }
  const auto parsed = urls::parse_uri(single);
  if (!parsed) return Bad("the address cannot be read: special characters in a password are written as %XX");

  options.username = parsed->user();
  options.password = parsed->password();
  if (!options.username.empty() && options.password.empty()) return Bad("a user needs a password");
  const std::string path = parsed->path();
  if (is_socket) {
    options.socket_path = path;
    if (path.size() < 2) return Bad("the path of a socket is missing, e.g. unix:///run/redis/redis.sock");
  } else {
    if (scheme != "sentinel") {
      const auto server = ReadEndpoint(std::string(parsed->encoded_host_and_port()), 6379);
      if (!server) return Bad("the host is missing");
      options.server = *server;
    }
    if (const base::Status read = ReadDatabase(path.empty() ? std::string_view() : std::string_view(path).substr(1), options);
        !read.ok())
      return read.error();
  }
  for (const auto& parameter : parsed->params()) {
    if (const base::Status read = ReadParameter(parameter.key, parameter.value, options); !read.ok()) return read.error();
  }
  if (!options.sentinels.empty() && options.master_name.empty()) return Bad("sentinels need ?master=NAME");
  if (options.tls.cert_file.empty() != options.tls.key_file.empty()) return Bad("ssl_certfile and ssl_keyfile go together");
  return options;
}

}  // namespace speechcoach::redis
