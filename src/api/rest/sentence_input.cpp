#include "api/rest/sentence_input.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "api/auth/accounts.h"
#include "api/fields.h"
#include "api/http/text.h"
#include "api/rest/user_json.h"
#include "base/utf8.h"
#include "pipeline/reference_sentence.h"
#include "text/csv.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxTextBytes = 500;
constexpr std::size_t kMaxTranslationBytes = 1000;
constexpr std::size_t kMaxTopicBytes = 50;
constexpr std::size_t kMostFocusSounds = 8;
constexpr std::size_t kMaxFocusBytes = 30;
constexpr std::size_t kMostErrors = 100;
constexpr std::string_view kDefaultTopic = "class";
constexpr std::string_view kChild = "yes";
constexpr std::string_view kChildWithConsent = "consented";
constexpr std::array<std::string_view, 5> kLevels{"A1", "A2", "B1", "B2", "C1"};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsPlainText(std::string_view text, std::size_t max_bytes) {
  return text.size() <= max_bytes && base::IsValidUtf8(text) &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// The name of the first field that cannot be; empty where all can.
std::string WrongField(const model::Sentence& sentence) {
  if (!IsPlainText(sentence.text, kMaxTextBytes) || !pipeline::CheckReference(sentence.text).ok()) return "text";
  if (!IsPlainText(sentence.text_vi, kMaxTranslationBytes)) return "text_vi";
  if (std::ranges::find(kLevels, sentence.level) == kLevels.end()) return "level";
  const auto is_topic_character = [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_'; };
  if (sentence.topic.empty() || sentence.topic.size() > kMaxTopicBytes ||
      !std::ranges::all_of(sentence.topic, is_topic_character))
    return "topic";
  const auto is_focus = [](const std::string& focus) {
    return !focus.empty() && focus.size() <= kMaxFocusBytes &&
           std::ranges::all_of(focus, [](char c) { return IsLetter(c) || c == '_'; });
  };
  if (sentence.focus_sounds.size() > kMostFocusSounds || !std::ranges::all_of(sentence.focus_sounds, is_focus))
    return "focus_sounds";
  return {};
}

// A table by the names of its columns.
class Table {
 public:
  // Nothing where it cannot be read at all; `errors` says why.
  static std::optional<Table> From(std::string_view text, std::initializer_list<std::string_view> needed, LineErrors& errors) {
    if (!base::IsValidUtf8(text)) {
      errors.push_back({1, "csv"});
      return std::nullopt;
    }
    const text::Csv csv = text::ReadCsv(text);
    if (csv.broken_line != 0) {
      errors.push_back({csv.broken_line, "csv"});
      return std::nullopt;
    }
    const std::vector<text::CsvRow>& rows = csv.rows;
    if (rows.empty() || rows.size() > kMostImportedRows + 1) {
      errors.push_back({1, "rows"});
      return std::nullopt;
    }
    Table table;
    const std::vector<std::string>& names = rows.front().cells;
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::string name(Trim(names[i]));
      std::ranges::transform(name, name.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      table.columns_.emplace(std::move(name), i);
    }
    for (const std::string_view name : needed) {
      if (!table.columns_.contains(name)) errors.push_back({rows.front().line, "header"});
    }
    if (rows.size() == 1 && errors.empty()) errors.push_back({rows.front().line, "rows"});
    if (!errors.empty()) return std::nullopt;
    table.rows_.assign(rows.begin() + 1, rows.end());
    return table;
  }

  const std::vector<text::CsvRow>& rows() const { return rows_; }
  bool Has(std::string_view column) const { return columns_.contains(column); }
  std::string Cell(const text::CsvRow& row, std::string_view column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() || found->second >= row.cells.size() ? std::string()
                                                                        : std::string(Trim(row.cells[found->second]));
  }

 private:
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<text::CsvRow> rows_;
};

void Note(LineErrors& errors, int line, std::string field) {
  if (errors.size() < kMostErrors) errors.push_back({line, std::move(field)});
}

}  // namespace

std::variant<model::Sentence, std::string> SentenceFrom(const boost::json::object& body) {
  model::Sentence sentence;
  const auto read = [&](const char* name, std::size_t max_bytes, std::string& into) {
    auto field = TextField(body, name, max_bytes);
    if (field.value) into = std::string(Trim(*field.value));
    return !field.is_wrong;
  };
  sentence.topic = kDefaultTopic;
  if (!read("text", kMaxTextBytes, sentence.text)) return "text";
  if (!read("text_vi", kMaxTranslationBytes, sentence.text_vi)) return "text_vi";
  if (!read("level", 2, sentence.level)) return "level";
  if (!read("topic", kMaxTopicBytes, sentence.topic)) return "topic";
  if (const boost::json::value* focus = body.if_contains("focus_sounds"); focus != nullptr && !focus->is_null()) {
    if (!focus->is_array() || focus->get_array().size() > kMostFocusSounds) return "focus_sounds";
    for (const boost::json::value& sound : focus->get_array()) {
      if (!sound.is_string()) return "focus_sounds";
      sentence.focus_sounds.emplace_back(sound.get_string());
    }
  }
  if (std::string wrong = WrongField(sentence); !wrong.empty()) return wrong;
  return sentence;
}

std::variant<std::vector<model::Sentence>, LineErrors> SentencesFromCsv(std::string_view text) {
  LineErrors errors;
  const auto table = Table::From(text, {"text", "level"}, errors);
  if (!table) return errors;
  std::vector<model::Sentence> sentences;
  for (const text::CsvRow& row : table->rows()) {
    model::Sentence sentence{
        0, table->Cell(row, "text"), table->Cell(row, "text_vi"), table->Cell(row, "level"), table->Cell(row, "topic"), {}};
    if (sentence.topic.empty()) sentence.topic = kDefaultTopic;
    const std::string focus = table->Cell(row, "focus_sounds");
    for (const std::string_view sound : SplitList(focus, ' ')) sentence.focus_sounds.emplace_back(sound);
    if (std::string wrong = WrongField(sentence); !wrong.empty()) Note(errors, row.line, std::move(wrong));
    sentences.push_back(std::move(sentence));
  }
  if (!errors.empty()) return errors;
  return sentences;
}

std::variant<std::vector<model::ClassInvitation>, LineErrors> RosterFromCsv(std::string_view text) {
  LineErrors errors;
  const auto table = Table::From(text, {"email"}, errors);
  if (!table) return errors;
  std::vector<model::ClassInvitation> people;
  std::set<std::string> seen;
  for (const text::CsvRow& row : table->rows()) {
    const auto email = NormalEmail(table->Cell(row, "email"));
    const std::string name = table->Cell(row, "name");
    if (!email || !seen.insert(*email).second) {
      Note(errors, row.line, "email");
    } else if (!IsName(name)) {
      Note(errors, row.line, "name");
    } else if (const std::string child = table->Cell(row, "child");
               !child.empty() && child != kChild && child != kChildWithConsent) {
      Note(errors, row.line, "child");
    } else {
      people.push_back({*email, name, !child.empty(), child == kChildWithConsent, child.empty() && table->Has("child")});
    }
  }
  if (!errors.empty()) return errors;
  return people;
}

}  // namespace speechcoach::api
