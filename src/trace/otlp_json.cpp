#include "trace/otlp_json.h"

#include <array>

#include <unistd.h>
#include <boost/json.hpp>

namespace speechcoach::trace {
namespace {

namespace bj = boost::json;

constexpr int kStatusError = 2;
constexpr std::int64_t kSampledFlag = 1;

struct ValueToJson {
  bj::object operator()(bool value) const { return {{"boolValue", value}}; }
  bj::object operator()(std::int64_t value) const { return {{"intValue", std::to_string(value)}}; }
  bj::object operator()(double value) const { return {{"doubleValue", value}}; }
  bj::object operator()(const std::string& value) const { return {{"stringValue", value}}; }
};

bj::object Attribute(std::string_view key, const AttributeValue& value) {
  return {{"key", key}, {"value", std::visit(ValueToJson{}, value)}};
}

bj::object ToJson(const SpanRecord& span) {
  bj::array attributes;
  for (const auto& [key, value] : span.attributes) attributes.push_back(Attribute(key, value));
  bj::object json{{"traceId", span.context.trace_id},
                  {"spanId", span.context.span_id},
                  {"flags", kSampledFlag},
                  {"name", span.name},
                  {"kind", static_cast<int>(span.kind)},
                  {"startTimeUnixNano", std::to_string(span.start_ns)},
                  {"endTimeUnixNano", std::to_string(span.end_ns)},
                  {"attributes", std::move(attributes)}};
  if (!span.parent_span_id.empty()) json["parentSpanId"] = span.parent_span_id;
  if (span.fault) json["status"] = {{"code", kStatusError}, {"message", *span.fault}};
  return json;
}

std::string HostName() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

}  // namespace

std::string ToOtlpJson(const Resource& resource, std::span<const SpanRecord> spans) {
  bj::array written;
  for (const SpanRecord& span : spans) written.push_back(ToJson(span));
  const bj::array attributes{Attribute("service.namespace", std::string("speechcoach")),
                             Attribute("service.name", resource.service_name),
                             Attribute("service.version", resource.service_version),
                             Attribute("service.instance.id", resource.instance_id),
                             Attribute("host.name", HostName()),
                             Attribute("process.pid", static_cast<std::int64_t>(::getpid()))};
  const bj::object scope{{"name", "speechcoach"}, {"version", resource.service_version}};
  const bj::object of_scope{{"scope", scope}, {"spans", std::move(written)}};
  const bj::object of_resource{{"resource", bj::object{{"attributes", attributes}}}, {"scopeSpans", bj::array{of_scope}}};
  return bj::serialize(bj::object{{"resourceSpans", bj::array{of_resource}}});
}

}  // namespace speechcoach::trace
