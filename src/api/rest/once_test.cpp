#include "api/rest/once.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "api/rest/json_response.h"
#include "api/test_world.h"

namespace speechcoach::api {
namespace {

class OnceTest : public ::testing::Test {
 protected:
  // What the client gets; nothing while the call is under way.
  std::optional<Response> Send(const CallHandler& handler, const std::string& body = "{}") {
    auto request = std::make_shared<Request>();
    request->method = Method::kPost;
    request->path = "/api/v1/classes";
    request->headers.Set("Idempotency-Key", "k");
    request->body.assign(body.begin(), body.end());
    const auto answer = std::make_shared<std::optional<Response>>();
    once_.Do({request, Reply([answer](Response response) { *answer = std::move(response); }), model::Locale::kVi, user_},
             handler);
    return *answer;
  }
  static void Succeed(const Call& call) { call.Send(201, {{"id", 1}}); }
  static void MustNotRun(const Call&) { ADD_FAILURE() << "done again"; }

  TestWorld world_;
  const std::int64_t user_ = world_.NewUser();
  const Once once_{world_.database->idempotency(), world_.clock};
};

TEST_F(OnceTest, WhoAsksAgainTooEarlyIsToldToWait) {
  std::optional<Call> first;
  EXPECT_FALSE(Send([&](const Call& call) { first = call; }));
  const auto early = Send(MustNotRun);
  ASSERT_TRUE(early);
  EXPECT_EQ(early->status, 503);
  EXPECT_EQ(early->error, base::ErrorCode::kBusy);
  EXPECT_GT(std::stoi(std::string(early->headers.Get("Retry-After"))), 0);
  EXPECT_EQ(Send(MustNotRun, R"({"name":"9A"})")->status, 409) << "another request";
  Succeed(*first);
  EXPECT_EQ(Send(MustNotRun)->headers.Get("Idempotency-Replayed"), "true");
}

TEST_F(OnceTest, WhatIsDoneIsNotDoneAgainWhateverBecomesOfTheAnswer) {
  const auto done = [](const Call& call) {
    Response answer = JsonResponse(202, {{"id", 1}});
    answer.headers.Set("Location", "/there");
    call.Done(answer);
  };
  const auto failed = Send([&](const Call& call) {
    done(call);
    call.Fail({base::ErrorCode::kStorageUnavailable, "scripted"});
  });
  EXPECT_EQ(failed->status, 503);
  const auto again = Send(MustNotRun);
  EXPECT_EQ(again->status, 202);
  EXPECT_EQ(again->headers.Get("Location"), "/there");
  EXPECT_EQ(again->body.view(), R"({"id":1})");
}

TEST_F(OnceTest, AReplyThatCountsTakesThePlaceOfWhatWasKept) {
  Send([](const Call& call) {
    call.Done(JsonResponse(202, {{"status", "processing"}}));
    call.Send(200, {{"status", "completed"}});
  });
  EXPECT_EQ(Send(MustNotRun)->status, 200);
}

TEST_F(OnceTest, ACallThatEndsWithoutAnAnswerMayHaveBeenDone) {
  EXPECT_EQ(Send([](const Call&) {})->status, 500);
  EXPECT_EQ(Send(MustNotRun)->status, 503);
}

TEST_F(OnceTest, WhatWasRefusedMayBeSentAgain) {
  EXPECT_EQ(Send([](const Call& call) { call.Fail({base::ErrorCode::kBusy, "scripted"}); })->status, 503);
  EXPECT_EQ(Send([](const Call& call) { call.FailField("name"); })->status, 400);
  EXPECT_EQ(Send(Succeed)->status, 201);
}

}  // namespace
}  // namespace speechcoach::api
