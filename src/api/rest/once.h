// Writes that a client sends twice are done once: Idempotency-Key.
#pragma once

#include "api/rest/rest_context.h"
#include "base/clock.h"
#include "storage/idempotency_repository.h"

namespace speechcoach::api {

// Thread-safe. What is given outlives it.
class Once {
 public:
  Once(storage::IdempotencyRepository& kept, const base::Clock& clock) : kept_(kept), clock_(clock) {}

  // Hands the call on, unless a user's earlier call with the same Idempotency-Key was done: then that one's answer is given again, with
  // `Idempotency-Replayed: true`. Busy where the earlier call is still under way, 409 where it was another one. Only what was done (2xx, or
  // Call::Done) is kept, for a day; what was refused may be sent again, changed or not. A call that ends without any answer may have been
  // done: it stays under way until it cannot be any more. Calls other than POST, or without a key, are handed on as they are.
  void Do(Call call, const CallHandler& handler) const;

 private:
  storage::IdempotencyRepository& kept_;
  const base::Clock& clock_;
};

}  // namespace speechcoach::api
