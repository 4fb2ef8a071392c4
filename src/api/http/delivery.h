// What every answer of the API gets on its way out: less of it where the client can do with less.
#pragma once

#include "api/http/message.h"

namespace speechcoach::api {

// What was read as JSON gets a weak ETag, and 304 without a body where If-None-Match names it. Texts of a kilobyte and more are packed with
// gzip for those who take it. Tokens come in a field of their own, never by themselves as cookies do, so nobody else's page can make a client
// ask and measure the packed size (BREACH).
void Deliver(const Request& request, Response& response);

}  // namespace speechcoach::api
