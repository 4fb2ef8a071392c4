// Classes, comments and the record of who saw what, as the API shows them.
#pragma once

#include <boost/json.hpp>

#include "model/classes.h"

namespace speechcoach::api {

boost::json::object ToJson(const model::SchoolClass& found);           // for its learners
boost::json::object TaughtClassJson(const model::SchoolClass& found);  // for its teacher: with its code
boost::json::object ToJson(const model::SessionComment& comment);
boost::json::object ToJson(const model::AccessRecord& record);

}  // namespace speechcoach::api
