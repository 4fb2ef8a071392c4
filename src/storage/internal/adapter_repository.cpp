#include "storage/internal/adapter_repository.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "storage/internal/sql_error.h"
#include "storage/internal/user_repository.h"

namespace speechcoach::storage {
namespace {

namespace bj = boost::json;

constexpr std::size_t kLongestName = 63;
constexpr int kLongestId = 255;  // characters
// Between the sentences of the program and those of teachers, and for everyone like the former.
constexpr std::int64_t kFirstAdaptedSentence = 500'001;
constexpr std::int64_t kLastAdaptedSentence = kLastProgramSentence;

struct ColumnRow {
  std::string_view name;
  bool is_needed;
};
constexpr std::array kUserColumns{ColumnRow{"id", true}, ColumnRow{"email", false}, ColumnRow{"name", false}};
constexpr std::array kSentenceColumns{ColumnRow{"id", true}, ColumnRow{"text", true}, ColumnRow{"text_vi", false},
                                      ColumnRow{"level", false}, ColumnRow{"topic", false}};

constexpr const char* kAddSentence =
    "INSERT INTO sentences (text, text_vi, level, topic, id, focus_sounds) VALUES (:text, :text_vi, :level, :topic, :id, '[]')";
constexpr const char* kChangeSentence =
    "UPDATE sentences SET text = :text, text_vi = :text_vi, level = :level, topic = :topic WHERE id = :id";

std::span<const ColumnRow> ColumnsOf(AdaptedKind kind) {
  return kind == AdaptedKind::kUsers ? std::span<const ColumnRow>(kUserColumns) : std::span<const ColumnRow>(kSentenceColumns);
}

std::string KindName(AdaptedKind kind) { return kind == AdaptedKind::kUsers ? "users" : "sentences"; }

// Names go into SQL as they are: nothing but letters, digits and underscores is one.
bool IsPlainName(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && name.size() <= kLongestName && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

// With a schema in front or without; empty where it is no name.
std::string QuotedTable(std::string_view table) {
  const std::size_t dot = table.find('.');
  const std::string_view name = dot == std::string_view::npos ? table : table.substr(dot + 1);
  if (!IsPlainName(name)) return {};
  if (dot == std::string_view::npos) return fmt::format("\"{}\"", name);
  return IsPlainName(table.substr(0, dot)) ? fmt::format("\"{}\".\"{}\"", table.substr(0, dot), name) : std::string();
}

// `column` of ours as text, from theirs; NULL where theirs has none.
std::string Text(const AdaptedTable& table, const std::string& column) {
  const auto found = table.columns.find(column);
  return found == table.columns.end() ? "CAST(NULL AS TEXT)" : fmt::format("CAST(t.\"{}\" AS TEXT)", found->second);
}

// Their rows in our columns, one of each id. Named with their table, a column that is not there is an error in every database.
std::string SourceText(AdaptedKind kind, const AdaptedTable& table) {
  const std::string from = QuotedTable(table.table);
  const std::string id = Text(table, "id");
  const std::string has_id = fmt::format("LENGTH({}) BETWEEN 1 AND {}", id, kLongestId);
  if (kind == AdaptedKind::kUsers) {
    // What is empty there says nothing about ours.
    return fmt::format(
        "SELECT {} AS foreign_id, MIN(NULLIF(LOWER(TRIM({})), '')) AS email, MIN(NULLIF(SUBSTR({}, 1, 80), '')) AS name FROM {} "
        "t WHERE {} GROUP BY {}",
        id, Text(table, "email"), Text(table, "name"), from, has_id, id);
  }
  const std::string text = Text(table, "text");
  const std::string level = Text(table, "level");
  return fmt::format(
      "SELECT {} AS foreign_id, MIN({}) AS text, COALESCE(MIN({}), '') AS text_vi, "
      "MIN(CASE WHEN {} IN ('A1', 'A2', 'B1', 'B2', 'C1') THEN {} ELSE 'A2' END) AS level, "
      "SUBSTR(COALESCE(MIN({}), 'class'), 1, 50) AS topic FROM {} t WHERE {} AND LENGTH({}) BETWEEN 1 AND 500 GROUP BY {}",
      id, text, Text(table, "text_vi"), level, level, Text(table, "topic"), from, has_id, text, id);
}

bool IsEmail(std::string_view email) {
  const std::size_t at = email.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < email.size() && email.find('@', at + 1) == std::string_view::npos &&
         email.size() <= 254 &&
         std::ranges::none_of(email, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

struct UserDifference {
  std::string foreign_id;
  Nullable<std::string> email;
  Nullable<std::string> name;
  Nullable<long long> own_id;
};

// Whoever erased themselves here stays erased: their row has lost its user.
std::vector<UserDifference> UserDifferences(const AdaptedTable& table, Connection& sql) {
  const std::string text = fmt::format(
      "SELECT f.foreign_id, f.email, f.name, u.id FROM ({}) f LEFT JOIN adapted_users a ON a.foreign_id = f.foreign_id LEFT JOIN "
      "users u ON u.id = a.user_id "
      "WHERE a.foreign_id IS NULL OR (u.id IS NOT NULL AND (u.name <> f.name OR COALESCE(u.email, '') <> f.email))",
      SourceText(AdaptedKind::kUsers, table));
  std::vector<UserDifference> differences;
  UserDifference row;
  Statement statement(sql, text);
  statement.Into(row.foreign_id).Into(row.email).Into(row.name).Into(row.own_id);
  for (bool more = statement.Execute(); more; more = statement.Next()) differences.push_back(row);
  return differences;
}

bool IsTaken(const std::string& email, long long by_other_than, Connection& sql) {
  long long found = 0;
  return Statement(sql, "SELECT id FROM users WHERE email = :email AND id <> :own")
      .Into(found)
      .Use("email", email)
      .Use("own", by_other_than)
      .ExecuteForOne();
}

// Who came with a token before is that user.
long long OwnIdOf(const UserDifference& row, const std::string& issuer, const Dialect& dialect, std::int64_t now_ms,
                  Connection& sql) {
  long long id = 0;
  if (Statement(sql, "SELECT user_id FROM external_identities WHERE issuer = :issuer AND subject = :subject")
          .Into(id)
          .Use("issuer", issuer)
          .Use("subject", row.foreign_id)
          .ExecuteForOne()) {
    return id;
  }
  model::User user;
  if (row.name.has_value()) user.name = row.name.value;
  user.created_at_ms = now_ms;
  id = InsertUser(user, dialect, sql).id;
  Statement(sql, "INSERT INTO external_identities (issuer, subject, user_id) VALUES (:issuer, :subject, :user_id)")
      .Use("issuer", issuer)
      .Use("subject", row.foreign_id)
      .Use("user_id", id)
      .Execute();
  return id;
}

int Count(const std::string& text, Connection& sql) {
  long long count = 0;
  Statement(sql, text).Into(count).ExecuteForOne();
  return static_cast<int>(count);
}

}  // namespace

base::Status SqlAdapterRepository::Put(AdaptedKind kind, const AdaptedTable& table) {
  if (QuotedTable(table.table).empty()) return {base::ErrorCode::kBadField, "'" + table.table + "' is no name of a table"};
  const auto known = ColumnsOf(kind);
  for (const auto& [ours, theirs] : table.columns) {
    if (std::ranges::find(known, ours, &ColumnRow::name) == known.end())
      return {base::ErrorCode::kBadField, "there is no column '" + ours + "' to fill"};
    if (!IsPlainName(theirs)) return {base::ErrorCode::kBadField, "'" + theirs + "' is no name of a column"};
  }
  for (const ColumnRow& column : known) {
    if (column.is_needed && !table.columns.contains(std::string(column.name)))
      return {base::ErrorCode::kBadField, fmt::format("column '{}' is missing", column.name)};
  }
  if (kind == AdaptedKind::kUsers && table.issuer.empty())
    return {base::ErrorCode::kBadField, "whose tokens name these users is missing"};
  const std::string probe = fmt::format("SELECT COUNT(*) FROM ({}) f WHERE 1 = 0", SourceText(kind, table));
  const std::string ids = Text(table, "id");
  const std::string doubled =
      fmt::format("SELECT COUNT(*) FROM (SELECT 1 FROM {} t WHERE {} IS NOT NULL GROUP BY {} HAVING COUNT(*) > 1) d",
                  QuotedTable(table.table), ids, ids);
  const std::string name = KindName(kind);
  const std::string columns = bj::serialize(bj::value_from(table.columns));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    try {
      Count(probe, sql);
    } catch (const soci::soci_error&) {
      if (CurrentExceptionRemedy() != Remedy::kNone) throw;
      return {base::ErrorCode::kNotFound, fmt::format("'{}' is no table here, or has not all of these columns: {}", table.table,
                                                      fmt::join(std::views::values(table.columns), ", "))};
    }
    if (const int several = Count(doubled, sql); several > 0)
      return {base::ErrorCode::kBadField, fmt::format("{} ids name several rows each", several)};
    Statement(
        sql,
        "INSERT INTO adapted_tables (kind, table_name, columns, issuer) VALUES (:kind, :table_name, :columns, :issuer) "
        "ON CONFLICT (kind) DO UPDATE SET table_name = excluded.table_name, columns = excluded.columns, issuer = excluded.issuer")
        .Use("kind", name)
        .Use("table_name", table.table)
        .Use("columns", columns)
        .Use("issuer", table.issuer)
        .Execute();
    return {};
  });
}

base::Result<std::optional<AdaptedTable>> SqlAdapterRepository::Get(AdaptedKind kind) {
  const std::string name = KindName(kind);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::optional<AdaptedTable>> {
    AdaptedTable table;
    std::string columns;
    Statement statement(sql, "SELECT table_name, columns, issuer FROM adapted_tables WHERE kind = :kind");
    if (!statement.Into(table.table).Into(columns).Into(table.issuer).Use("kind", name).ExecuteForOne())
      return std::optional<AdaptedTable>();
    table.columns = bj::value_to<std::map<std::string, std::string>>(bj::parse(columns));
    return std::optional(std::move(table));
  });
}

base::Result<AdaptedCounts> SqlAdapterRepository::Follow(AdaptedKind kind, std::int64_t now_ms) {
  const auto table = Get(kind);
  if (!table.ok()) return table.error();
  if (!*table) return AdaptedCounts{};
  return kind == AdaptedKind::kUsers ? FollowUsers(**table, now_ms) : FollowSentences(**table);
}

base::Result<AdaptedCounts> SqlAdapterRepository::FollowUsers(const AdaptedTable& table, std::int64_t now_ms) {
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<AdaptedCounts> {
    soci::transaction transaction(sql);
    AdaptedCounts counts;
    for (const UserDifference& row : UserDifferences(table, sql)) {
      const bool is_new = !row.own_id.has_value();
      const long long id = is_new ? OwnIdOf(row, table.issuer, dialect_, now_ms, sql) : row.own_id.value;
      long long written = 0;
      if (row.name.has_value()) {
        written = Statement(sql, "UPDATE users SET name = :name WHERE id = :id AND name <> :old_name")
                      .Use("name", row.name.value)
                      .Use("id", id)
                      .Use("old_name", row.name.value)
                      .ExecuteForCount();
      }
      if (row.email.has_value() && IsEmail(row.email.value) && !IsTaken(row.email.value, id, sql)) {
        written += Statement(sql, "UPDATE users SET email = :email WHERE id = :id AND COALESCE(email, '') <> :old_email")
                       .Use("email", row.email.value)
                       .Use("id", id)
                       .Use("old_email", row.email.value)
                       .ExecuteForCount();
      }
      if (is_new) {
        Statement(sql, "INSERT INTO adapted_users (foreign_id, user_id) VALUES (:foreign_id, :user_id)")
            .Use("foreign_id", row.foreign_id)
            .Use("user_id", id)
            .Execute();
        ++counts.added;
      } else {
        counts.changed += written > 0 ? 1 : 0;
      }
    }
    counts.gone = Count(fmt::format("SELECT COUNT(*) FROM adapted_users a WHERE a.user_id IS NOT NULL AND NOT EXISTS (SELECT 1 "
                                    "FROM ({}) f WHERE f.foreign_id = a.foreign_id)",
                                    SourceText(AdaptedKind::kUsers, table)),
                        sql);
    transaction.commit();
    return counts;
  });
}

