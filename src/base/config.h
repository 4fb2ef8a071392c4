// The whole configuration: one YAML file, overridden by SPEECHCOACH_SECTION__KEY variables, overridden by flags.
// speechcoach.example.yaml documents every key; a test holds the two together.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace speechcoach::base {

struct ServerConfig {
  std::string host = "127.0.0.1";
  int port = 8000;       // 0 takes a free one
  int io_threads = 1;    // 1..64; sockets only, never analysis
  int work_threads = 4;  // 1..64; database and decoding for requests
  // Browser origins allowed to connect besides the server's own, e.g. "https://school.example".
  std::vector<std::string> allowed_origins;
  std::string web_root;  // empty: beside the program
};

struct AuthConfig {
  // HS256, each >= 32 characters, comma-separated: the first signs, all verify. Empty: made once and kept in data_dir (mode 0600).
  std::string jwt_secret;
  std::string jwt_issuer = "speechcoach";
  int token_ttl_s = 30 * 24 * 3600;  // of guests, >= 60
  bool guest = true;                 // anyone who opens the page may practise
  bool registration = true;          // anyone may make an account
  int access_token_ttl_s = 3600;     // of accounts, >= 60; then the refresh token gives a new one
  int refresh_token_ttl_s = 60 * 24 * 3600;
  // Tokens of another issuer: taken where external_issuer is set.
  std::string external_issuer;
  std::string external_audience;  // must be in the token's `aud`
  std::string external_secret;    // HS256, >= 32 characters; or
  std::string external_jwks;      // RS256 and ES256: a file or an http(s) address with the issuer's keys
  int clock_skew_s = 60;          // by which an outside issuer's clock may differ
};

struct DatabaseConfig {
  std::string url;    // "sqlite:PATH"; empty: speechcoach.db in data_dir
  int pool_size = 4;  // 1..64 connections
};

struct AudioConfig {
  std::string url;                            // "file:DIRECTORY"; empty: audio/ in data_dir
  std::int64_t max_bytes = 10 * 1024 * 1024;  // one recording
  double max_seconds = 60.0;                  // one recording
  int decode_processes = 2;                   // confined decoder processes at once, 1..16
  int decode_timeout_ms = 10'000;
  int decode_memory_mb = 512;
};

struct SttConfig {
  std::string model = "base";              // a name ("base", "tiny.en") or a path to a ggml file
  std::string fallback_model = "tiny.en";  // empty: none
  std::string model_dir;                   // empty: beside the program, then models/ in data_dir
  // Where `speechcoach model pull` finds ggml-NAME.bin; nothing else ever asks there. Empty: only where --url is given.
  std::string model_source = "https://huggingface.co/ggerganov/whisper.cpp/resolve/main/";
  int parallel = 1;         // recordings transcribed at once, 1..16
  int threads = 0;          // a recording; 0: the cores at hand divided by `parallel`, at most 8
  int memory_limit_mb = 0;  // what each speech model may take; 0: what the machine has free
  int time_limit_ms = 120'000;
};

struct PipelineConfig {
  int workers = 2;           // recordings analysed at once, 1..64
  int max_queued = 200;      // beyond it new recordings are answered `busy`
  int max_attempts = 3;      // a recording whose analysis dies with the process is tried this often
  int worker_memory_mb = 0;  // a `speechcoach worker` that takes more ends in order and starts anew; 0: no limit
};

struct BrokerConfig {
  std::string url;  // redis://..., rediss://..., unix://..., sentinel://...; empty: no broker, this process does all the work
  int visibility_timeout_s = 3'600;  // what nobody finishes for longer is given to another worker
  int result_expires_s = 86'400;
};

// Waits of a call to a language model are counted from its beginning, except the pause between tokens.
struct LlmConfig {
  // Fernet keys (32 bytes, URL-safe base64), comma-separated: the first encrypts the providers' keys, all decrypt. Empty: made
  // once and kept in data_dir (mode 0600).
  std::string master_key;
  int connect_timeout_ms = 2'000;
  int first_token_timeout_ms = 4'000;
  int token_gap_timeout_ms = 2'000;
  int call_timeout_ms = 8'000;     // one call; a provider's own timeout can only shorten it
  int chain_timeout_ms = 12'000;   // all calls for one answer; after it rules write the feedback
  int max_answer_bytes = 262'144;  // a longer answer is cut off and not used
  int breaker_open_ms = 30'000;    // how long a failing provider is left alone before it is tried again
  bool hedge = false;              // ask a second provider when the first is slower than it usually is
  int cache_entries = 10'000;      // answers kept; 0: none
  int cache_ttl_s = 3'600;
  double daily_budget_usd = 0.0;  // an alert is raised above it; 0: none
};

