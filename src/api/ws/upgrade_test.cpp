#include "api/ws/upgrade.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "storage/temporary_database.h"

namespace speechcoach::api {
namespace {

class NoHandler final : public WebSocketHandler {
  void OnOpen(std::shared_ptr<WebSocketPeer>) override {}
  void OnText(std::string_view) override {}
  void OnBinary(std::span<const std::uint8_t>) override {}
  void OnGoingAway() override {}
  void OnClosed() override {}
};

class UpgradeTest : public ::testing::Test {
 protected:
  UpgradeTest() : authenticator_({}, {"0123456789abcdef0123456789abcdef"}, database_->users(), database_->accounts(), clock_) {
    token_ = authenticator_.MakeGuest("", "::1").value().token;
    request_.headers.Add("Host", "coach.example:8000");
  }
  UpgradeAnswer Answer() {
    return AnswerUpgrade(request_, authenticator_, {"https://school.example"},
                         [](std::int64_t) { return std::make_shared<NoHandler>(); });
  }

  storage::TemporaryDatabase database_;
  base::SystemClock clock_;
  Authenticator authenticator_;
  std::string token_;
  Request request_;
};

TEST_F(UpgradeTest, TakesTheTokenAsSubprotocolOrHeader) {
  request_.headers.Set("Sec-WebSocket-Protocol", "speechcoach.v1, bearer." + token_);
  UpgradeAnswer answer = Answer();
  EXPECT_TRUE(answer.handler);
  EXPECT_EQ(answer.subprotocol, "speechcoach.v1") << "the token is never sent back";
  request_.headers = {};
  request_.headers.Set("Authorization", "Bearer " + token_);
  answer = Answer();
  EXPECT_TRUE(answer.handler);
  EXPECT_EQ(answer.subprotocol, "");
}

TEST_F(UpgradeTest, ATokenInTheAddressIsNoToken) {
  request_.query = {{"token", token_}, {"access_token", token_}};
  const UpgradeAnswer answer = Answer();
  EXPECT_FALSE(answer.handler);
  EXPECT_EQ(answer.code, CloseCode::kUnauthenticated);
}

TEST_F(UpgradeTest, RefusesOneConnectionTooMany) {
  request_.headers.Set("Authorization", "Bearer " + token_);
  const UpgradeAnswer answer = AnswerUpgrade(request_, authenticator_, {}, [](std::int64_t) { return nullptr; });
  EXPECT_FALSE(answer.handler);
  EXPECT_EQ(answer.code, CloseCode::kPolicy);
}

TEST_F(UpgradeTest, RefusesAWrongToken) {
  for (const char* protocols : {"speechcoach.v1", "speechcoach.v1, bearer.", "speechcoach.v1, bearer.a.b.c", ""}) {
    request_.headers.Set("Sec-WebSocket-Protocol", protocols);
    const UpgradeAnswer answer = Answer();
    EXPECT_FALSE(answer.handler);
    EXPECT_EQ(answer.code, CloseCode::kUnauthenticated);
  }
}

TEST_F(UpgradeTest, TakesOnlyPagesOfItsOwnOrAllowedOrigins) {
  request_.headers.Set("Authorization", "Bearer " + token_);
  for (const char* origin : {"http://coach.example:8000", "https://COACH.example:8000", "https://school.example"}) {
    request_.headers.Set("Origin", origin);
    EXPECT_TRUE(Answer().handler) << origin;
  }
  for (const char* origin : {"null", "", "http://coach.example", "http://evil.example", "https://school.example.evil.example",
                             "http://school.example", "https://school.example:444", "coach.example:8000"}) {
    request_.headers.Set("Origin", origin);
    const UpgradeAnswer answer = Answer();
    EXPECT_FALSE(answer.handler) << origin;
    EXPECT_EQ(answer.code, CloseCode::kPolicy) << origin;
  }
}

}  // namespace
}  // namespace speechcoach::api
