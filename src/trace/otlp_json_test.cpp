#include "trace/otlp_json.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace speechcoach::trace {
namespace {

TEST(OtlpJson, IsWhatTheSpecificationHas) {
  SpanRecord span;
  span.context = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  span.parent_span_id = "00f067aa0ba902b7";
  span.name = "say \"hi\"";
  span.kind = SpanKind::kConsumer;
  span.start_ns = 1'700'000'000'123'456'789;
  span.end_ns = 1'700'000'001'123'456'789;
  span.attributes = {{"count", std::int64_t{3}}, {"share", 0.5}, {"done", true}, {"route", std::string("/a")}};
  span.fault = "timeout";

  const auto json = boost::json::parse(ToOtlpJson({"speechcoach-worker", "1.2.3", "i-1"}, {&span, 1}));
  const auto& of_resource = json.at("resourceSpans").as_array().at(0);
  bool has_service = false;
  for (const auto& attribute : of_resource.at("resource").at("attributes").as_array())
    has_service =
        has_service || (attribute.at("key") == "service.name" && attribute.at("value").at("stringValue") == "speechcoach-worker");
  EXPECT_TRUE(has_service);
  const auto& written = of_resource.at("scopeSpans").as_array().at(0).at("spans").as_array().at(0);
  EXPECT_EQ(written.at("traceId"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(written.at("spanId"), "b7ad6b7169203331");
  EXPECT_EQ(written.at("parentSpanId"), "00f067aa0ba902b7");
  EXPECT_EQ(written.at("name"), "say \"hi\"");
  EXPECT_EQ(written.at("kind"), 5);
  EXPECT_EQ(written.at("startTimeUnixNano"), "1700000000123456789");
  EXPECT_EQ(written.at("endTimeUnixNano"), "1700000001123456789");
  EXPECT_EQ(written.at("attributes").as_array().at(0).at("value").at("intValue"), "3");
  EXPECT_EQ(written.at("attributes").as_array().at(1).at("value").at("doubleValue"), 0.5);
  EXPECT_EQ(written.at("attributes").as_array().at(2).at("value").at("boolValue"), true);
  EXPECT_EQ(written.at("status").at("code"), 2);
  EXPECT_EQ(written.at("status").at("message"), "timeout");
}

TEST(OtlpJson, LeavesOutWhatIsNotThere) {
  SpanRecord span;
  span.context = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  const auto json = boost::json::parse(ToOtlpJson({}, {&span, 1}));
  const auto& written =
      json.at("resourceSpans").as_array().at(0).at("scopeSpans").as_array().at(0).at("spans").as_array().at(0).as_object();
  EXPECT_FALSE(written.contains("parentSpanId"));
  EXPECT_FALSE(written.contains("status"));
}

}  // namespace
}  // namespace speechcoach::trace
