#include "api/http/message.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "api/http/text.h"

namespace speechcoach::api {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods{{
    {Method::kGet, "GET"},
    {Method::kHead, "HEAD"},
    {Method::kPost, "POST"},
    {Method::kPut, "PUT"},
    {Method::kPatch, "PATCH"},
    {Method::kDelete, "DELETE"},
    {Method::kOptions, "OPTIONS"},
}};

}  // namespace

std::string_view Name(Method method) {
  const auto row = std::ranges::find(kMethods, method, &std::pair<Method, std::string_view>::first);
  return row != kMethods.end() ? row->second : "other";
}

Method MethodFromName(std::string_view name) {
  const auto row = std::ranges::find(kMethods, name, &std::pair<Method, std::string_view>::second);
  return row != kMethods.end() ? row->first : Method::kOther;
}

void Headers::Set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const auto& f) { return EqualIgnoringCase(f.first, name); });
  Add(std::string(name), std::move(value));
}

std::string_view Headers::Get(std::string_view name) const {
  const auto field = std::ranges::find_if(fields_, [&](const auto& f) { return EqualIgnoringCase(f.first, name); });
  return field != fields_.end() ? std::string_view(field->second) : std::string_view();
}

bool Headers::Has(std::string_view name) const {
  return std::ranges::any_of(fields_, [&](const auto& f) { return EqualIgnoringCase(f.first, name); });
}

Body::Body(std::string text) {
  const auto owner = std::make_shared<const std::string>(std::move(text));
  view_ = *owner;
  owner_ = owner;
}

Body::Body(std::vector<std::uint8_t> bytes) {
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  view_ = {reinterpret_cast<const char*>(owner->data()), owner->size()};
  owner_ = owner;
}

struct Reply::State {
  std::function<void(Response)> send;
  std::atomic<bool> is_sent = false;

  ~State() {
    if (!is_sent) send(Response{.status = 500, .headers = {}, .body = {}});
  }
};

Reply::Reply(std::function<void(Response)> send) : state_(std::make_shared<State>()) { state_->send = std::move(send); }

void Reply::operator()(Response response) const {
  if (!state_->is_sent.exchange(true)) state_->send(std::move(response));
}

}  // namespace speechcoach::api
