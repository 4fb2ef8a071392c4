#include "api/watch_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/test_client.h"

namespace speechcoach::api {
namespace {

constexpr const char* kToken = "a token of the test";

class WatchServerTest : public testing::Test {
 protected:
  HttpAnswer Ask(const std::string& path, const std::string& token = {}) {
    return TestClient(server_->port()).Ask("GET", path, token.empty() ? "" : "Authorization: Bearer " + token + "\r\n");
  }

  base::Status ready_;
  metrics::Metrics metrics_{"9.9.9"};
  std::unique_ptr<WatchServer> server_ =
      WatchServer::Start("127.0.0.1:0", {&metrics_, kToken, [this] { return ready_; }}).value();
};

TEST_F(WatchServerTest, GivesTheMetricsToWhoeverBearsTheToken) {
  const HttpAnswer answer = Ask("/metrics", kToken);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(answer.body, testing::HasSubstr(R"(speechcoach_build_info{version="9.9.9"} 1)"));
  EXPECT_EQ(Ask("/metrics").status, 401);
  EXPECT_EQ(Ask("/metrics", "a token of the tesT").status, 401);
  EXPECT_EQ(Ask("/metrics", "a token of the test and more").status, 401);
}

TEST_F(WatchServerTest, WithoutATokenNobodyReadsThem) {
  server_ = WatchServer::Start("127.0.0.1:0", {&metrics_, "", [] { return base::Status(); }}).value();
  EXPECT_EQ(Ask("/metrics").status, 404);
  EXPECT_EQ(Ask("/metrics", " ").status, 404);
}

TEST_F(WatchServerTest, SaysWhetherItsPartsCanBeReached) {
  EXPECT_EQ(Ask("/readyz").status, 200);
  ready_ = {base::ErrorCode::kStorageUnavailable, "gone"};
  EXPECT_EQ(Ask("/readyz").status, 503);
  EXPECT_EQ(Ask("/healthz").status, 200);
  EXPECT_EQ(Ask("/api/v1/sentences").status, 404);
}

TEST(WatchServer, RefusesAnAddressThatIsNotIts) {
  const auto server = WatchServer::Start("192.0.2.1:0", {});
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().code, base::ErrorCode::kBadConfig);
}

}  // namespace
}  // namespace speechcoach::api
