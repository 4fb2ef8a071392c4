// One transfer over libcurl, within kNoticeTimeout.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include <curl/curl.h>

#include "base/result.h"

namespace speechcoach::alerts {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// Null where libcurl cannot be set up. What the server answers is thrown away.
Easy NewTransfer(const std::string& url);

List Append(List list, const std::string& line);

// Errors: kStorageUnavailable; `what` goes before libcurl's own words. Broken off where it is stopped.
base::Status Perform(Easy& easy, const std::string& what, const std::stop_token& stop);

}  // namespace speechcoach::alerts
