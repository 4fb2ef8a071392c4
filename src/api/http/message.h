// One HTTP request and its answer, free of any network library.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace speechcoach::api {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
std::string_view Name(Method method);
Method MethodFromName(std::string_view name);

// Field names are compared without regard to case.
class Headers {
 public:
  void Add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void Set(std::string_view name, std::string value);  // in place of what has that name
  std::string_view Get(std::string_view name) const;   // the first one's value; empty where there is none
  bool Has(std::string_view name) const;
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  std::string id;  // X-Request-Id of the answer
  Method method = Method::kGet;
  std::string path;                          // percent-decoded, begins with '/'
  std::map<std::string, std::string> query;  // percent-decoded; the last of equal names
  Headers headers;
  std::vector<std::uint8_t> body;
  std::string remote_address;                 // without the port
  std::map<std::string, std::string> params;  // what the route's {names} matched

  std::string_view body_text() const { return {reinterpret_cast<const char*>(body.data()), body.size()}; }
};

// Bytes that may be shared with whoever keeps them: a cached file is sent without a copy.
class Body {
 public:
  Body() = default;
  Body(std::string text);
  Body(std::vector<std::uint8_t> bytes);
  Body(std::shared_ptr<const void> owner, std::string_view view) : owner_(std::move(owner)), view_(view) {}

  std::string_view view() const { return view_; }
  Body Slice(std::size_t offset, std::size_t length) const { return {owner_, view_.substr(offset, length)}; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view view_;
};

struct Response {
  int status = 200;
  Headers headers;
  Body body;
  std::optional<base::ErrorCode> error = {};  // what it tells of; not sent beside the body
};

// Sends the answer: the first call counts, from any thread. Where the last copy goes away without a call, the client gets
// an internal error instead of silence.
class Reply {
 public:
  explicit Reply(std::function<void(Response)> send);
  void operator()(Response response) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace speechcoach::api