struct PrivacyConfig {
  bool local_only = false;         // no language model outside this machine is ever called
  int keep_audio_days = 0;         // then a recording is deleted; 0: kept until its session is deleted
  int keep_transcripts_days = 0;   // then what was said and the advice are deleted, scores stay; 0: kept
  int keep_access_log_days = 365;  // then who saw or heard what is forgotten; 0: kept
};

struct LimitsConfig {
  int sessions_per_hour = 20;     // a user
  int turns_per_session = 30;     // of a conversation
  int requests_per_minute = 600;  // a user, or an address that is not signed in
  int messages_per_second = 100;  // a WebSocket connection
};

// Recordings over the WebSocket while they come in.
struct LiveConfig {
  std::string spool_dir;      // empty: the broker's Redis, without one spool/ in data_dir
  int spool_max_mb = 4096;    // recordings under way: on disk, of one server; in Redis, of all
  int resume_window_s = 600;  // how long after a lost connection a recording can be continued
  int turn_pause_ms = 2500;   // so long a silence after speech ends a turn; 0: the learner alone does
  int connections_per_user = 16;
  int connections_per_address = 1000;  // many learners may share one
};

// GET /metrics: what the process counts of itself, for Prometheus.
struct MetricsConfig {
  std::string token;  // >= 16 characters; whoever reads the metrics bears it. Empty: nobody may
  std::string
      worker_listen;  // "HOST:PORT" where a worker answers /metrics, /healthz and /readyz; port 0 takes a free one; empty: nowhere
};

// What `speechcoach beat`, or the server where there is no broker, does from time to time: texts as base::Recurrence has them.
struct BeatConfig {
  std::string cleanup = "every 1h";           // what was kept long enough goes
  std::string provider_checks = "every 10m";  // language models that nobody has just asked
  std::string key_reset = "daily 00:00";      // the keys' limits of a day that is over
  std::string alerts = "every 1m";            // looks whether something is wrong, and tells of it
};

// Who is told when something is wrong.
struct AlertsConfig {
  std::string webhook_url;    // posted to in the form of Alertmanager's webhook; empty: none
  std::string webhook_token;  // sent as `Authorization: Bearer`; empty: none
  std::string smtp_url;       // smtp://HOST:PORT or smtps://HOST:PORT; empty: no mail
  std::string smtp_user;      // empty: no sign-in
  std::string smtp_password;
  std::string mail_from;
  std::vector<std::string> mail_to;
  int hold_percent = 100;     // of the time that each alert must last before it is told; 0: at once
  int resolve_after_s = 300;  // so long an alert must not have been true to be over
  int repeat_after_h = 24;    // one that lasts is told again; 0: never
};

struct LogConfig {
  std::string level = "info";   // debug, info, warning, error
  std::string format = "text";  // text, json
};

struct Config {
  std::string data_dir;       // empty: $XDG_DATA_HOME/speechcoach or ~/.local/share/speechcoach
  std::string locale = "vi";  // vi, en: where a request names none
  ServerConfig server;
  AuthConfig auth;
  DatabaseConfig database;
  AudioConfig audio;
  SttConfig stt;
  PipelineConfig pipeline;
  BrokerConfig broker;
  LlmConfig llm;
  PrivacyConfig privacy;
  LimitsConfig limits;
  LiveConfig live;
  MetricsConfig metrics;
  BeatConfig beat;
  AlertsConfig alerts;
  LogConfig log;
};

struct ConfigSources {
  std::optional<std::filesystem::path> file;                   // must exist where given
  std::map<std::string, std::string> environment;              // all variables; others than SPEECHCOACH_* are ignored
  std::vector<std::pair<std::string, std::string>> overrides;  // "server.port" -> "8080", from flags
};

// Reads, overrides and validates. The error names the key, the value's fault and where it came from; secrets are not
// repeated in it. data_dir, database.url, audio.url and, without a broker, live.spool_dir of the answer are filled in.
Result<Config> LoadConfig(const ConfigSources& sources);

// This process's environment.
std::map<std::string, std::string> EnvironmentVariables();

// Every key with its value, one "section.key: value" a line; secrets show as "(set)" or "(not set)".
std::string DescribeConfig(const Config& config);

// Every known key, as "section.key".
std::vector<std::string> ConfigKeys();

}  // namespace speechcoach::base
