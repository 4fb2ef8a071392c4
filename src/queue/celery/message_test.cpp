#include "queue/celery/message.h"

#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/trace_context.h"
#include "queue/celery/canvas.h"
#include "queue/celery/iso_time.h"
#include "queue/celery/lamport_clock.h"
#include "queue/celery/names.h"
#include "queue/celery/python_repr.h"
#include "queue/celery/revoked_set.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

// What celery 5.7 with kombu 5.7 put into Redis for send_task("tasks.add", (2, 3), {"x": None}, countdown=..., priority=6).
constexpr const char* kFromPython =
    R"json({"body": "W1syLCAzXSwgeyJ4IjogbnVsbH0sIHsiY2FsbGJhY2tzIjogbnVsbCwgImVycmJhY2tzIjogbnVsbCwgImNoYWluIjogbnVsbCwgImNob3JkIjogbnVsbH1d",
 "content-encoding": "utf-8", "content-type": "application/json", "headers": {"lang": "py", "task": "tasks.add",
 "id": "7fa1b0c2-6a5e-4e38-9d46-6c2c05a4ad2d", "shadow": null, "eta": "2026-11-22T16:30:00.125000+00:00", "expires": null, "group": null,
 "group_index": null, "retries": 1, "timelimit": [30, 20.5], "root_id": "7fa1b0c2-6a5e-4e38-9d46-6c2c05a4ad2d", "parent_id": null,
 "argsrepr": "(2, 3)", "kwargsrepr": "{'x': None}", "origin": "gen1@host", "ignore_result": false, "replaced_task_nesting": 0,
 "stamped_headers": null, "stamps": {}}, "properties": {"correlation_id": "7fa1b0c2-6a5e-4e38-9d46-6c2c05a4ad2d",
 "reply_to": "b1a6e4c0-0000-4000-8000-000000000001", "delivery_mode": 2, "delivery_info": {"exchange": "", "routing_key": "celery"},
 "priority": 6, "body_encoding": "base64", "delivery_tag": "0c0a2f3e-0000-4000-8000-000000000002"}})json";

TEST(TaskMessage, IsReadAsPythonWritesIt) {
  const auto message = ParseTask(kFromPython);
  ASSERT_TRUE(message.ok()) << message.error().message;
  EXPECT_EQ(message->task, "tasks.add");
  EXPECT_EQ(message->args, (bj::array{2, 3}));
  EXPECT_TRUE(message->kwargs.at("x").is_null());
  EXPECT_EQ(message->eta_ms, ParseIsoTime("2026-11-22T16:30:00.125Z"));
  EXPECT_FALSE(message->expires_ms.has_value());
  EXPECT_EQ(message->retries, 1);
  EXPECT_EQ(message->hard_limit_s, 30.0);  // the first of the two
  EXPECT_EQ(message->soft_limit_s, 20.5);
  EXPECT_EQ(message->priority, 6);
  EXPECT_EQ(message->routing_key, "celery");
  EXPECT_EQ(message->delivery_tag, "0c0a2f3e-0000-4000-8000-000000000002");
}

TEST(TaskMessage, SurvivesWritingAndReading) {
  rc::check([] {
    TaskMessage message;
    message.task = "tasks." + *rc::gen::nonEmpty(rc::gen::string<std::string>());
    for (char& c : message.task) c = static_cast<char>(c & 0x7F);
    message.id = "id";
    message.delivery_tag = "tag";
    for (const int number : *rc::gen::arbitrary<std::vector<int>>()) message.args.emplace_back(number);
    message.kwargs["text"] = "Xin chào \"bạn\" \\ \n";
    message.retries = *rc::gen::inRange(0, 100);
    message.eta_ms = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000);
    message.priority = *rc::gen::inRange(0, 10);
    message.ignore_result = *rc::gen::arbitrary<bool>();
    message.group_index = *rc::gen::inRange(0, 1000);
    message.deliveries = *rc::gen::inRange(0, 5);
    message.waits = *rc::gen::inRange(0, 5);
    if (*rc::gen::arbitrary<bool>()) message.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const auto read = ParseTask(WriteTask(message));
    RC_ASSERT(read.ok());
    RC_ASSERT(read->task == message.task);
    RC_ASSERT(read->args == message.args);
    RC_ASSERT(read->kwargs == message.kwargs);
    RC_ASSERT(read->retries == message.retries);
    RC_ASSERT(read->eta_ms == message.eta_ms);
    RC_ASSERT(read->priority == message.priority);
    RC_ASSERT(read->ignore_result == message.ignore_result);
    RC_ASSERT(read->group_index == message.group_index);
    RC_ASSERT(read->deliveries == message.deliveries);
    RC_ASSERT(read->waits == message.waits);
    RC_ASSERT(read->traceparent == message.traceparent);
    RC_ASSERT(read->delivery_tag == message.delivery_tag);
  });
}

