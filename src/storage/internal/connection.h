// A connection to the database, and the statements that were prepared on it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <soci/soci.h>

namespace speechcoach::storage {

// Used by one thread at a time, as soci::session is.
class Connection final : public soci::session {
 public:
  Connection() = default;
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The statement prepared for that text, without columns and parameters; nothing where there is none, or where it is in use.
  std::optional<soci::statement> TakePrepared(const std::string& text);

  // Whether a statement of that text is worth being prepared: its like will be taken back.
  bool KeepsPrepared();

  // Takes it back, with its columns and parameters unbound; what it found is let go.
  void KeepPrepared(std::string text, soci::statement statement);

  void ForgetPrepared() { prepared_.clear(); }

 private:
  std::map<std::string, soci::statement> prepared_;
};

}  // namespace speechcoach::storage
