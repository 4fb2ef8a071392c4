#include "llm/wire/json_access.h"

namespace speechcoach::llm {

namespace bj = boost::json;

std::optional<bj::object> ParseObject(std::string_view text) {
  boost::system::error_code fault;
  bj::value value = bj::parse(bj::string_view(text.data(), text.size()), fault);
  if (fault || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

const bj::value* Member(const bj::object& object, std::string_view key) {
  return object.if_contains(bj::string_view(key.data(), key.size()));
}

const bj::object* ObjectMember(const bj::object& object, std::string_view key) {
  const bj::value* value = Member(object, key);
  return value != nullptr ? value->if_object() : nullptr;
}

const bj::array* ArrayMember(const bj::object& object, std::string_view key) {
  const bj::value* value = Member(object, key);
  return value != nullptr ? value->if_array() : nullptr;
}

const bj::object* FirstObject(const bj::array* array) {
  return array != nullptr && !array->empty() ? array->front().if_object() : nullptr;
}

std::string TextMember(const bj::object& object, std::string_view key) {
  const bj::value* value = Member(object, key);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str(), value->get_string().size())
                                                : std::string();
}

int IntMember(const bj::object& object, std::string_view key) {
  const bj::value* value = Member(object, key);
  if (value == nullptr || !value->is_number()) return 0;
  boost::system::error_code fault;
  const int number = value->to_number<int>(fault);
  return !fault && number > 0 ? number : 0;
}

void Merge(bj::object& into, const bj::object& extra) {
  for (const auto& member : extra) {
    bj::value* present = into.if_contains(member.key());
    if (present != nullptr && present->is_object() && member.value().is_object()) {
      Merge(present->get_object(), member.value().get_object());
    } else {
      into[member.key()] = member.value();
    }
  }
}

}  // namespace speechcoach::llm
