// Answers that several servers share.
#pragma once

#include <chrono>
#include <memory>

#include "llm/cache/answer_cache.h"
#include "redis/options.h"

namespace speechcoach::llm {

// One key an answer, gone after `ttl`. A learner never waits for a server that is away: it gets a quarter of a second, then nothing is
// looked up or kept for five seconds, and the question is asked as if there were no store.
std::unique_ptr<AnswerStore> MakeRedisAnswerStore(redis::Options server, std::chrono::seconds ttl);

}  // namespace speechcoach::llm
