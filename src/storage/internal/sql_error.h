// Exceptions of the database library -> base::Error.
#pragma once

#include "base/result.h"

namespace speechcoach::storage {

// Call inside a catch block. kConflict where a constraint is broken; kStorageUnavailable where the database cannot be
// reached, read or written; kInternal otherwise. The message never holds the values of a statement: SOCI puts them into
// what(), and a database into the details of its message, so only its bare first line is taken.
base::Error CurrentExceptionToError();

enum class Remedy {
  kNone,
  kReconnect,    // the connection is gone
  kRepeat,       // the database could not fit this transaction among the others, and undid it
  kPrepareAnew,  // nothing was done: a table has changed since the statement was prepared
};

// Call inside a catch block: what would help, where the same work were tried again.
Remedy CurrentExceptionRemedy();

}  // namespace speechcoach::storage
