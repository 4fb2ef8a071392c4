#include "api/rest/problem.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "model/user_message.h"

namespace speechcoach::api {
namespace {

boost::json::object Document(const Response& response) {
  return boost::json::parse({response.body.view().data(), response.body.view().size()}).as_object();
}

TEST(ProblemTest, EveryErrorHasItsOwnRow) {
  for (int i = 0; i <= static_cast<int>(base::ErrorCode::kModelUnavailable); ++i) {
    const auto code = static_cast<base::ErrorCode>(i);
    const Response response = MakeProblem({code, "operators only"}, {"req-1", model::Locale::kVi});
    const auto document = Document(response);
    EXPECT_EQ(document.at("code").as_string(), base::ErrorCodeName(code));
    EXPECT_EQ(document.at("status").as_int64(), response.status);
    EXPECT_GE(response.status, 400);
    EXPECT_EQ(document.at("detail").as_string(), model::UserMessage(code, model::Locale::kVi));
    EXPECT_EQ(document.at("retryable").as_bool(), base::IsRetryable(code));
    EXPECT_EQ(response.headers.Get("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.body.view().find("operators only"), std::string_view::npos);
    const bool says_when = response.headers.Has("Retry-After");
    EXPECT_EQ(says_when, response.status == 429 || response.status == 503) << base::ErrorCodeName(code);
  }
}

TEST(ProblemTest, BadRecordingsHaveTheirStatuses) {
  EXPECT_EQ(HttpStatusOf(base::ErrorCode::kAudioTooLarge), 413);
  EXPECT_EQ(HttpStatusOf(base::ErrorCode::kUnsupportedFormat), 415);
  EXPECT_EQ(HttpStatusOf(base::ErrorCode::kFormatMismatch), 415);
  EXPECT_EQ(HttpStatusOf(base::ErrorCode::kAudioTooLong), 422);
  EXPECT_EQ(HttpStatusOf(base::ErrorCode::kAudioUnreadable), 422);
  EXPECT_EQ(HttpStatusOf(base::ErrorCode::kSessionQuota), 429);
  EXPECT_EQ(HttpStatusOf(base::ErrorCode::kStorageUnavailable), 503);
}

TEST(ProblemTest, NamesSessionAndFieldWhereThereIsOne) {
  const auto with = Document(MakeProblem({base::ErrorCode::kBadField, ""}, {"r", model::Locale::kEn, "some-session", "mode"}));
  EXPECT_EQ(with.at("session_id").as_string(), "some-session");
  EXPECT_EQ(with.at("field").as_string(), "mode");
  EXPECT_EQ(with.at("instance").as_string(), "urn:speechcoach:request:r");
  const auto without = Document(MakeProblem({base::ErrorCode::kBadField, ""}, {"r"}));
  EXPECT_FALSE(without.contains("session_id"));
  EXPECT_FALSE(without.contains("field"));
}

TEST(ProblemTest, AChildIsToldWhomToAsk) {
  const Response response = MakeGuardianProblem({"r", model::Locale::kVi});
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(Document(response).at("code").as_string(), "guardian_consent_needed");
  EXPECT_EQ(Document(response).at("retryable").as_bool(), false);
  EXPECT_NE(Document(response).at("detail").as_string().find("người giám hộ"), std::string_view::npos);
  EXPECT_NE(Document(MakeGuardianProblem({"r", model::Locale::kEn})).at("detail").as_string().find("guardian has to agree"),
            std::string_view::npos);
}

TEST(ProblemTest, HttpFaultsHaveDocumentsToo) {
  for (const int status : {400, 404, 405, 408, 413, 415, 416, 431, 503}) {
    const Response response = MakeHttpProblem(status, {"r"});
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(Document(response).at("status").as_int64(), status);
  }
  EXPECT_EQ(MakeProblem({base::ErrorCode::kUnauthenticated, ""}, {"r"}).headers.Get("WWW-Authenticate"),
            R"(Bearer realm="speechcoach")");
}

}  // namespace
}  // namespace speechcoach::api