base::Result<AdaptedCounts> SqlAdapterRepository::FollowSentences(const AdaptedTable& table) {
  struct Difference {
    std::string foreign_id;
    std::string text;
    std::string text_vi;
    std::string level;
    std::string topic;
    Nullable<long long> own_id;
  };
  const std::string source = SourceText(AdaptedKind::kSentences, table);
  const std::string differing = fmt::format(
      "SELECT f.foreign_id, f.text, f.text_vi, f.level, f.topic, s.id FROM ({}) f LEFT JOIN adapted_sentences a ON a.foreign_id "
      "= f.foreign_id "
      "LEFT JOIN sentences s ON s.id = a.sentence_id "
      "WHERE s.id IS NULL OR s.text <> f.text OR s.text_vi <> f.text_vi OR s.level <> f.level OR s.topic <> f.topic",
      source);
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Result<AdaptedCounts> {
    soci::transaction transaction(sql);
    AdaptedCounts counts;
    std::vector<Difference> differences;
    Difference row;
    {
      Statement statement(sql, differing);
      statement.Into(row.foreign_id).Into(row.text).Into(row.text_vi).Into(row.level).Into(row.topic).Into(row.own_id);
      for (bool more = statement.Execute(); more; more = statement.Next()) differences.push_back(row);
    }
    long long next = kFirstAdaptedSentence;
    Statement(sql, fmt::format("SELECT COALESCE(MAX(sentence_id) + 1, {}) FROM adapted_sentences", kFirstAdaptedSentence))
        .Into(next)
        .ExecuteForOne();
    for (const Difference& each : differences) {
      const bool is_new = !each.own_id.has_value();
      if (is_new && next > kLastAdaptedSentence) continue;
      const long long id = is_new ? next++ : each.own_id.value;
      Statement(sql, is_new ? kAddSentence : kChangeSentence)
          .Use("text", each.text)
          .Use("text_vi", each.text_vi)
          .Use("level", each.level)
          .Use("topic", each.topic)
          .Use("id", id)
          .Execute();
      ++(is_new ? counts.added : counts.changed);
      if (is_new)
        Statement(sql, "INSERT INTO adapted_sentences (foreign_id, sentence_id) VALUES (:foreign_id, :id)")
            .Use("foreign_id", each.foreign_id)
            .Use("id", id)
            .Execute();
    }
    // What was read of them stays with those who read it. A table that is empty all of a sudden is taken for a mistake.
    const std::string gone = fmt::format(
        "SELECT a.sentence_id FROM adapted_sentences a WHERE NOT EXISTS (SELECT 1 FROM ({}) f WHERE f.foreign_id = a.foreign_id) "
        "AND EXISTS (SELECT 1 FROM ({}) g)",
        source, source);
    Statement(sql, fmt::format("UPDATE speech_practice_sessions SET sentence_id = NULL WHERE sentence_id IN ({})", gone))
        .Execute();
    counts.gone = static_cast<int>(Statement(sql, fmt::format("DELETE FROM sentences WHERE id IN ({})", gone)).ExecuteForCount());
    transaction.commit();
    return counts;
  });
}

}  // namespace speechcoach::storage
