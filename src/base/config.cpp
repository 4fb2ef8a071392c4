#include "base/config.h"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdlib>
#include <functional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "base/recurrence.h"
#include "base/url.h"

extern char** environ;  // NOLINT(readability-identifier-naming): POSIX

namespace speechcoach::base {
namespace {

// How one key is read from text, shown, and checked. Parse answers an empty string, or what is wrong with the value.
struct Key {
  std::string name;
  std::function<std::string(Config&, const std::string&)> parse;
  std::function<std::string(const Config&)> show;
  bool is_secret = false;
  bool is_list = false;
};

template <typename Number>
std::string ParseNumber(const std::string& text, Number low, Number high, Number& out) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return fmt::format("'{}' is not a number", text);
  if (!(value >= low && value <= high)) return fmt::format("{} is outside {}..{}", text, low, high);
  out = value;
  return {};
}

template <typename Number>
  requires std::integral<Number> || std::floating_point<Number>
Key NumberKey(std::string name, std::function<Number&(Config&)> field, Number low, Number high) {
  return {std::move(name), [=](Config& config, const std::string& text) { return ParseNumber(text, low, high, field(config)); },
          [=](const Config& config) { return fmt::to_string(field(const_cast<Config&>(config))); }};
}

using StringField = std::function<std::string&(Config&)>;

Key StringKey(std::string name, StringField field, std::function<std::string(const std::string&)> check = nullptr) {
  return {std::move(name),
          [=](Config& config, const std::string& text) -> std::string {
            if (check) {
              if (std::string fault = check(text); !fault.empty()) return fault;
            }
            field(config) = text;
            return {};
          },
          [=](const Config& config) { return field(const_cast<Config&>(config)); }};
}

std::function<std::string(const std::string&)> OneOf(std::vector<std::string> choices) {
  return [choices = std::move(choices)](const std::string& text) -> std::string {
    if (std::ranges::find(choices, text) != choices.end()) return {};
    return fmt::format("'{}' is not one of {}", text, fmt::join(choices, ", "));
  };
}

// One of `prefixes` and something behind it. The message does not repeat the value: an address may hold a password.
std::function<std::string(const std::string&)> StartsWith(std::vector<std::string> prefixes, std::string example) {
  return [=](const std::string& text) -> std::string {
    const auto begins_text = [&](const std::string& prefix) { return text.starts_with(prefix) && text.size() > prefix.size(); };
    if (text.empty() || std::ranges::any_of(prefixes, begins_text)) return {};
    return fmt::format("it begins with '{}', e.g. {}", fmt::join(prefixes, "' or '"), example);
  };
}

// A sign-in in the address would go out without TLS where the server has none, and stand in what `config` prints.
std::string FaultOfMailServer(const std::string& url) {
  if (url.find('@') != std::string::npos)
    return "it names a server alone; who signs in is alerts.smtp_user, with alerts.smtp_password";
  return StartsWith({"smtp://", "smtps://"}, "smtps://mail.school.example:465")(url);
}

// HOST:PORT, or nothing. An IPv6 host is in brackets.
std::string FaultOfAddress(const std::string& text) {
  if (text.empty()) return {};
  const std::size_t colon = text.rfind(':');
  int port = 0;
  const bool is_address = colon != std::string::npos && colon > 0 && ParseNumber(text.substr(colon + 1), 0, 65535, port).empty();
  return is_address ? "" : fmt::format("'{}' is not HOST:PORT such as 127.0.0.1:9465", text);
}

// NAME@HOST, or nothing: what may stand in a mail's head as it is.
std::string FaultOfMailAddress(const std::string& text) {
  if (text.empty()) return {};
  const auto is_plain = [](unsigned char c) { return c > ' ' && c < 0x7f && c != '<' && c != '>' && c != ',' && c != '"'; };
  const std::size_t at = text.find('@');
  const bool is_address = at != std::string::npos && at > 0 && at + 1 < text.size() && std::ranges::all_of(text, is_plain);
  return is_address ? "" : fmt::format("'{}' is not an address such as coach@school.example", text);
}

std::string FaultOfRecurrence(const std::string& text) {
  const auto parsed = Recurrence::Parse(text);
  return parsed.ok() ? "" : parsed.error().message;
}

Key BoolKey(std::string name, std::function<bool&(Config&)> field) {
  return {std::move(name),
          [=](Config& config, const std::string& text) -> std::string {
            if (text != "true" && text != "false") return fmt::format("'{}' is not true or false", text);
            field(config) = text == "true";
            return {};
          },
          [=](const Config& config) { return std::string(field(const_cast<Config&>(config)) ? "true" : "false"); }};
}

std::vector<std::string> SplitCommas(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    std::string part = text.substr(start, comma - start);
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    if (!part.empty()) parts.push_back(part);
    start = comma + 1;
  }
  return parts;
}

