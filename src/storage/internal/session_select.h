// Reading rows of speech_practice_sessions.
#pragma once

#include <string>
#include <string_view>

#include "storage/internal/dialect.h"
#include "storage/internal/session_row.h"
#include "storage/internal/statement.h"

namespace speechcoach::storage {

std::string SessionSelectText(const Dialect& dialect, std::string_view conditions);
void IntoStored(SessionRow& row, Statement& statement);

// What a list shows.
std::string SummarySelectText(const Dialect& dialect, std::string_view conditions);
void IntoSummary(SessionRow& row, Statement& statement);

}  // namespace speechcoach::storage
