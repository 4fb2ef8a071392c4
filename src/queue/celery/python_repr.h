// JSON as Python's repr() would show it: what Celery's events and inspections hold for arguments and results.
#pragma once

#include <string>

#include <boost/json.hpp>

namespace speechcoach::queue::celery {

// At most `max_size` bytes, then "...".
std::string PythonRepr(const boost::json::value& value, std::size_t max_size = 1024);
// Positional arguments: "(1, 'two')".
std::string PythonReprTuple(const boost::json::array& values, std::size_t max_size = 1024);

}  // namespace speechcoach::queue::celery