const std::vector<Key>& Keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> k;
    const auto number = [&k](std::string name, auto field, auto low, auto high) {
      using Number = std::remove_reference_t<decltype(field(std::declval<Config&>()))>;
      k.push_back(NumberKey<Number>(std::move(name), field, static_cast<Number>(low), static_cast<Number>(high)));
    };
    const auto text = [&k](std::string name, StringField field, std::function<std::string(const std::string&)> check = nullptr) {
      k.push_back(StringKey(std::move(name), std::move(field), std::move(check)));
    };
    text("data_dir", [](Config& c) -> auto& { return c.data_dir; });
    text("locale", [](Config& c) -> auto& { return c.locale; }, OneOf({"vi", "en"}));

    text("server.host", [](Config& c) -> auto& { return c.server.host; });
    number("server.port", [](Config& c) -> auto& { return c.server.port; }, 0, 65535);
    number("server.io_threads", [](Config& c) -> auto& { return c.server.io_threads; }, 1, 64);
    number("server.work_threads", [](Config& c) -> auto& { return c.server.work_threads; }, 1, 64);
    k.push_back({"server.allowed_origins",
                 [](Config& c, const std::string& value) -> std::string {
                   c.server.allowed_origins = SplitCommas(value);
                   for (const std::string& origin : c.server.allowed_origins) {
                     if (!origin.starts_with("http://") && !origin.starts_with("https://")) {
                       return fmt::format("'{}' is not an origin such as https://school.example", origin);
                     }
                   }
                   return {};
                 },
                 [](const Config& c) { return fmt::format("{}", fmt::join(c.server.allowed_origins, ",")); }, false, true});
    text("server.web_root", [](Config& c) -> auto& { return c.server.web_root; });

    text(
        "auth.jwt_secret", [](Config& c) -> auto& { return c.auth.jwt_secret; },
        [](const std::string& secrets) -> std::string {
          const bool are_long =
              std::ranges::all_of(SplitCommas(secrets), [](const std::string& secret) { return secret.size() >= 32; });
          return are_long ? "" : "it must have at least 32 characters";
        });
    k.back().is_secret = true;
    text("auth.jwt_issuer", [](Config& c) -> auto& { return c.auth.jwt_issuer; });
    number("auth.token_ttl_s", [](Config& c) -> auto& { return c.auth.token_ttl_s; }, 60, 366 * 24 * 3600);
    k.push_back(BoolKey("auth.guest", [](Config& c) -> auto& { return c.auth.guest; }));
    k.push_back(BoolKey("auth.registration", [](Config& c) -> auto& { return c.auth.registration; }));
    number("auth.access_token_ttl_s", [](Config& c) -> auto& { return c.auth.access_token_ttl_s; }, 60, 24 * 3600);
    number("auth.refresh_token_ttl_s", [](Config& c) -> auto& { return c.auth.refresh_token_ttl_s; }, 60, 366 * 24 * 3600);
    text("auth.external_issuer", [](Config& c) -> auto& { return c.auth.external_issuer; });
    text("auth.external_audience", [](Config& c) -> auto& { return c.auth.external_audience; });
    text(
        "auth.external_secret", [](Config& c) -> auto& { return c.auth.external_secret; },
        [](const std::string& secret) -> std::string {
          return secret.empty() || secret.size() >= 32 ? "" : "it must have at least 32 characters";
        });
    k.back().is_secret = true;
    text("auth.external_jwks", [](Config& c) -> auto& { return c.auth.external_jwks; });
    number("auth.clock_skew_s", [](Config& c) -> auto& { return c.auth.clock_skew_s; }, 0, 600);

    text(
        "database.url", [](Config& c) -> auto& { return c.database.url; },
        StartsWith({"sqlite:", "postgresql://"}, "sqlite:/var/lib/speechcoach/speechcoach.db"));
    number("database.pool_size", [](Config& c) -> auto& { return c.database.pool_size; }, 1, 64);

    text(
        "audio.url", [](Config& c) -> auto& { return c.audio.url; },
        StartsWith({"file:", "s3://"}, "file:/var/lib/speechcoach/audio"));
    number("audio.max_bytes", [](Config& c) -> auto& { return c.audio.max_bytes; }, 1024, 1024 * 1024 * 1024);
    number("audio.max_seconds", [](Config& c) -> auto& { return c.audio.max_seconds; }, 1, 600);
    number("audio.decode_processes", [](Config& c) -> auto& { return c.audio.decode_processes; }, 1, 16);
    number("audio.decode_timeout_ms", [](Config& c) -> auto& { return c.audio.decode_timeout_ms; }, 100, 120'000);
    number("audio.decode_memory_mb", [](Config& c) -> auto& { return c.audio.decode_memory_mb; }, 64, 4096);

    text(
        "stt.model", [](Config& c) -> auto& { return c.stt.model; },
        [](const std::string& model) -> std::string { return model.empty() ? "it may not be empty" : ""; });
    text("stt.fallback_model", [](Config& c) -> auto& { return c.stt.fallback_model; });
    text("stt.model_dir", [](Config& c) -> auto& { return c.stt.model_dir; });
    text(
        "stt.model_source", [](Config& c) -> auto& { return c.stt.model_source; },
        StartsWith({"https://", "http://", "file://"}, "https://models.school.example/whisper/"));
    number("stt.parallel", [](Config& c) -> auto& { return c.stt.parallel; }, 1, 16);
    number("stt.threads", [](Config& c) -> auto& { return c.stt.threads; }, 0, 64);
    number("stt.memory_limit_mb", [](Config& c) -> auto& { return c.stt.memory_limit_mb; }, 0, 1'000'000);
    number("stt.time_limit_ms", [](Config& c) -> auto& { return c.stt.time_limit_ms; }, 100, 600'000);

    number("pipeline.workers", [](Config& c) -> auto& { return c.pipeline.workers; }, 1, 64);
    number("pipeline.max_queued", [](Config& c) -> auto& { return c.pipeline.max_queued; }, 1, 100'000);
    number("pipeline.max_attempts", [](Config& c) -> auto& { return c.pipeline.max_attempts; }, 1, 20);
    number("pipeline.worker_memory_mb", [](Config& c) -> auto& { return c.pipeline.worker_memory_mb; }, 0, 1'000'000);

    text(
        "broker.url", [](Config& c) -> auto& { return c.broker.url; },
        StartsWith({"redis://", "rediss://", "unix://", "sentinel://"}, "redis://localhost:6379/0"));
    number("broker.visibility_timeout_s", [](Config& c) -> auto& { return c.broker.visibility_timeout_s; }, 30, 7 * 24 * 3600);
    number("broker.result_expires_s", [](Config& c) -> auto& { return c.broker.result_expires_s; }, 60, 30 * 24 * 3600);

    text("llm.master_key", [](Config& c) -> auto& { return c.llm.master_key; });
    k.back().is_secret = true;
    number("llm.connect_timeout_ms", [](Config& c) -> auto& { return c.llm.connect_timeout_ms; }, 10, 60'000);
    number("llm.first_token_timeout_ms", [](Config& c) -> auto& { return c.llm.first_token_timeout_ms; }, 10, 120'000);
    number("llm.token_gap_timeout_ms", [](Config& c) -> auto& { return c.llm.token_gap_timeout_ms; }, 10, 120'000);
    number("llm.call_timeout_ms", [](Config& c) -> auto& { return c.llm.call_timeout_ms; }, 10, 300'000);
    number("llm.chain_timeout_ms", [](Config& c) -> auto& { return c.llm.chain_timeout_ms; }, 10, 600'000);
    number("llm.max_answer_bytes", [](Config& c) -> auto& { return c.llm.max_answer_bytes; }, 1024, 16 * 1024 * 1024);
    number("llm.breaker_open_ms", [](Config& c) -> auto& { return c.llm.breaker_open_ms; }, 100, 3'600'000);
    k.push_back(BoolKey("llm.hedge", [](Config& c) -> auto& { return c.llm.hedge; }));
    number("llm.cache_entries", [](Config& c) -> auto& { return c.llm.cache_entries; }, 0, 1'000'000);
    number("llm.cache_ttl_s", [](Config& c) -> auto& { return c.llm.cache_ttl_s; }, 1, 7 * 24 * 3600);
    number("llm.daily_budget_usd", [](Config& c) -> auto& { return c.llm.daily_budget_usd; }, 0, 1'000'000);

    k.push_back(BoolKey("privacy.local_only", [](Config& c) -> auto& { return c.privacy.local_only; }));
    number("privacy.keep_audio_days", [](Config& c) -> auto& { return c.privacy.keep_audio_days; }, 0, 36'500);
    number("privacy.keep_transcripts_days", [](Config& c) -> auto& { return c.privacy.keep_transcripts_days; }, 0, 36'500);
    number("privacy.keep_access_log_days", [](Config& c) -> auto& { return c.privacy.keep_access_log_days; }, 0, 36'500);

    number("limits.sessions_per_hour", [](Config& c) -> auto& { return c.limits.sessions_per_hour; }, 1, 100'000);
    number("limits.turns_per_session", [](Config& c) -> auto& { return c.limits.turns_per_session; }, 1, 1000);
    number("limits.requests_per_minute", [](Config& c) -> auto& { return c.limits.requests_per_minute; }, 10, 10'000'000);
    number("limits.messages_per_second", [](Config& c) -> auto& { return c.limits.messages_per_second; }, 10, 100'000);

    text("live.spool_dir", [](Config& c) -> auto& { return c.live.spool_dir; });
    number("live.spool_max_mb", [](Config& c) -> auto& { return c.live.spool_max_mb; }, 64, 10'000'000);
    number("live.resume_window_s", [](Config& c) -> auto& { return c.live.resume_window_s; }, 1, 24 * 3600);
    number("live.turn_pause_ms", [](Config& c) -> auto& { return c.live.turn_pause_ms; }, 0, 60'000);
    number("live.connections_per_user", [](Config& c) -> auto& { return c.live.connections_per_user; }, 1, 100'000);
    number("live.connections_per_address", [](Config& c) -> auto& { return c.live.connections_per_address; }, 1, 100'000);

    text(
        "metrics.token", [](Config& c) -> auto& { return c.metrics.token; },
        [](const std::string& token) -> std::string {
          return token.empty() || token.size() >= 16 ? "" : "it must have at least 16 characters";
        });
    k.back().is_secret = true;
    text("metrics.worker_listen", [](Config& c) -> auto& { return c.metrics.worker_listen; }, FaultOfAddress);

    text("beat.cleanup", [](Config& c) -> auto& { return c.beat.cleanup; }, FaultOfRecurrence);
    text("beat.provider_checks", [](Config& c) -> auto& { return c.beat.provider_checks; }, FaultOfRecurrence);
    text("beat.key_reset", [](Config& c) -> auto& { return c.beat.key_reset; }, FaultOfRecurrence);

    text("beat.alerts", [](Config& c) -> auto& { return c.beat.alerts; }, FaultOfRecurrence);

    text(
        "alerts.webhook_url", [](Config& c) -> auto& { return c.alerts.webhook_url; },
        StartsWith({"http://", "https://"}, "https://hooks.school.example/coach"));
    k.back().is_secret = true;  // many services take the address itself for the proof
    text("alerts.webhook_token", [](Config& c) -> auto& { return c.alerts.webhook_token; });
    k.back().is_secret = true;
    text("alerts.smtp_url", [](Config& c) -> auto& { return c.alerts.smtp_url; }, FaultOfMailServer);
    text("alerts.smtp_user", [](Config& c) -> auto& { return c.alerts.smtp_user; });
    text("alerts.smtp_password", [](Config& c) -> auto& { return c.alerts.smtp_password; });
    k.back().is_secret = true;
    text("alerts.mail_from", [](Config& c) -> auto& { return c.alerts.mail_from; }, FaultOfMailAddress);
    k.push_back({"alerts.mail_to",
                 [](Config& c, const std::string& value) -> std::string {
                   c.alerts.mail_to = SplitCommas(value);
                   for (const std::string& address : c.alerts.mail_to) {
                     if (std::string fault = FaultOfMailAddress(address); !fault.empty()) return fault;
                   }
                   return {};
                 },
                 [](const Config& c) { return fmt::format("{}", fmt::join(c.alerts.mail_to, ",")); }, false, true});
    number("alerts.hold_percent", [](Config& c) -> auto& { return c.alerts.hold_percent; }, 0, 1000);
    number("alerts.resolve_after_s", [](Config& c) -> auto& { return c.alerts.resolve_after_s; }, 0, 86'400);
    number("alerts.repeat_after_h", [](Config& c) -> auto& { return c.alerts.repeat_after_h; }, 0, 24 * 30);

    text("log.level", [](Config& c) -> auto& { return c.log.level; }, OneOf({"debug", "info", "warning", "error"}));
    text("log.format", [](Config& c) -> auto& { return c.log.format; }, OneOf({"text", "json"}));
    return k;
  }();
  return keys;
}

const Key* FindKey(std::string_view name) {
  const auto key = std::ranges::find(Keys(), name, &Key::name);
  return key == Keys().end() ? nullptr : &*key;
}

// The key whose name is closest to a mistyped one, by the number of letters to change.
std::string ClosestKey(std::string_view name) {
  const auto distance = [&](std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < name.size(); ++i) {
      std::size_t diagonal = row[0]++;
      for (std::size_t j = 0; j < other.size(); ++j) {
        const std::size_t cost = diagonal + (name[i] == other[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({cost, row[j] + 1, diagonal + 1});
      }
    }
    return row.back();
  };
  return std::ranges::min_element(Keys(), {}, [&](const Key& key) { return distance(key.name); })->name;
}

Status Apply(Config& config, const std::string& name, const std::string& value, const std::string& source) {
  const Key* key = FindKey(name);
  if (key == nullptr) {
    return {ErrorCode::kBadConfig, fmt::format("{}: there is no key '{}'; did you mean '{}'?", source, name, ClosestKey(name))};
  }
  if (const std::string fault = key->parse(config, value); !fault.empty()) {
    return {ErrorCode::kBadConfig, fmt::format("{}: {}: {}", source, name, fault)};
  }
  return {};
}

Result<std::string> ScalarOrList(const YAML::Node& node, const std::string& name, const std::string& source) {
  const Key* key = FindKey(name);
  if (node.IsScalar()) return node.Scalar();
  if (node.IsNull()) return std::string();
  if (node.IsSequence() && key != nullptr && key->is_list) {
    std::vector<std::string> items;
    for (const YAML::Node& item : node) {
      if (!item.IsScalar()) return {ErrorCode::kBadConfig, fmt::format("{}: {}: a list of words is expected", source, name)};
      items.push_back(item.Scalar());
    }
    return fmt::format("{}", fmt::join(items, ","));
  }
  return {ErrorCode::kBadConfig, fmt::format("{}: {}: one value is expected", source, name)};
}

Status ApplyFile(Config& config, const std::filesystem::path& path) {
  const std::string source = path.string();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return {ErrorCode::kBadConfig, fmt::format("{}: a file is expected, this is a folder", source)};
  YAML::Node root;
  try {
    root = YAML::LoadFile(source);
  } catch (const YAML::BadFile&) {
    return {ErrorCode::kBadConfig, fmt::format("{}: the file cannot be read", source)};
  } catch (const YAML::Exception& fault) {
    return {ErrorCode::kBadConfig, fmt::format("{}: line {}: {}", source, fault.mark.line + 1, fault.msg)};
  }
  if (root.IsNull()) return {};
  if (!root.IsMap()) return {ErrorCode::kBadConfig, fmt::format("{}: 'section: key: value' is expected", source)};

  const auto apply_value = [&](const std::string& name, const YAML::Node& node) -> Status {
    const auto value = ScalarOrList(node, name, source);
    if (!value.ok()) return value.error();
    return Apply(config, name, *value, source);
  };
  for (const auto& entry : root) {
    const std::string section = entry.first.Scalar();
    if (!entry.second.IsMap()) {
      const bool is_empty_section = entry.second.IsNull() && std::ranges::any_of(Keys(), [&](const Key& key) {
                                      return key.name.starts_with(section + ".");
                                    });
      if (is_empty_section) continue;
      if (const Status status = apply_value(section, entry.second); !status.ok()) return status;
      continue;
    }
    for (const auto& item : entry.second) {
      if (const Status status = apply_value(section + "." + item.first.Scalar(), item.second); !status.ok()) return status;
    }
  }
  return {};
}

Status ApplyEnvironment(Config& config, const std::map<std::string, std::string>& environment) {
  constexpr std::string_view kPrefix = "SPEECHCOACH_";
  for (const auto& [variable, value] : environment) {
    // SPEECHCOACH_CONFIG names the file itself; the command line reads it.
    if (!variable.starts_with(kPrefix) || variable == "SPEECHCOACH_CONFIG") continue;
    std::string name = variable.substr(kPrefix.size());
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (const std::size_t at = name.find("__"); at != std::string::npos) name.replace(at, 2, ".");
    if (const Status status = Apply(config, name, value, variable); !status.ok()) return status;
  }
  return {};
}

// What no single key can tell: the keys of an outside issuer belong together.
std::string FaultOfExternalAuth(const AuthConfig& auth) {
  const bool has_key = !auth.external_secret.empty() || !auth.external_jwks.empty();
  if (auth.external_issuer.empty())
    return has_key || !auth.external_audience.empty()
               ? "auth.external_issuer: it may not be empty beside the other auth.external_* keys"
               : "";
  if (auth.external_issuer == auth.jwt_issuer) return "auth.external_issuer: it must differ from auth.jwt_issuer";
  if (auth.external_audience.empty()) return "auth.external_audience: it may not be empty where auth.external_issuer is set";
  if (auth.external_secret.empty() == auth.external_jwks.empty())
    return "auth.external_issuer: it needs either auth.external_secret or auth.external_jwks";
  return "";
}

std::string DefaultDataDir(const std::map<std::string, std::string>& environment) {
  const auto variable = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  if (const std::string xdg = variable("XDG_DATA_HOME"); !xdg.empty()) return xdg + "/speechcoach";
  if (const std::string home = variable("HOME"); !home.empty()) return home + "/.local/share/speechcoach";
  return "speechcoach-data";
}

}  // namespace

Result<Config> LoadConfig(const ConfigSources& sources) {
  Config config;
  if (sources.file) {
    if (const Status status = ApplyFile(config, *sources.file); !status.ok()) return status.error();
  }
  if (const Status status = ApplyEnvironment(config, sources.environment); !status.ok()) return status.error();
  for (const auto& [name, value] : sources.overrides) {
    if (const Status status = Apply(config, name, value, "command line"); !status.ok()) return status.error();
  }
  if (const std::string fault = FaultOfExternalAuth(config.auth); !fault.empty()) return {ErrorCode::kBadConfig, fault};
  if (!config.alerts.smtp_url.empty() && (config.alerts.mail_from.empty() || config.alerts.mail_to.empty())) {
    return {ErrorCode::kBadConfig, "alerts.smtp_url: it needs alerts.mail_from and alerts.mail_to"};
  }
  if (config.data_dir.empty()) config.data_dir = DefaultDataDir(sources.environment);
  if (config.database.url.empty()) config.database.url = "sqlite:" + config.data_dir + "/speechcoach.db";
  if (config.live.spool_dir.empty() && config.broker.url.empty()) config.live.spool_dir = config.data_dir + "/spool";
  if (config.audio.url.empty()) config.audio.url = "file:" + config.data_dir + "/audio";
  return config;
}

std::map<std::string, std::string> EnvironmentVariables() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::string DescribeConfig(const Config& config) {
  std::string text;
  for (const Key& key : Keys()) {
    const std::string value = key.show(config);
    text +=
        fmt::format("{}: {}\n", key.name, key.is_secret ? (value.empty() ? "(not set)" : "(set)") : WithoutCredentials(value));
  }
  return text;
}

std::vector<std::string> ConfigKeys() {
  std::vector<std::string> names;
  for (const Key& key : Keys()) names.push_back(key.name);
  return names;
}

}  // namespace speechcoach::base
