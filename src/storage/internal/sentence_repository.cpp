#include "storage/internal/sentence_repository.h"

#include <algorithm>

#include <fmt/format.h>
#include <soci/soci.h>
#include <boost/json.hpp>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

namespace bj = boost::json;

struct SentenceRow {
  long long id = 0;
  std::string text;
  std::string text_vi;
  std::string level;
  std::string topic;
  std::string focus_sounds;  // JSON
};

constexpr std::string_view kSelect = "SELECT id, text, text_vi, level, topic, focus_sounds FROM sentences WHERE ";

// Own sentences of that teacher, and of the teachers of that learner's classes.
constexpr std::string_view kOwnOnes = "SELECT sentence_id FROM own_sentences WHERE withdrawn_at IS NULL AND teacher_id = :viewer";
constexpr std::string_view kTeachersOnes =
    "SELECT o.sentence_id FROM own_sentences o JOIN classes c ON c.teacher_id = o.teacher_id JOIN class_members m ON m.class_id "
    "= c.id "
    "WHERE o.withdrawn_at IS NULL AND m.user_id = :viewer";

std::string VisibleText() {
  return fmt::format("(id <= {} OR id IN ({}) OR id IN ({}))", kLastProgramSentence, kOwnOnes, kTeachersOnes);
}

void IntoRow(SentenceRow& row, Statement& statement) {
  statement.Into(row.id).Into(row.text).Into(row.text_vi).Into(row.level).Into(row.topic).Into(row.focus_sounds);
}

model::Sentence FromRow(const SentenceRow& row) {
  return {row.id,    row.text,  row.text_vi,
          row.level, row.topic, bj::value_to<std::vector<std::string>>(bj::parse(row.focus_sounds))};
}

SentenceRow RowFromJson(const bj::value& value) {
  const auto text = [&](const char* key) { return bj::value_to<std::string>(value.at(key)); };
  return {bj::value_to<std::int64_t>(value.at("id")),        text("text"), text("text_vi"), text("level"), text("topic"),
          bj::serialize(value.at("focus_sounds").as_array())};
}

void Upsert(const SentenceRow& row, Connection& sql) {
  Statement(sql,
            "INSERT INTO sentences (id, text, text_vi, level, topic, focus_sounds) "
            "VALUES (:id, :text, :text_vi, :level, :topic, :focus_sounds) "
            "ON CONFLICT (id) DO UPDATE SET text = excluded.text, text_vi = excluded.text_vi, level = excluded.level, "
            "topic = excluded.topic, focus_sounds = excluded.focus_sounds")
      .Use("id", row.id)
      .Use("text", row.text)
      .Use("text_vi", row.text_vi)
      .Use("level", row.level)
      .Use("topic", row.topic)
      .Use("focus_sounds", row.focus_sounds)
      .Execute();
}

}  // namespace

base::Result<std::vector<model::Sentence>> SqlSentenceRepository::List(const SentenceFilter& filter) {
  std::string conditions = filter.only_own ? fmt::format("id IN ({})", kOwnOnes) : VisibleText();
  if (!filter.level.empty()) conditions += " AND level = :level";
  if (!filter.topic.empty()) conditions += " AND topic = :topic";
  const std::string text = std::string(kSelect) + conditions + " ORDER BY level, id";
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::vector<model::Sentence>> {
    SentenceRow row;
    Statement statement(sql, text);
    IntoRow(row, statement);
    statement.Use("viewer", filter.viewer_id);
    if (!filter.level.empty()) statement.Use("level", filter.level);
    if (!filter.topic.empty()) statement.Use("topic", filter.topic);
    std::vector<model::Sentence> sentences;
    for (bool more = statement.Execute(); more; more = statement.Next()) {
      model::Sentence sentence = FromRow(row);
      // Chosen here, not in SQL: no two databases look into JSON the same way, and there are some hundred sentences.
      const bool wanted = filter.focus_sound.empty() ||
                          std::ranges::find(sentence.focus_sounds, filter.focus_sound) != sentence.focus_sounds.end();
      if (wanted) sentences.push_back(std::move(sentence));
    }
    return sentences;
  });
}

base::Result<model::Sentence> SqlSentenceRepository::Get(std::int64_t id, std::int64_t viewer_id) {
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::Sentence> {
    SentenceRow row;
    Statement statement(sql, std::string(kSelect) + "id = :id AND " + VisibleText());
    IntoRow(row, statement);
    if (!statement.Use("id", id).Use("viewer", viewer_id).ExecuteForOne())
      return {base::ErrorCode::kNotFound, "no such sentence"};
    return FromRow(row);
  });
}

base::Result<std::vector<model::Sentence>> SqlSentenceRepository::AddOwn(std::int64_t teacher_id,
                                                                         std::vector<model::Sentence> sentences,
                                                                         std::int64_t now_ms) {
  const std::string own_text = fmt::format(
      "INSERT INTO own_sentences (sentence_id, teacher_id, created_at) VALUES (:id, :teacher_id, {})", dialect_.ToTime(":now"));
  const auto count = static_cast<long long>(sentences.size());
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<std::vector<model::Sentence>> {
    soci::transaction transaction(sql);
    long long last = 0;
    // The row is held until the transaction ends: two who add at once get different numbers.
    Statement(sql, "UPDATE own_sentence_numbers SET last = last + :count RETURNING last")
        .Into(last)
        .Use("count", count)
        .ExecuteForOne();
    long long next = last - count;
    for (model::Sentence& sentence : sentences) {
      sentence.id = ++next;
      const SentenceRow row{sentence.id,    sentence.text,  sentence.text_vi,
                            sentence.level, sentence.topic, bj::serialize(bj::value_from(sentence.focus_sounds))};
      Upsert(row, sql);
      Statement(sql, own_text).Use("id", row.id).Use("teacher_id", teacher_id).Use("now", now_ms).Execute();
    }
    transaction.commit();
    return sentences;
  });
}

base::Status SqlSentenceRepository::WithdrawOwn(std::int64_t teacher_id, std::int64_t id, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    soci::transaction transaction(sql);
    Statement statement(
        sql, fmt::format("UPDATE own_sentences SET withdrawn_at = {} WHERE sentence_id = :id AND teacher_id = :teacher_id "
                         "AND withdrawn_at IS NULL",
                         dialect_.ToTime(":now")));
    if (statement.Use("now", now_ms).Use("id", id).Use("teacher_id", teacher_id).ExecuteForCount() == 0) {
      return {base::ErrorCode::kNotFound, "not one of their sentences"};
    }
    // Nobody could do them any more.
    Statement(sql, "DELETE FROM assignments WHERE sentence_id = :id").Use("id", id).Execute();
    transaction.commit();
    return {};
  });
}

base::Status SqlSentenceRepository::Seed(std::string_view json) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    const bj::value sentences = bj::parse(bj::string_view(json.data(), json.size()));
    soci::transaction transaction(sql);
    for (const bj::value& sentence : sentences.as_array()) Upsert(RowFromJson(sentence), sql);
    transaction.commit();
    return {};
  });
}

}  // namespace speechcoach::storage
