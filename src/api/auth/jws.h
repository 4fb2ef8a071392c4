// JSON Web Signatures (RFC 7515) in their compact form. The algorithm is the caller's, never the token's: a token that names
// another one, "none" included, is refused before its signature is looked at (RFC 8725, 3.1).
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"

namespace speechcoach::api {

enum class SignatureAlgorithm { kHs256, kRs256, kEs256 };
std::string_view Name(SignatureAlgorithm algorithm);  // "HS256"

// What a token says about itself; nothing of it is proved.
struct UnprovenToken {
  std::string algorithm;
  std::string key_id;  // empty where it names none
  std::string issuer;
};

// kUnauthenticated: no token, longer than 8 KiB, or one with critical extensions, none of which is known here.
base::Result<UnprovenToken> ReadUnproven(std::string_view token);

// The claims of a token that bears this algorithm's signature by `key`: the secret for HS256, a public key in PEM otherwise.
// kUnauthenticated.
base::Result<boost::json::object> VerifySignature(std::string_view token, SignatureAlgorithm algorithm, const std::string& key);

// HS256. kInternal.
base::Result<std::string> SignHs256(const boost::json::object& claims, const std::string& secret);

}  // namespace speechcoach::api
