#include "trace/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::trace {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr const char* kEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
constexpr const char* kHeaders = "OTEL_EXPORTER_OTLP_HEADERS";

TEST(TraceSettings, AreOffUnlessACollectorIsNamed) {
  EXPECT_EQ(ReadSettings({})->url, "");
  EXPECT_EQ(ReadSettings({{kEndpoint, ""}})->url, "");
  EXPECT_EQ(ReadSettings({{kEndpoint, "http://c:4318"}, {"OTEL_SDK_DISABLED", "true"}})->url, "");
  EXPECT_EQ(ReadSettings({{kEndpoint, "http://c:4318"}, {"OTEL_TRACES_EXPORTER", "none"}})->url, "");
}

TEST(TraceSettings, KnowWhereTracesGo) {
  EXPECT_EQ(ReadSettings({{kEndpoint, "http://c:4318"}})->url, "http://c:4318/v1/traces");
  EXPECT_EQ(ReadSettings({{kEndpoint, "https://c/otlp/"}})->url, "https://c/otlp/v1/traces");
  EXPECT_EQ(ReadSettings({{kEndpoint, "http://c:4318"}, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t/here"}})->url,
            "http://t/here");
  EXPECT_EQ(ReadSettings({{kEndpoint, "c:4318"}}).error().code, base::ErrorCode::kBadConfig);
}

TEST(TraceSettings, HoldHeaders) {
  const auto settings = ReadSettings({{kEndpoint, "http://c"}, {kHeaders, "authorization=Bearer%20a%3Db, x-team = school ,"}});
  ASSERT_TRUE(settings.ok());
  EXPECT_THAT(settings->headers, ElementsAre("authorization: Bearer a=b", "x-team: school"));
  for (const char* bad : {"secret", "=secret", "a b=secret", "a=secret%0d%0aX: y", "a=secret%2", "a=secret%zz"}) {
    const auto refused = ReadSettings({{kEndpoint, "http://c"}, {kHeaders, bad}});
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_THAT(refused.error().message, StartsWith(kHeaders));
    EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
  }
}

TEST(TraceSettings, SayHowManyAreSent) {
  const auto share = [](const char* sampler, const char* argument) {
    return ReadSettings({{kEndpoint, "http://c"}, {"OTEL_TRACES_SAMPLER", sampler}, {"OTEL_TRACES_SAMPLER_ARG", argument}});
  };
  EXPECT_EQ(share("", "")->sample_share, 1.0);
  EXPECT_EQ(share("parentbased_always_on", "")->sample_share, 1.0);
  EXPECT_EQ(share("parentbased_always_off", "")->sample_share, 0.0);
  EXPECT_EQ(share("parentbased_traceidratio", "0.25")->sample_share, 0.25);
  EXPECT_FALSE(share("always_on", "").ok());
  for (const char* bad : {"2", "-0.1", "x", "0.5x", "nan"}) EXPECT_FALSE(share("parentbased_traceidratio", bad).ok()) << bad;
}

}  // namespace
}  // namespace speechcoach::trace
