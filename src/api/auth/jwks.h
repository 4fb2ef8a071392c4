// JSON Web Key Sets (RFC 7517): an outside issuer's public keys, from a file or an address.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/auth/jws.h"
#include "base/clock.h"
#include "base/result.h"

namespace speechcoach::api {

struct PublicKey {
  std::string id;  // kid; may be empty
  SignatureAlgorithm algorithm = SignatureAlgorithm::kRs256;
  std::string pem;
};

// The keys that verify RS256 (2048 bits and more) or ES256 signatures; others are left out. kBadConfig: not a key set.
base::Result<std::vector<PublicKey>> ParseJwks(std::string_view text);

// Thread-safe. Reads the set at its first use, when it is older than ten minutes, and, at most every two seconds, when a key is
// asked for that is not in it: issuers change their keys. Where it cannot be read the old one stays in use.
class JwksKeys {
 public:
  // `source`: a file, or an http(s) address. `clock` outlives the object.
  JwksKeys(std::string source, const base::Clock& clock) : source_(std::move(source)), clock_(clock) {}

  // The key with that id; without one the only key there is for the algorithm. May block for 5 s. kUnauthenticated.
  base::Result<PublicKey> Find(const std::string& key_id, SignatureAlgorithm algorithm);

 private:
  std::optional<PublicKey> Known(const std::string& key_id, SignatureAlgorithm algorithm) const;
  void ReadAgain();

  const std::string source_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::vector<PublicKey> keys_;
  std::int64_t read_at_ms_ = 0;  // 0: not yet
  std::int64_t tried_at_ms_ = 0;
};

}  // namespace speechcoach::api