TEST(TaskMessage, WhatIsNoneIsRefused) {
  rc::check([](const std::string& bytes) { RC_ASSERT(!ParseTask(bytes).ok()); });
  // Any cut of a good message is refused too.
  const std::string good = kFromPython;
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(ParseTask(good.substr(0, size)).ok());
}

TEST(TaskMessage, OtherSerialisersAreRefusedByName) {
  std::string pickled = kFromPython;
  pickled.replace(pickled.find("application/json"), 16, "application/x-python-serialize");
  const auto message = ParseTask(pickled);
  ASSERT_FALSE(message.ok());
  EXPECT_EQ(message.error().code, base::ErrorCode::kUnsupportedFormat);
  EXPECT_THAT(message.error().message, testing::HasSubstr("x-python-serialize"));
}

TEST(IsoTime, IsReadWithAndWithoutZone) {
  const auto noon = ParseIsoTime("2026-11-22T12:00:00Z");
  ASSERT_TRUE(noon.has_value());
  EXPECT_EQ(ParseIsoTime("2026-11-22T19:00:00+07:00"), noon);
  EXPECT_EQ(ParseIsoTime("2026-11-22T12:00:00"), noon);
  EXPECT_EQ(ParseIsoTime("2026-11-22T12:00:00.250000+00:00"), *noon + 250);
  EXPECT_EQ(FormatIsoTime(*noon + 250), "2026-11-22T12:00:00.250000+00:00");
  for (const char* wrong :
       {"", "noon", "2026-13-01T00:00:00", "2026-11-22", "2026-11-22T25:00:00", "2026-11-22T12:00:00 later"}) {
    EXPECT_FALSE(ParseIsoTime(wrong).has_value()) << wrong;
  }
}

TEST(IsoTime, SurvivesWritingAndReading) {
  rc::check([] {
    const auto time = *rc::gen::inRange<std::int64_t>(-30'000'000'000'000, 200'000'000'000'000);
    RC_ASSERT(ParseIsoTime(FormatIsoTime(time)) == time);
  });
}

TEST(PythonRepr, ShowsValuesAsPythonDoes) {
  EXPECT_EQ(PythonReprTuple({}), "()");
  EXPECT_EQ(PythonReprTuple({1}), "(1,)");
  EXPECT_EQ(PythonReprTuple({1, "it's", nullptr, true}), "(1, \"it's\", None, True)");
  EXPECT_EQ(PythonRepr(bj::object{{"a", bj::array{1.5, 2.0, "x\n"}}}), "{'a': [1.5, 2.0, 'x\\n']}");
}

