// Celery's signatures: tasks, chains, groups and chords -> the messages that start them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/result.h"
#include "queue/celery/message.h"
#include "redis/connection.h"

namespace speechcoach::queue::celery {

// The queue of a task whose signature names none.
using Route = std::function<std::string(const std::string& task)>;

// Where a signature is applied.
struct Applied {
  std::string root_id = {};  // empty: the first task is the root
  std::string parent_id = {};
  std::string origin = {};
  int result_expires_s = 86'400;
};

// {"task": ..., "args": ..., "kwargs": ..., "options": ..., "subtask_type": null, "immutable": ...}
boost::json::object TaskSignature(std::string task, boost::json::array args, boost::json::object kwargs,
                                  boost::json::object options = {});
boost::json::object ChainSignature(boost::json::array tasks);
boost::json::object GroupSignature(boost::json::array tasks);
boost::json::object ChordSignature(boost::json::array header, boost::json::object body);

struct Sending {
  std::vector<redis::Command> commands;  // to be run in order; they bear being one step
  std::string id;                        // of the task whose result is the whole's; of a group: the group's
};

// `prefix` goes before the signature's own arguments, unless it is immutable. `chain`: what follows it, the next one last.
// Errors: kUnknownType (not a signature).
base::Result<Sending> Apply(const boost::json::value& signature, const boost::json::array& prefix, const Applied& where,
                            const Route& route, const boost::json::value& chain = nullptr);

}  // namespace speechcoach::queue::celery
