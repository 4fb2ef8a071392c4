// /api/v1/sentences...
#pragma once

#include "api/auth/authenticator.h"
#include "api/http/router.h"
#include "model/session.h"
#include "storage/repositories.h"

namespace speechcoach::api {

// `authenticator` and `sentences` outlive the router.
void AddSentenceRoutes(Router& router, Authenticator& authenticator, storage::SentenceRepository& sentences,
                       model::Locale fallback);

}  // namespace speechcoach::api
