// Language models' rows <-> the JSON of the admin API. A key's value never comes out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <boost/json.hpp>

#include "llm/chain/chat_chain.h"
#include "llm/keys/key_store.h"
#include "storage/llm_repository.h"

namespace speechcoach::api {

boost::json::object ToJson(const storage::LlmProvider& provider);
// `prices`: whether a call now would have one; without, it costs nothing in the log and no budget ends.
boost::json::object ToJson(const storage::LlmModel& model, std::span<const storage::LlmPrice> prices, std::int64_t now_ms);
boost::json::object ToJson(const storage::LlmPrice& price);
boost::json::object ToJson(const storage::LlmKey& key);
boost::json::object ToJson(const storage::LlmUsage& usage);
boost::json::object ToJson(const llm::KeyTest& test);

// These take over the members that `body` has into `row`; they answer the name of the first that cannot be, or nothing.
std::string ReadInto(const boost::json::object& body, storage::LlmProvider& row);
std::string ReadInto(const boost::json::object& body, storage::LlmModel& row);
std::string ReadInto(const boost::json::object& body, storage::LlmPrice& row);
std::string ReadInto(const boost::json::object& body, llm::NewKey& row);
std::string ReadInto(const boost::json::object& body, storage::LlmKeyChange& row);

}  // namespace speechcoach::api
