#include "json/pronunciation_json.h"

#include <cmath>
#include <utility>

#include "json/json_fields.h"

namespace speechcoach::json {
namespace {

// Scores and times as they are shown; what is beyond is noise, and makes the answer twice as long.
double Shown(double value) { return std::round(Finite(value) * 100.0) / 100.0; }
// A thousandth: half a frame of the encoder is ten of them.
double Seconds(double value) { return std::round(Finite(value) * 1000.0) / 1000.0; }

template <typename Enum>
Enum Named(std::string_view name, std::optional<Enum> (*from_name)(std::string_view)) {
  const auto value = from_name(name);
  if (!value) throw std::invalid_argument(fmt::format("unknown name '{}'", name));
  return *value;
}

bj::object ToJson(const model::PhoneResult& phone) {
  return {{"phone", phone.phone},
          {"ipa", phone.ipa},
          {"start_s", Seconds(phone.start_s)},
          {"end_s", Seconds(phone.end_s)},
          {"score", Shown(phone.score)},
          {"verdict", model::Name(phone.verdict)},
          {"heard", phone.heard.empty() ? bj::value(nullptr) : bj::value(phone.heard)},
          {"heard_ipa", phone.heard_ipa.empty() ? bj::value(nullptr) : bj::value(phone.heard_ipa)},
          {"confidence", Shown(phone.confidence)}};
}

bj::value ToJson(const std::optional<model::WordStress>& stress) {
  if (!stress) return nullptr;
  return bj::object{{"expected", stress->expected}, {"heard", stress->heard}, {"verdict", model::Name(stress->verdict)}};
}

bj::object ToJson(const model::WordResult& word) {
  bj::array phones;
  for (const model::PhoneResult& phone : word.phones) phones.emplace_back(ToJson(phone));
  return {{"text", word.text},           {"start_s", Seconds(word.start_s)},     {"end_s", Seconds(word.end_s)},
          {"score", Shown(word.score)},  {"verdict", model::Name(word.verdict)}, {"stress", ToJson(word.stress)},
          {"phones", std::move(phones)}, {"inserted", ToArray(word.inserted)}};
}

bj::object ToJson(const model::ScoreReason& reason) {
  return {{"aspect", model::Name(reason.aspect)},
          {"kind", model::Name(reason.kind)},
          {"word", reason.word < 0 ? bj::value(nullptr) : bj::value(reason.word)},
          {"text", reason.text},
          {"phone", reason.phone},
          {"heard", reason.heard},
          {"start_s", Seconds(reason.start_s)},
          {"end_s", Seconds(reason.end_s)},
          {"value", Shown(reason.value)}};
}

bj::object ToJson(const model::AccentPattern& pattern) {
  return {{"id", pattern.id},
          {"ipa", pattern.ipa.empty() ? bj::value(nullptr) : bj::value(pattern.ipa)},
          {"heard_ipa", ToArray(pattern.heard_ipa)},
          {"times", pattern.times},
          {"chances", pattern.chances},
          {"words", ToArray(pattern.words)},
          {"tip_vi", pattern.tip_vi},
          {"tip_en", pattern.tip_en},
          {"pairs", ToArray(pattern.pairs)}};
}

std::string TextOrEmpty(const bj::value& value, std::string_view key) {
  const bj::value& item = At(value, key);
  return item.is_null() ? std::string() : std::string(item.as_string());
}

model::PhoneResult PhoneFrom(const bj::value& value) {
  return {Text(value, "phone"),        Text(value, "ipa"),
          Number(value, "start_s"),    Number(value, "end_s"),
          Number(value, "score"),      Named(Text(value, "verdict"), model::PhoneVerdictFromName),
          TextOrEmpty(value, "heard"), TextOrEmpty(value, "heard_ipa"),
          Number(value, "confidence")};
}

model::WordResult WordFrom(const bj::value& value) {
  model::WordResult word;
  word.text = Text(value, "text");
  word.start_s = Number(value, "start_s");
  word.end_s = Number(value, "end_s");
  word.score = Number(value, "score");
  word.verdict = Named(Text(value, "verdict"), model::WordVerdictFromName);
  if (const bj::value& stress = At(value, "stress"); !stress.is_null()) {
    word.stress = model::WordStress{Integer(stress, "expected"), Integer(stress, "heard"),
                                    Named(Text(stress, "verdict"), model::StressVerdictFromName)};
  }
  for (const bj::value& phone : At(value, "phones").as_array()) word.phones.push_back(PhoneFrom(phone));
  word.inserted = Texts(value, "inserted");
  return word;
}

model::ScoreReason ReasonFrom(const bj::value& value) {
  return {Named(Text(value, "aspect"), model::ScoreAspectFromName),
          Named(Text(value, "kind"), model::ReasonKindFromName),
          At(value, "word").is_null() ? -1 : Integer(value, "word"),
          Text(value, "text"),
          Text(value, "phone"),
          Text(value, "heard"),
          Number(value, "start_s"),
          Number(value, "end_s"),
          Number(value, "value")};
}

}  // namespace

std::string_view Name(model::MiscueKind kind) {
  switch (kind) {
    case model::MiscueKind::kOmitted:
      return "omitted";
    case model::MiscueKind::kInserted:
      return "inserted";
    case model::MiscueKind::kReplaced:
      return "replaced";
    case model::MiscueKind::kRepeated:
      break;
  }
  return "repeated";
}

bj::array ToJson(const std::vector<model::Miscue>& miscues) {
  bj::array array;
  for (const model::Miscue& miscue : miscues) {
    array.emplace_back(bj::object{{"kind", Name(miscue.kind)}, {"expected", miscue.expected}, {"heard", miscue.heard}});
  }
  return array;
}

std::vector<model::Miscue> MiscuesFromJson(const bj::value& value) {
  std::vector<model::Miscue> miscues;
  for (const bj::value& miscue : value.as_array()) {
    miscues.push_back(
        {ByName<model::MiscueKind>(Text(miscue, "kind"), 4, Name), Text(miscue, "expected"), Text(miscue, "heard")});
  }
  return miscues;
}

bj::object ToJson(const model::PronunciationReport& report) {
  bj::array words;
  for (const model::WordResult& word : report.words) words.emplace_back(ToJson(word));
  bj::array reasons;
  for (const model::ScoreReason& reason : report.reasons) reasons.emplace_back(ToJson(reason));
  bj::array patterns;
  for (const model::AccentPattern& pattern : report.patterns) patterns.emplace_back(ToJson(pattern));
  return {{"words", std::move(words)},
          {"miscues", ToJson(report.miscues)},
          {"ratings",
           {{"accuracy", Shown(report.ratings.accuracy)},
            {"fluency", Shown(report.ratings.fluency)},
            {"prosodic", Shown(report.ratings.prosodic)},
            {"total", Shown(report.ratings.total)}}},
          {"text_match", Shown(report.text_match)},
          {"reasons", std::move(reasons)},
          {"patterns", std::move(patterns)}};
}

model::PronunciationReport PronunciationFromJson(const bj::value& value) {
  model::PronunciationReport report;
  for (const bj::value& word : At(value, "words").as_array()) report.words.push_back(WordFrom(word));
  report.miscues = MiscuesFromJson(At(value, "miscues"));
  const bj::value& ratings = At(value, "ratings");
  report.ratings = {Number(ratings, "accuracy"), Number(ratings, "fluency"), Number(ratings, "prosodic"),
                    Number(ratings, "total")};
  report.text_match = Number(value, "text_match");
  for (const bj::value& reason : At(value, "reasons").as_array()) report.reasons.push_back(ReasonFrom(reason));
  for (const bj::value& pattern : At(value, "patterns").as_array()) {
    // Analyses of earlier versions have neither pairs nor the sounds in IPA.
    const bj::object& fields = pattern.as_object();
    report.patterns.push_back({Text(pattern, "id"), Integer(pattern, "chances"), Integer(pattern, "times"),
                               Texts(pattern, "words"), Text(pattern, "tip_vi"), Text(pattern, "tip_en"),
                               fields.contains("pairs") ? Texts(pattern, "pairs") : std::vector<std::string>(),
                               fields.contains("ipa") ? TextOrEmpty(pattern, "ipa") : std::string(),
                               fields.contains("heard_ipa") ? Texts(pattern, "heard_ipa") : std::vector<std::string>()});
  }
  return report;
}

}  // namespace speechcoach::json
