// A stored session as the REST API shows it, without a detour over the model: what the database holds of an analysis is sent as it is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/session.h"

namespace speechcoach::json {

// Which shape of an analysis this program writes. Stored analyses of another shape, or of none, are read and written anew; so it grows
// whenever ToJson(model::Analysis) changes what it writes.
inline constexpr int kAnalysisFormat = 2;

// The analysis as a row keeps it: with its format.
std::string StoredText(const model::Analysis& analysis);

// The same document as ToJson(session) with that analysis; `session` comes without. `stored`: what the row holds, empty where there is
// none. kInternal where it is no analysis.
base::Result<std::string> SessionText(const model::Session& session, std::string_view stored);

}  // namespace speechcoach::json
