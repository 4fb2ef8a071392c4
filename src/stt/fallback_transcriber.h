// A second engine behind the first: one more Transcriber, so that callers cannot tell the pair from a single one.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "stt/transcriber.h"

namespace speechcoach::stt {

using TranscriberLoader = std::function<base::Result<std::unique_ptr<Transcriber>>()>;

// Loads the primary now and the fallback when it is first needed: at once where the primary cannot be loaded, else at the
// primary's first kSttFailed or kModelUnavailable in use. The recording then goes to the fallback, whose transcripts have
// used_fallback set; the next recording tries the primary again. kCancelled, kTimeout and kBusy are the caller's to handle.
// A primary that could not be loaded is not tried again.
// Errors: the primary's, where the fallback cannot be loaded either (its reason is added to the message).
base::Result<std::unique_ptr<Transcriber>> MakeFallbackTranscriber(const TranscriberLoader& load_primary,
                                                                   TranscriberLoader load_fallback);

}  // namespace speechcoach::stt
