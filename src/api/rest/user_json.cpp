#include "api/rest/user_json.h"

#include <algorithm>
#include <array>

#include "analytics/time_zone.h"
#include "api/auth/password.h"
#include "api/fields.h"
#include "base/utf8.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

constexpr int kMaxNameCharacters = 80;
constexpr std::size_t kMaxZoneBytes = 64;
constexpr std::array<std::string_view, 6> kLevels{"", "A1", "A2", "B1", "B2", "C1"};

// Characters of a UTF-8 text; -1 where one is a control character, which no name has.
int CountCharacters(std::string_view text) {
  int count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return -1;
    if ((byte & 0xc0) != 0x80) ++count;
  }
  return count;
}

}  // namespace

boost::json::object UserJson(const model::User& user) {
  return {{"id", user.id}, {"name", user.name}, {"role", json::Name(user.role)}};
}

boost::json::object ToJson(const model::LearnerSettings& settings) {
  return {{"time_zone", settings.time_zone},
          {"locale", model::Name(settings.locale)},
          {"level", settings.level.empty() ? boost::json::value(nullptr) : boost::json::value(settings.level)},
          {"daily_goal_minutes", settings.daily_goal_minutes}};
}

boost::json::object MeJson(const model::User& user, const model::LearnerSettings& settings) {
  boost::json::object document = UserJson(user);
  document["email"] = user.email.empty() ? boost::json::value(nullptr) : boost::json::value(user.email);
  document["settings"] = ToJson(settings);
  return document;
}

bool IsName(std::string_view name) {
  const int characters = CountCharacters(name);
  return base::IsValidUtf8(name) && characters >= 0 && characters <= kMaxNameCharacters;
}

bool IsPassword(std::string_view password) {
  return password.size() >= kMinPasswordBytes && password.size() <= kMaxPasswordBytes && base::IsValidUtf8(password);
}

std::optional<model::Role> RoleFromName(std::string_view name) {
  for (const model::Role role : {model::Role::kLearner, model::Role::kTeacher, model::Role::kAdmin}) {
    if (json::Name(role) == name) return role;
  }
  return std::nullopt;
}

std::string ReadInto(const boost::json::object& body, model::LearnerSettings& settings) {
  const auto zone = TextField(body, "time_zone", kMaxZoneBytes);
  if (zone.is_wrong || (zone.value && !analytics::IsTimeZone(*zone.value))) return "time_zone";
  if (zone.value) settings.time_zone = *zone.value;
  const auto locale = TextField(body, "locale", 2);
  if (locale.is_wrong || (locale.value && !model::LocaleFromName(*locale.value))) return "locale";
  if (locale.value) settings.locale = *model::LocaleFromName(*locale.value);
  if (body.contains("level")) {
    const auto level = TextField(body, "level", 2);
    if (level.is_wrong || std::ranges::find(kLevels, level.value.value_or("")) == kLevels.end()) return "level";
    settings.level = level.value.value_or("");
  }
  const auto goal = IntegerField(body, "daily_goal_minutes");
  if (goal.is_wrong || (goal.value && (*goal.value < 1 || *goal.value > 600))) return "daily_goal_minutes";
  if (goal.value) settings.daily_goal_minutes = static_cast<int>(*goal.value);
  return {};
}

}  // namespace speechcoach::api
