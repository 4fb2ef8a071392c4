// What is kept in the database. Every call blocks: never on an I/O thread. All implementations are thread-safe (a pool of
// connections inside). Errors everywhere: kStorageUnavailable where the database cannot be reached or is locked too long.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/people.h"
#include "model/session.h"
#include "model/session_summary.h"

namespace speechcoach::storage {

struct SessionFilter {
  std::optional<model::Mode> mode = {};
  std::optional<model::SessionStatus> status = {};
  std::int64_t created_from_ms = 0;  // inclusive
  std::int64_t created_to_ms = 0;    // exclusive; 0: no end
  int limit = 20;                    // 1..100
  std::string cursor = {};           // empty: from the newest
};

struct SessionPage {
  std::vector<model::Session> sessions;  // newest first
  std::string next_cursor;               // empty: no more
};

struct SummaryPage {
  std::vector<model::SessionSummary> sessions;  // newest first
  std::string next_cursor;                      // empty: no more
};

// A session with its analysis as the database holds it: json::SessionText shows it.
struct StoredSession {
  model::Session session;  // its analysis is left out
  std::string analysis;    // JSON; empty where there is none
};

struct StoredPage {
  std::vector<StoredSession> sessions;  // newest first
  std::string next_cursor;              // empty: no more
};

class SessionRepository {
 public:
  virtual ~SessionRepository() = default;

  virtual base::Status Create(const model::Session& session) = 0;
  virtual base::Result<model::Session> Get(std::string_view id) = 0;                              // kSessionNotFound
  virtual base::Result<StoredSession> GetStored(std::string_view id) = 0;                         // kSessionNotFound
  virtual base::Result<SessionPage> List(std::int64_t user_id, const SessionFilter& filter) = 0;  // kBadField for a bad cursor
  virtual base::Result<SummaryPage> ListSummaries(std::int64_t user_id, const SessionFilter& filter) = 0;  // the same
  virtual base::Result<StoredPage> ListStored(std::int64_t user_id, const SessionFilter& filter) = 0;      // the same
  virtual base::Result<int> CountSince(std::int64_t user_id, std::int64_t since_ms) = 0;

  // One step of the state machine: writes all of `session` only where the stored status is still `expected`, and one that is being
  // analysed still is so with that recording (audio_key); otherwise kWrongState and nothing is changed.
  virtual base::Status UpdateIfStatus(const model::Session& session, model::SessionStatus expected) = 0;
  virtual base::Status Delete(std::string_view id) = 0;  // kSessionNotFound

  // Ids of all sessions in that status, oldest first: what a restart has to pick up.
  virtual base::Result<std::vector<std::string>> IdsWithStatus(model::SessionStatus status) = 0;
};

class UserRepository {
 public:
  virtual ~UserRepository() = default;
  virtual base::Result<model::User> Create(const model::User& user) = 0;  // with its new id; kConflict: e-mail taken
  virtual base::Result<model::User> CreateChild(
      const model::User& user) = 0;  // the same, and the child that it is (guardian_repository.h), in one step
  virtual base::Result<model::User> Get(std::int64_t id) = 0;                                 // kNotFound
  virtual base::Result<model::User> FindByEmail(std::string_view email) = 0;                  // kNotFound
  virtual base::Result<std::vector<model::User>> List(std::int64_t after_id, int limit) = 0;  // by id, those above `after_id`
  // Writes name, e-mail, role and password hash. kNotFound; kConflict: e-mail taken.
  virtual base::Status Update(const model::User& user) = 0;
};

// Teachers' sentences have greater numbers than those that come with the program.
inline constexpr std::int64_t kLastProgramSentence = 1'000'000;

// Whom a sentence is shown to: everyone sees those of the program, teachers their own, learners those of the teachers whose classes they
// are in; nobody sees one that was withdrawn.
struct SentenceFilter {
  std::int64_t viewer_id = 0;  // 0: nobody in particular
  bool only_own = false;       // those the viewer wrote
  std::string level = {};      // empty: all
  std::string topic = {};
  std::string focus_sound = {};
};

class SentenceRepository {
 public:
  virtual ~SentenceRepository() = default;
  virtual base::Result<std::vector<model::Sentence>> List(const SentenceFilter& filter) = 0;  // by level, then id
  virtual base::Result<model::Sentence> Get(std::int64_t id,
                                            std::int64_t viewer_id) = 0;  // kNotFound, also where it is not for them

  // Puts a teacher's sentences in, all or none; with their ids.
  virtual base::Result<std::vector<model::Sentence>> AddOwn(std::int64_t teacher_id, std::vector<model::Sentence> sentences,
                                                            std::int64_t now_ms) = 0;
  // No longer offered; sessions that read it keep it. kNotFound where it is not that teacher's.
  virtual base::Status WithdrawOwn(std::int64_t teacher_id, std::int64_t id, std::int64_t now_ms) = 0;
};

// Work that must survive the process. (session_id, kind) is unique: adding it again is harmless.
struct JobRecord {
  std::string kind;  // "analyse"
  std::string session_id;
  int attempt = 0;  // how often it was started
};

class JobRepository {
 public:
  virtual ~JobRepository() = default;
  virtual base::Status Add(const JobRecord& job) = 0;                // kConflict: no such session
  virtual base::Result<std::vector<JobRecord>> Pending() = 0;        // oldest first
  virtual base::Result<int> CountAttempt(const JobRecord& job) = 0;  // adds one and answers the new count; kNotFound
  virtual base::Status ForgetAttempts(const JobRecord& job) = 0;     // counts from 0 again; nothing there is no error
  virtual base::Status Remove(const JobRecord& job) = 0;             // nothing there is no error
};

// Something that happened to a session, as its watchers are told.
struct EventRecord {
  std::int64_t number = 0;  // 1, 2, 3, ... within the session
  std::int64_t at_ms = 0;   // UTC, since the epoch
  std::string payload;      // JSON
};

class EventRepository {
 public:
  virtual ~EventRepository() = default;
  // Gives it the session's next number, also where other processes add at the same time. kConflict: no such session.
  virtual base::Result<std::int64_t> Add(std::string_view session_id, std::int64_t at_ms, std::string_view payload) = 0;
  virtual base::Result<std::vector<EventRecord>> After(std::string_view session_id, std::int64_t number) = 0;  // in their order
  virtual base::Status RemoveOlderThan(std::int64_t at_ms) = 0;
};

}  // namespace speechcoach::storage
