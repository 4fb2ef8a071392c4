#include <exception>

#include <boost/json.hpp>

#include "dialogue/dialogue_partner.h"

namespace speechcoach::dialogue {

namespace bj = boost::json;

std::string ToJson(const DialogueState& state) {
  return bj::serialize(bj::object{{"topic", state.topic},
                                  {"level", state.level},
                                  {"node", state.node},
                                  {"turns", bj::value_from(state.turns)},
                                  {"session_id", state.session_id},
                                  {"user_id", state.user_id}});
}

base::Result<DialogueState> DialogueStateFrom(std::string_view json) {
  try {
    const bj::value root = bj::parse(json);
    const auto text = [&](const char* name) { return std::string(root.at(name).as_string()); };
    return DialogueState{text("topic"),      text("level"),
                         text("node"),       bj::value_to<std::vector<std::string>>(root.at("turns")),
                         text("session_id"), root.at("user_id").to_number<std::int64_t>()};
  } catch (const std::exception&) {
    return {base::ErrorCode::kBadJson, "no state of a conversation"};
  }
}

}  // namespace speechcoach::dialogue
