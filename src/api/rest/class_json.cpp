#include "api/rest/class_json.h"

#include "base/clock.h"

namespace speechcoach::api {

namespace bj = boost::json;

bj::object ToJson(const model::SchoolClass& found) {
  return {{"id", found.id}, {"name", found.name}, {"created_at", base::FormatRfc3339(found.created_at_ms)}};
}

bj::object TaughtClassJson(const model::SchoolClass& found) {
  bj::object document = ToJson(found);
  document["code"] = found.code;
  return document;
}

bj::object ToJson(const model::SessionComment& comment) {
  return {{"id", comment.id},
          {"author", {{"id", comment.author_id}, {"name", comment.author_name}}},
          {"at_s", comment.at_s ? bj::value(*comment.at_s) : bj::value(nullptr)},
          {"text", comment.text},
          {"created_at", base::FormatRfc3339(comment.created_at_ms)}};
}

bj::object ToJson(const model::AccessRecord& record) {
  return {{"id", record.id},
          {"by", record.actor_id == 0 ? bj::value(nullptr) : bj::value({{"id", record.actor_id}, {"name", record.actor_name}})},
          {"action", record.action},
          {"session_id", record.session_id.empty() ? bj::value(nullptr) : bj::value(record.session_id)},
          {"at", base::FormatRfc3339(record.created_at_ms)}};
}

}  // namespace speechcoach::api
