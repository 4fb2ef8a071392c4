// Identifiers and random secrets, from the system's cryptographic generator.
#pragma once

#include <cstddef>
#include <string>

namespace speechcoach::base {

// A random (version 4) UUID, lower case, 36 characters: RFC 9562. Thread-safe.
std::string NewUuid();

// `bytes` random bytes as lower-case hexadecimal. Thread-safe. Throws std::system_error where the system has no randomness.
std::string RandomHex(std::size_t bytes);

}  // namespace speechcoach::base