TEST(PythonRepr, IsCutBetweenCharacters) {
  const std::string cut = PythonRepr(bj::value(std::string(2'000, 'x')), 10);
  EXPECT_EQ(cut, "'xxxxxxxxx...");
  EXPECT_EQ(PythonRepr(bj::value("ạạạạ"), 3), "'...");
}

TEST(QueueKey, PrioritiesRoundDownToKombusSteps) {
  EXPECT_EQ(QueueKey("stt", 0), "stt");
  EXPECT_EQ(QueueKey("stt", 2), "stt");
  EXPECT_EQ(QueueKey("stt", 3),
            "stt\x06\x16"
            "3");
  EXPECT_EQ(QueueKey("stt", 8),
            "stt\x06\x16"
            "6");
  EXPECT_EQ(QueueKey("stt", 9),
            "stt\x06\x16"
            "9");
}

TEST(RevokedSet, ForgetsTheOldest) {
  RevokedSet revoked;
  const auto now = RevokedSet::Clock::now();
  revoked.Add("old", now - std::chrono::hours(4));
  EXPECT_FALSE(revoked.Contains("old", now));
  for (std::size_t i = 0; i <= RevokedSet::kMost; ++i) revoked.Add(std::to_string(i), now);
  EXPECT_FALSE(revoked.Contains("0", now));
  EXPECT_TRUE(revoked.Contains("1", now));
  EXPECT_EQ(revoked.Ids().size(), RevokedSet::kMost);
}

TEST(LamportClock, NeverGoesBack) {
  LamportClock clock;
  EXPECT_EQ(clock.Forward(), 1);
  clock.Adjust(10);
  EXPECT_EQ(clock.value(), 11);
  clock.Adjust(5);
  EXPECT_EQ(clock.Forward(), 13);
}

std::string TextOf(const bj::value& value) { return std::string(value.as_string()); }

std::vector<TaskMessage> Messages(const Sending& sending) {
  std::vector<TaskMessage> messages;
  for (const redis::Command& command : sending.commands) {
    if (command[0] == "LPUSH") messages.push_back(ParseTask(command[2]).value());
  }
  return messages;
}

const Route kRoute = [](const std::string&) { return "default"; };

TEST(Canvas, AChainSendsItsFirstWithTheRestBehindIt) {
  const auto sending = Apply(
      ChainSignature({TaskSignature("a", {1}, {}), TaskSignature("b", {2}, {}), TaskSignature("c", {3}, {})}), {}, {}, kRoute);
  ASSERT_TRUE(sending.ok()) << sending.error().message;
  const auto messages = Messages(*sending);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].task, "a");
  const bj::array& rest = messages[0].chain.as_array();
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(TextOf(rest[1].at("task")), "b");  // the next one is the last
  EXPECT_EQ(TextOf(rest[0].at("options").at("task_id")), sending->id);
}

TEST(Canvas, WhatItSendsBelongsToTheSendersTrace) {
  const base::TraceContext trace{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  const base::TraceScope scope(trace);
  const auto sending = Apply(GroupSignature({TaskSignature("a", {}, {}), TaskSignature("b", {}, {})}), {}, {}, kRoute);
  ASSERT_TRUE(sending.ok()) << sending.error().message;
  for (const TaskMessage& message : Messages(*sending)) EXPECT_EQ(base::ParseTraceparent(message.traceparent), trace);
}

TEST(Canvas, AChordSendsItsHeaderAndTheNumberOfParts) {
  const auto chord =
      ChordSignature({TaskSignature("a", {}, {}), ChainSignature({TaskSignature("b", {}, {}), TaskSignature("c", {}, {})})},
                     TaskSignature("body", {}, {}));
  const auto sending = Apply(chord, {}, {}, kRoute);
  ASSERT_TRUE(sending.ok()) << sending.error().message;
  EXPECT_EQ(sending->commands[0][0], "SETEX");
  EXPECT_EQ(sending->commands[0][3], "2");
  const auto messages = Messages(*sending);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(TextOf(messages[0].chord.at("task")), "body");
  EXPECT_EQ(messages[0].group_index, 0);
  EXPECT_TRUE(messages[1].chord.is_null());  // only the end of the inner chain is a part
  EXPECT_EQ(TextOf(messages[1].chain.at(0).at("options").at("chord").at("task")), "body");
  EXPECT_EQ(messages[1].chain.at(0).at("options").at("group_index").as_int64(), 1);
}

TEST(Canvas, TheImmutableTakesNoResult) {
  bj::object signature = TaskSignature("a", {1}, {});
  EXPECT_EQ(Messages(*Apply(signature, {7}, {}, kRoute))[0].args, (bj::array{7, 1}));
  signature["immutable"] = true;
  EXPECT_EQ(Messages(*Apply(signature, {7}, {}, kRoute))[0].args, (bj::array{1}));
}

TEST(Canvas, WhatIsNoSignatureIsRefused) {
  for (const bj::value& wrong : {bj::value(nullptr), bj::value(1), bj::value(bj::object()), bj::value(ChainSignature({})),
                                 bj::value(ChordSignature({1}, {}))}) {
    EXPECT_FALSE(Apply(wrong, {}, {}, kRoute).ok()) << bj::serialize(wrong);
  }
}

}  // namespace
}  // namespace speechcoach::queue::celery
