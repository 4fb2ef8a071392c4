#include "trace/span.h"

#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace speechcoach::trace {
namespace {

class Kept final : public SpanSink {
 public:
  void Take(SpanRecord span) override {
    const std::lock_guard lock(mutex_);
    spans.push_back(std::move(span));
  }
  std::vector<SpanRecord> spans;

 private:
  std::mutex mutex_;
};

class SpanTest : public testing::Test {
 protected:
  ~SpanTest() override { SetSink(nullptr, 0); }
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

TEST_F(SpanTest, KnowsItsParent) {
  SetSink(kept_, 1);
  {
    ActiveSpan outer("outer", SpanKind::kServer);
    outer->Set("answer", 42);
    ActiveSpan inner("inner");
    inner->Fail("timeout");
    inner->Fail("later");
  }
  ASSERT_EQ(kept_->spans.size(), 2u);
  const SpanRecord& inner = kept_->spans[0];
  const SpanRecord& outer = kept_->spans[1];
  EXPECT_EQ(outer.parent_span_id, "");
  EXPECT_EQ(inner.parent_span_id, outer.context.span_id);
  EXPECT_EQ(inner.context.trace_id, outer.context.trace_id);
  EXPECT_NE(inner.context.span_id, outer.context.span_id);
  EXPECT_EQ(outer.kind, SpanKind::kServer);
  EXPECT_EQ(std::get<std::int64_t>(outer.attributes.at(0).second), 42);
  EXPECT_EQ(inner.fault, "timeout");
  EXPECT_FALSE(outer.fault);
  EXPECT_LE(outer.start_ns, inner.start_ns);
  EXPECT_LE(inner.start_ns, inner.end_ns);
  EXPECT_EQ(base::CurrentTrace(), base::TraceContext{});
}

TEST_F(SpanTest, GoesOnWithACallersTrace) {
  SetSink(kept_, 0);
  const base::TraceContext caller{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  {
    const Span span("answer", SpanKind::kServer, caller);
  }
  {
    const Span unwanted("answer", SpanKind::kServer, {caller.trace_id, caller.span_id, false});
  }
  ASSERT_EQ(kept_->spans.size(), 1u);
  EXPECT_EQ(kept_->spans[0].context.trace_id, caller.trace_id);
  EXPECT_EQ(kept_->spans[0].parent_span_id, caller.span_id);
}

TEST_F(SpanTest, ACallerOfWhomNothingIsKnownDoesNotSayWhatIsSent) {
  // Its id is one that is sent with any share but none.
  const base::TraceContext caller{"0af7651916cd43dd8448eb2100000000", "b7ad6b7169203331", true};
  base::TraceContext unsampled = caller;
  unsampled.is_sampled = false;
  EXPECT_EQ(Resampled(caller), unsampled) << "nobody takes it";
  SetSink(kept_, 0);
  EXPECT_EQ(Resampled(caller), unsampled);
  SetSink(kept_, 1);
  EXPECT_EQ(Resampled(unsampled), caller);
  EXPECT_EQ(Resampled({}), base::TraceContext{}) << "no trace";
  SetSink(kept_, 0.25);
  constexpr int kCalls = 4000;
  int sent = 0;
  for (int i = 0; i < kCalls; ++i) sent += Resampled(caller).is_sampled ? 1 : 0;
  EXPECT_NEAR(sent, kCalls * 0.25, 220);  // eight standard deviations
}

TEST_F(SpanTest, CarriesIdsWhereNobodyTakesIt) {
  const Span span("quiet");
  EXPECT_EQ(span.context().trace_id.size(), 32u);
  EXPECT_EQ(span.context().span_id.size(), 16u);
  EXPECT_FALSE(span.context().is_sampled);
  EXPECT_TRUE(base::ParseTraceparent(base::FormatTraceparent(span.context())));
}

TEST_F(SpanTest, IsSampledAsOftenAsAsked) {
  constexpr int kTraces = 4000;
  SetSink(kept_, 0.25);
  for (int i = 0; i < kTraces; ++i) {
    ActiveSpan outer("outer");
    const Span inner("inner");
  }
  // Whole traces; eight standard deviations round a quarter.
  EXPECT_EQ(kept_->spans.size() % 2, 0u);
  EXPECT_NEAR(static_cast<double>(kept_->spans.size()) / 2, kTraces * 0.25, 220);
  std::set<std::string> traces;
  for (const SpanRecord& span : kept_->spans) traces.insert(span.context.trace_id);
  EXPECT_EQ(traces.size(), kept_->spans.size() / 2);
}

TEST_F(SpanTest, EndsOnce) {
  SetSink(kept_, 1);
  Span span("once");
  span.End();
  span.Set("late", 1);
  span.End();
  ASSERT_EQ(kept_->spans.size(), 1u);
  EXPECT_TRUE(kept_->spans[0].attributes.empty());
}

}  // namespace
}  // namespace speechcoach::trace
