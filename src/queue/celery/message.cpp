#include "queue/celery/message.h"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/id.h"
#include "queue/celery/iso_time.h"
#include "queue/celery/json_fields.h"
#include "queue/celery/python_repr.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

// How often a message came back from a worker that was lost; Celery passes unknown headers through.
constexpr const char* kDeliveries = "speechcoach-deliveries";
constexpr const char* kWaits = "speechcoach-waits";
// Where OpenTelemetry's instrumentation of Celery has it, too.
constexpr const char* kTraceparent = "traceparent";

std::string Base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

int Integer(const bj::object& object, std::string_view key) {
  const bj::value* value = Find(object, key);
  return value != nullptr && value->is_int64() ? static_cast<int>(value->get_int64()) : 0;
}

bool Bool(const bj::object& object, std::string_view key) {
  const bj::value* value = Find(object, key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<std::int64_t> Time(const bj::object& object, std::string_view key) {
  const bj::value* value = Find(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return ParseIsoTime(value->get_string());
  if (value->is_number()) return static_cast<std::int64_t>(value->to_number<double>() * 1000.0);
  return std::nullopt;
}

bj::value TextOrNull(const std::string& text) { return text.empty() ? bj::value(nullptr) : bj::value(text); }
bj::value TimeOrNull(const std::optional<std::int64_t>& time) {
  return time ? bj::value(FormatIsoTime(*time)) : bj::value(nullptr);
}
bj::value NumberOrNull(const std::optional<double>& number) { return number ? bj::value(*number) : bj::value(nullptr); }

bj::value Field(const bj::object& object, std::string_view key) {
  const bj::value* value = object.if_contains(key);
  return value == nullptr ? bj::value(nullptr) : *value;
}

}  // namespace

base::Result<Envelope> ParseEnvelope(std::string_view text) {
  boost::system::error_code fault;
  const bj::value parsed = bj::parse(text, fault);
  if (fault || !parsed.is_object()) return {base::ErrorCode::kBadJson, "not a message"};
  const bj::object& object = parsed.get_object();
  const bj::value* headers = Find(object, "headers");
  const bj::value* properties = Find(object, "properties");
  const bj::value* body = Find(object, "body");
  if (headers == nullptr || !headers->is_object() || properties == nullptr || !properties->is_object() || body == nullptr ||
      !body->is_string()) {
    return {base::ErrorCode::kBadJson, "not kombu's envelope"};
  }
  Envelope envelope;
  envelope.headers = headers->get_object();
  const bj::object& p = properties->get_object();
  if (const bj::value* info = Find(p, "delivery_info"); info != nullptr && info->is_object()) {
    envelope.exchange = Text(info->get_object(), "exchange");
    envelope.routing_key = Text(info->get_object(), "routing_key");
    envelope.redelivered = Bool(info->get_object(), "redelivered");
  }
  envelope.priority = Integer(p, "priority");
  envelope.is_persistent = Integer(p, "delivery_mode") != 1;
  envelope.delivery_tag = Text(p, "delivery_tag");
  envelope.correlation_id = Text(p, "correlation_id");
  envelope.reply_to = Text(p, "reply_to");

  if (Text(object, "content-type") != "application/json") {
    return {base::ErrorCode::kUnsupportedFormat,
            fmt::format("content type '{}'; only application/json is taken", Text(object, "content-type"))};
  }
  if (Find(envelope.headers, "compression") != nullptr)
    return {base::ErrorCode::kUnsupportedFormat, "compressed bodies are not taken"};
  std::string content(body->get_string());
  if (Text(p, "body_encoding") == "base64") {
    auto decoded = FromBase64(content);
    if (!decoded) return {base::ErrorCode::kBadJson, "the body is not base64"};
    content = std::move(*decoded);
  }
  envelope.body = bj::parse(content, fault);
  if (fault) return {base::ErrorCode::kBadJson, "the body is not JSON"};
  return envelope;
}

std::string WriteEnvelope(const Envelope& envelope) {
  bj::object info{{"exchange", envelope.exchange}, {"routing_key", envelope.routing_key}};
  if (envelope.redelivered) info["redelivered"] = true;
  bj::object properties;
  if (!envelope.correlation_id.empty()) properties["correlation_id"] = envelope.correlation_id;
  if (!envelope.reply_to.empty()) properties["reply_to"] = envelope.reply_to;
  properties["delivery_mode"] = envelope.is_persistent ? 2 : 1;
  properties["delivery_info"] = std::move(info);
  properties["priority"] = envelope.priority;
  properties["body_encoding"] = "base64";
  properties["delivery_tag"] = envelope.delivery_tag.empty() ? base::NewUuid() : envelope.delivery_tag;
  return bj::serialize(bj::object{{"body", Base64(bj::serialize(envelope.body))},
                                  {"content-encoding", "utf-8"},
                                  {"content-type", "application/json"},
                                  {"headers", envelope.headers},
                                  {"properties", std::move(properties)}});
}

base::Result<TaskMessage> ParseTask(std::string_view text) {
  auto parsed = ParseEnvelope(text);
  if (!parsed.ok()) return parsed.error();
  const bj::object& headers = parsed->headers;
  TaskMessage message;
  message.task = Text(headers, "task");
  message.id = Text(headers, "id");
  const bj::array* body = parsed->body.if_array();
  if (message.task.empty() || message.id.empty() || body == nullptr || body->size() != 3 || !(*body)[0].is_array() ||
      !(*body)[1].is_object()) {
    return {base::ErrorCode::kUnknownType, "not a task of protocol 2"};
  }
  message.args = (*body)[0].get_array();
  message.kwargs = (*body)[1].get_object();
  if (const bj::object* embed = (*body)[2].if_object()) {
    message.callbacks = Field(*embed, "callbacks");
    message.errbacks = Field(*embed, "errbacks");
    message.chain = Field(*embed, "chain");
    message.chord = Field(*embed, "chord");
  }
  message.root_id = Text(headers, "root_id");
  message.parent_id = Text(headers, "parent_id");
  message.group = Text(headers, "group");
  if (const bj::value* index = Find(headers, "group_index"); index != nullptr && index->is_int64())
    message.group_index = static_cast<int>(index->get_int64());
  message.retries = Integer(headers, "retries");
  message.eta_ms = Time(headers, "eta");
  message.expires_ms = Time(headers, "expires");
  if (const bj::value* limits = Find(headers, "timelimit");
      limits != nullptr && limits->is_array() && limits->get_array().size() == 2) {
    const bj::array& pair = limits->get_array();
    if (pair[0].is_number()) message.hard_limit_s = pair[0].to_number<double>();
    if (pair[1].is_number()) message.soft_limit_s = pair[1].to_number<double>();
  }
  message.ignore_result = Bool(headers, "ignore_result");
  message.deliveries = Integer(headers, kDeliveries);
  message.waits = Integer(headers, kWaits);
  message.origin = Text(headers, "origin");
  message.traceparent = Text(headers, kTraceparent);
  message.reply_to = parsed->reply_to;
  message.exchange = parsed->exchange;
  message.routing_key = parsed->routing_key;
  message.priority = parsed->priority;
  message.redelivered = parsed->redelivered;
  message.delivery_tag = parsed->delivery_tag;
  return message;
}

std::string WriteTask(const TaskMessage& message) {
  Envelope envelope;
  envelope.headers = {{"lang", "py"},
                      {"task", message.task},
                      {"id", message.id},
                      {"shadow", nullptr},
                      {"eta", TimeOrNull(message.eta_ms)},
                      {"expires", TimeOrNull(message.expires_ms)},
                      {"group", TextOrNull(message.group)},
                      {"group_index", message.group_index ? bj::value(*message.group_index) : bj::value(nullptr)},
                      {"retries", message.retries},
                      {"timelimit", bj::array{NumberOrNull(message.hard_limit_s), NumberOrNull(message.soft_limit_s)}},
                      {"root_id", message.root_id.empty() ? message.id : message.root_id},
                      {"parent_id", TextOrNull(message.parent_id)},
                      {"argsrepr", PythonReprTuple(message.args)},
                      {"kwargsrepr", PythonRepr(message.kwargs)},
                      {"origin", message.origin},
                      {"ignore_result", message.ignore_result},
                      {"replaced_task_nesting", 0},
                      {"stamped_headers", nullptr},
                      {"stamps", bj::object()}};
  if (message.deliveries > 0) envelope.headers[kDeliveries] = message.deliveries;
  if (message.waits > 0) envelope.headers[kWaits] = message.waits;
  if (!message.traceparent.empty()) envelope.headers[kTraceparent] = message.traceparent;
  if (message.redelivered) envelope.headers["redelivered"] = true;
  envelope.body = bj::array{
      message.args, message.kwargs,
      bj::object{
          {"callbacks", message.callbacks}, {"errbacks", message.errbacks}, {"chain", message.chain}, {"chord", message.chord}}};
  envelope.exchange = message.exchange;
  envelope.routing_key = message.routing_key;
  envelope.priority = message.priority;
  envelope.redelivered = message.redelivered;
  envelope.delivery_tag = message.delivery_tag;
  envelope.correlation_id = message.id;
  envelope.reply_to = message.reply_to;
  return WriteEnvelope(envelope);
}

}  // namespace speechcoach::queue::celery
