// Where a Redis server is and how to talk to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::redis {

struct Endpoint {
  std::string host;
  int port = 6379;
};

struct TlsOptions {
  bool enabled = false;
  bool verify = true;     // the certificate's chain and the host's name
  std::string ca_file;    // PEM; empty: the system's
  std::string cert_file;  // PEM of a client certificate; empty: none
  std::string key_file;
};

struct Options {
  Endpoint server;
  std::string socket_path;  // a Unix socket instead of `server`; empty: none
  std::string username;     // of the access list; empty: "default"
  std::string password;     // empty: no AUTH
  int database = 0;
  TlsOptions tls;
  std::vector<Endpoint> sentinels;  // asked for the master's address before each connection; empty: `server` is the master
  std::string master_name;          // of the sentinels' group
  std::string sentinel_password;
  int connect_timeout_ms = 2'000;
  int command_timeout_ms = 10'000;
};

// redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], rediss://... with TLS, unix:///PATH[?db=N],
// sentinel://[[USER]:PASSWORD@]HOST[:PORT][,HOST[:PORT]...][/DB]?master=NAME. Options as Celery names them: ssl_ca_certs,
// ssl_certfile, ssl_keyfile, ssl_cert_reqs=required|none. Errors: kBadConfig, which names what is not understood or not
// supported and never repeats a password.
base::Result<Options> ParseUrl(std::string_view url);

}  // namespace speechcoach::redis
