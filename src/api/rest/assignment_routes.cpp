#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/fields.h"
#include "api/http/date_time.h"
#include "api/http/text.h"
#include "api/rest/class_access.h"
#include "api/rest/class_routes.h"
#include "api/rest/rest_context.h"
#include "base/utf8.h"
#include "text/csv.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxNoteBytes = 1000;
constexpr std::size_t kMaxTimeBytes = 40;
// Spreadsheets take a text for UTF-8 where it begins with this.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsLate(const model::Assignment& assignment, const model::AssignmentWork& work) {
  return assignment.due_at_ms && work.first_at_ms > *assignment.due_at_ms;
}

double TwoDecimals(double value) { return std::round(value * 100.0) / 100.0; }

bj::object ToJson(const model::Assignment& assignment) {
  return {{"id", assignment.id},
          {"sentence_id", assignment.sentence_id},
          {"text", assignment.sentence_text},
          {"note", assignment.note},
          {"due_at", assignment.due_at_ms ? bj::value(base::FormatRfc3339(*assignment.due_at_ms)) : bj::value(nullptr)},
          {"created_at", base::FormatRfc3339(assignment.created_at_ms)}};
}

bj::value WorkJson(const model::Assignment& assignment, const model::AssignmentWork* work) {
  if (work == nullptr) return nullptr;
  return bj::object{{"readings", work->readings},
                    {"best_overall", TwoDecimals(work->best_overall)},
                    {"first_at", base::FormatRfc3339(work->first_at_ms)},
                    {"is_late", IsLate(assignment, *work)}};
}

bj::array ReadersJson(const model::Assignment& assignment, const std::vector<model::AssignmentWork>& work) {
  bj::array readers;
  for (const model::AssignmentWork& each : work) {
    if (each.assignment_id != assignment.id) continue;
    bj::object reader = WorkJson(assignment, &each).as_object();
    reader["user_id"] = each.user_id;
    readers.emplace_back(std::move(reader));
  }
  return readers;
}

using WorkTable = std::map<std::pair<std::int64_t, std::int64_t>, const model::AssignmentWork*>;  // by learner and assignment

WorkTable TableOf(const std::vector<model::AssignmentWork>& work) {
  WorkTable table;
  for (const model::AssignmentWork& each : work) table.emplace(std::pair(each.user_id, each.assignment_id), &each);
  return table;
}

// One line a learner: what they practised, then for each assignment the best score and when it was first read.
std::string Gradebook(const std::vector<model::ClassMember>& members, const std::vector<model::Assignment>& assignments,
                      const std::vector<model::AssignmentWork>& work) {
  const WorkTable table = TableOf(work);
  std::vector<std::string> head{"learner_id", "name", "joined_at", "sessions", "minutes", "mean_overall"};
  for (const model::Assignment& assignment : assignments) {
    head.push_back(fmt::format("{}: {}", assignment.id, assignment.sentence_text));
    head.push_back(fmt::format("{}: first read, due {}", assignment.id,
                               assignment.due_at_ms ? base::FormatRfc3339(*assignment.due_at_ms) : "any time"));
  }
  std::string csv(kByteOrderMark);
  csv += text::CsvLine(head);
  for (const model::ClassMember& member : members) {
    std::vector<std::string> line{std::to_string(member.user_id),
                                  member.name,
                                  base::FormatRfc3339(member.joined_at_ms),
                                  std::to_string(member.sessions),
                                  fmt::format("{:.1f}", member.practice_s / 60.0),
                                  member.mean_overall ? fmt::format("{:.2f}", *member.mean_overall) : std::string()};
    for (const model::Assignment& assignment : assignments) {
      const auto done = table.find({member.user_id, assignment.id});
      line.push_back(done == table.end() ? "" : fmt::format("{:.2f}", done->second->best_overall));
      line.push_back(done == table.end()
                         ? ""
                         : base::FormatRfc3339(done->second->first_at_ms) + (IsLate(assignment, *done->second) ? " late" : ""));
    }
    csv += text::CsvLine(line);
  }
  return csv;
}

class AssignmentRoutes {
 public:
  explicit AssignmentRoutes(const ClassParts& parts) : parts_(parts), access_(parts) {}

