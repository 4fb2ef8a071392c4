// Exceptions of the database library -> base::Error.
#pragma once

#include "base/result.h"

namespace speechcoach::storage {

// Call inside a catch block. kConflict where a constraint is broken; kStorageUnavailable where the database cannot be
// reached, read or written; kInternal otherwise. The message never holds the values of a statement: SOCI puts them into
// what(), so only the bare message of the database is taken.
base::Error CurrentExceptionToError();

}  // namespace speechcoach::storage
