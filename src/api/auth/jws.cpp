#include "api/auth/jws.h"

#include <cstdlib>
#include <memory>
#include <optional>

#include <jwt.h>

#include "api/base64.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxTokenBytes = 8192;

struct FreeJwt {
  void operator()(jwt_t* jwt) const { jwt_free(jwt); }
};
using JwtPtr = std::unique_ptr<jwt_t, FreeJwt>;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

base::Error Refused(std::string why) { return {base::ErrorCode::kUnauthenticated, "token: " + std::move(why)}; }

const unsigned char* Bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<bj::object> DecodePart(std::string_view part) {
  const auto bytes = DecodeBase64Url(part);
  if (!bytes) return std::nullopt;
  boost::system::error_code fault;
  bj::value value = bj::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, fault);
  if (fault || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string TextOf(const bj::object& object, std::string_view name) {
  const bj::value* value = object.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

jwt_alg_t LibraryName(SignatureAlgorithm algorithm) {
  if (algorithm == SignatureAlgorithm::kHs256) return JWT_ALG_HS256;
  return algorithm == SignatureAlgorithm::kRs256 ? JWT_ALG_RS256 : JWT_ALG_ES256;
}

}  // namespace

std::string_view Name(SignatureAlgorithm algorithm) {
  if (algorithm == SignatureAlgorithm::kHs256) return "HS256";
  return algorithm == SignatureAlgorithm::kRs256 ? "RS256" : "ES256";
}

base::Result<UnprovenToken> ReadUnproven(std::string_view token) {
  if (token.size() > kMaxTokenBytes || token.find('\0') != std::string_view::npos) return Refused("too long or unreadable");
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return Refused("not of three parts");
  const auto header = DecodePart(token.substr(0, first));
  const auto claims = DecodePart(token.substr(first + 1, second - first - 1));
  if (!header || !claims) return Refused("unreadable");
  if (header->contains("crit")) return Refused("has critical extensions");
  return UnprovenToken{TextOf(*header, "alg"), TextOf(*header, "kid"), TextOf(*claims, "iss")};
}

base::Result<bj::object> VerifySignature(std::string_view token, SignatureAlgorithm algorithm, const std::string& key) {
  const auto unproven = ReadUnproven(token);
  if (!unproven.ok()) return unproven.error();
  if (unproven->algorithm != Name(algorithm)) return Refused("another algorithm");
  jwt_t* decoded = nullptr;
  if (jwt_decode(&decoded, std::string(token).c_str(), Bytes(key), static_cast<int>(key.size())) != 0) {
    return Refused("signature or form is wrong");
  }
  const JwtPtr jwt(decoded);
  if (jwt_get_alg(decoded) != LibraryName(algorithm)) return Refused("another algorithm");
  const std::size_t first = token.find('.') + 1;
  auto claims = DecodePart(token.substr(first, token.find('.', first) - first));
  if (!claims) return Refused("unreadable");
  return std::move(*claims);
}

base::Result<std::string> SignHs256(const bj::object& claims, const std::string& secret) {
  jwt_t* made = nullptr;
  if (jwt_new(&made) != 0) return {base::ErrorCode::kInternal, "token: out of memory"};
  const JwtPtr jwt(made);
  const bool is_filled = jwt_set_alg(made, JWT_ALG_HS256, Bytes(secret), static_cast<int>(secret.size())) == 0 &&
                         jwt_add_grants_json(made, bj::serialize(claims).c_str()) == 0;
  const std::unique_ptr<char, FreeText> text(is_filled ? jwt_encode_str(made) : nullptr);
  if (!text) return {base::ErrorCode::kInternal, "token: could not be signed"};
  return std::string(text.get());
}

}  // namespace speechcoach::api
