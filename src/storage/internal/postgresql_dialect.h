// PostgreSQL, 13 or newer.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "storage/internal/dialect.h"

namespace speechcoach::storage {

// `url` as libpq reads it: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?option=value. What it leaves open comes from the
// variables and files of libpq (PGPASSWORD, ~/.pgpass). Connects only when asked to. Errors: kBadConfig (libpq cannot read it).
base::Result<std::unique_ptr<Dialect>> MakePostgresqlDialect(const std::string& url);

}  // namespace speechcoach::storage