  // The teacher sees who has read it, a learner their own readings.
  void List(const Call& call) const {
    const auto entered = access_.TaughtOrJoined(call);
    if (!entered) return;
    const bool is_teacher = entered->is_taught;
    const auto assignments = parts_.classes->Assignments(entered->its.id);
    if (!assignments.ok()) return call.Fail(assignments.error());
    const auto work = parts_.classes->Work(entered->its.id, is_teacher ? std::nullopt : std::optional(call.user_id));
    if (!work.ok()) return call.Fail(work.error());
    const WorkTable table = TableOf(*work);
    bj::array list;
    for (const model::Assignment& assignment : *assignments) {
      bj::object document = ToJson(assignment);
      if (is_teacher) {
        document["readers"] = ReadersJson(assignment, *work);
        document["read_by"] = document["readers"].as_array().size();
      } else {
        const auto own = table.find({call.user_id, assignment.id});
        document["own"] = WorkJson(assignment, own == table.end() ? nullptr : own->second);
      }
      list.emplace_back(std::move(document));
    }
    call.Send(200, {{"assignments", std::move(list)}});
  }

  void Create(const Call& call) const {
    const auto found = access_.Taught(call);
    if (!found) return;
    const auto body = call.ReadJson();
    if (!body) return;
    model::Assignment assignment;
    assignment.class_id = found->id;
    assignment.created_at_ms = parts_.clock->NowMs();
    const auto sentence_id = IntegerField(*body, "sentence_id");
    if (!sentence_id.value) return call.FailField("sentence_id");
    const auto note = TextField(*body, "note", kMaxNoteBytes);
    if (note.is_wrong || !base::IsValidUtf8(note.value.value_or(""))) return call.FailField("note");
    assignment.note = note.value.value_or("");
    const auto due_at = TextField(*body, "due_at", kMaxTimeBytes);
    if (due_at.value) assignment.due_at_ms = ParseRfc3339(*due_at.value);
    if (due_at.is_wrong || due_at.value.has_value() != assignment.due_at_ms.has_value()) return call.FailField("due_at");
    const auto sentence = parts_.sentences->Get(*sentence_id.value, call.user_id);
    if (!sentence.ok())
      return sentence.error().code == base::ErrorCode::kNotFound ? call.FailField("sentence_id") : call.Fail(sentence.error());
    assignment.sentence_id = sentence->id;
    assignment.sentence_text = sentence->text;
    const auto made = parts_.classes->Assign(assignment);
    if (!made.ok()) return call.Fail(made.error());
    bj::object document = ToJson(*made);
    document["readers"] = bj::array();
    document["read_by"] = 0;
    call.Send(201, document);
  }

  void Delete(const Call& call) const {
    const auto found = access_.Taught(call);
    if (!found) return;
    const auto id = ParseNumber(call.request->params.at("assignment_id"));
    if (!id) return call.Fail({base::ErrorCode::kNotFound, "not an assignment's id"});
    if (const base::Status done = parts_.classes->Unassign(found->id, *id); !done.ok()) return call.Fail(done.error());
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

  void Export(const Call& call) const {
    const auto found = access_.Taught(call);
    if (!found) return;
    const auto members = parts_.classes->Members(found->id);
    if (!members.ok()) return call.Fail(members.error());
    const auto assignments = parts_.classes->Assignments(found->id);
    if (!assignments.ok()) return call.Fail(assignments.error());
    const auto work = parts_.classes->Work(found->id, std::nullopt);
    if (!work.ok()) return call.Fail(work.error());
    for (const model::ClassMember& member : *members) {
      if (!access_.Log(call, member.user_id, "exported")) return;
    }
    Response response{.status = 200, .headers = {}, .body = Body(Gradebook(*members, *assignments, *work))};
    response.headers.Set("Content-Type", "text/csv; charset=utf-8");
    response.headers.Set("Content-Disposition", fmt::format("attachment; filename=\"gradebook-{}.csv\"", found->id));
    response.headers.Set("Cache-Control", "no-store");
    call.reply(std::move(response));
  }

 private:
  const ClassParts parts_;
  const ClassAccess access_;
};

}  // namespace

void AddAssignmentRoutes(Router& router, const Guard& guard, const ClassParts& parts) {
  const auto routes = std::make_shared<const AssignmentRoutes>(parts);
  const auto handler = [&](void (AssignmentRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string one = "/api/v1/classes/{class_id}";
  router.Add(
      {.method = Method::kGet, .pattern = one + "/assignments", .handler = guard.SignedIn(handler(&AssignmentRoutes::List))});
  router.Add({.method = Method::kPost,
              .pattern = one + "/assignments",
              .handler = guard.TeacherOnly(handler(&AssignmentRoutes::Create))});
  router.Add({.method = Method::kDelete,
              .pattern = one + "/assignments/{assignment_id}",
              .handler = guard.TeacherOnly(handler(&AssignmentRoutes::Delete))});
  router.Add(
      {.method = Method::kGet, .pattern = one + "/gradebook", .handler = guard.TeacherOnly(handler(&AssignmentRoutes::Export))});
}

}  // namespace speechcoach::api
