#include "storage/adapter_repository.h"

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "storage/internal/postgresql_dialect.h"
#include "storage/internal/sqlite_dialect.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kNowMs = 5'000;
constexpr const char* kIssuer = "https://school.example";

// Tables as another program made them, in the same database.
class AdapterRepositoryTest : public ::testing::Test {
 protected:
  AdapterRepositoryTest() {
    Sql("CREATE TABLE members (member_no VARCHAR(20) PRIMARY KEY, mail VARCHAR(100), full_name VARCHAR(200))");
    Sql("INSERT INTO members VALUES ('m-1', 'Hoa@Example.org', 'Hoa'), ('m-2', NULL, 'Minh')");
    Sql("CREATE TABLE phrases (no INTEGER PRIMARY KEY, english VARCHAR(1000), cefr VARCHAR(10))");
    Sql("INSERT INTO phrases VALUES (7, 'I like rice.', 'A1'), (8, 'So do I.', 'expert'), (9, '', 'A1')");
  }

  void Sql(const std::string& text) {
    const auto dialect =
        db_.url().starts_with("sqlite:") ? MakeSqliteDialect(db_.file().string()) : MakePostgresqlDialect(db_.url());
    soci::session sql;
    (*dialect)->Connect(sql);
    sql << text;
  }
  AdaptedCounts Follow(AdaptedKind kind) { return adapter().Follow(kind, kNowMs).value(); }
  // 0: nobody.
  std::int64_t IdOf(const std::string& subject) {
    for (const model::User& user : db_->users().List(0, 100).value()) {
      for (const ExternalIdentity& identity : db_->accounts().IdentitiesOf(user.id).value()) {
        if (identity.issuer == kIssuer && identity.subject == subject) return user.id;
      }
    }
    return 0;
  }
  std::vector<model::Sentence> Sentences() { return db_->sentences().List({}).value(); }
  AdapterRepository& adapter() { return db_->adapter(); }

  const AdaptedTable members_{"members", {{"id", "member_no"}, {"email", "mail"}, {"name", "full_name"}}, kIssuer};
  const AdaptedTable phrases_{"phrases", {{"id", "no"}, {"text", "english"}, {"level", "cefr"}}};
  TemporaryDatabase db_;
};

TEST_F(AdapterRepositoryTest, UsersAreOursByTheirTokensAndFollowTheirTable) {
  ASSERT_TRUE(adapter().Put(AdaptedKind::kUsers, members_).ok());
  EXPECT_EQ(Follow(AdaptedKind::kUsers).added, 2);
  const std::int64_t hoa = IdOf("m-1");
  EXPECT_EQ(db_->users().Get(hoa)->email, "hoa@example.org");
  EXPECT_EQ(db_->users().Get(IdOf("m-2"))->email, "");
  EXPECT_EQ(db_->accounts().UserOfIdentity(kIssuer, "m-1", {})->id, hoa);
  EXPECT_EQ(Follow(AdaptedKind::kUsers).added + Follow(AdaptedKind::kUsers).changed, 0) << "nothing is new";

  Sql("UPDATE members SET full_name = 'Hoa Lê', mail = 'le@example.org' WHERE member_no = 'm-1'");
  Sql("DELETE FROM members WHERE member_no = 'm-2'");
  const AdaptedCounts counts = Follow(AdaptedKind::kUsers);
  EXPECT_EQ(counts.changed, 1);
  EXPECT_EQ(counts.gone, 1);
  EXPECT_EQ(db_->users().Get(hoa)->name, "Hoa Lê");
  EXPECT_EQ(db_->users().Get(hoa)->email, "le@example.org");
  EXPECT_NE(IdOf("m-2"), 0) << "what was practised is not thrown away with a row of somebody else's";
}

TEST_F(AdapterRepositoryTest, WhoCameBeforeIsKnownAndNobodyTakesAnothersAddress) {
  const std::int64_t came = db_->accounts().UserOfIdentity(kIssuer, "m-2", {})->id;
  model::User ours;
  ours.email = "hoa@example.org";
  const std::int64_t owner = db_->users().Create(ours)->id;
  ASSERT_TRUE(adapter().Put(AdaptedKind::kUsers, members_).ok());
  EXPECT_EQ(Follow(AdaptedKind::kUsers).added, 2);
  EXPECT_EQ(IdOf("m-2"), came);
  EXPECT_EQ(db_->users().Get(came)->name, "Minh");
  EXPECT_EQ(db_->users().FindByEmail("hoa@example.org")->id, owner);
  EXPECT_EQ(db_->users().Get(IdOf("m-1"))->email, "");
  EXPECT_EQ(Follow(AdaptedKind::kUsers).changed, 0);
}

TEST_F(AdapterRepositoryTest, WhatTheirTableDoesNotSayStaysAsItIsHere) {
  model::User came = db_->accounts().UserOfIdentity(kIssuer, "m-1", {}).value();
  came.name = "Hoa here";
  came.email = "here@example.org";
  ASSERT_TRUE(db_->users().Update(came).ok());
  ASSERT_TRUE(adapter().Put(AdaptedKind::kUsers, {"members", {{"id", "member_no"}}, kIssuer}).ok());
  const auto is_untouched = [&] {
    Follow(AdaptedKind::kUsers);
    EXPECT_EQ(Follow(AdaptedKind::kUsers).changed, 0);
    const auto now = db_->users().Get(came.id);
    return now->name == came.name && now->email == came.email;
  };
  EXPECT_TRUE(is_untouched()) << "no such columns";
  Sql("UPDATE members SET full_name = NULL, mail = NULL WHERE member_no = 'm-1'");
  ASSERT_TRUE(adapter().Put(AdaptedKind::kUsers, members_).ok());
  EXPECT_TRUE(is_untouched()) << "NULL";
  Sql("UPDATE members SET full_name = '', mail = 'no address' WHERE member_no = 'm-1'");
  EXPECT_TRUE(is_untouched()) << "nothing that can be taken over";
}

TEST_F(AdapterRepositoryTest, OneOddRowStopsNoOther) {
  Sql("CREATE TABLE loose (no VARCHAR(400), english VARCHAR(1000))");
  Sql("INSERT INTO loose VALUES ('a', 'I like rice.'), ('" + std::string(300, 'x') + "', 'Too long a name.'), (NULL, 'Nobody.')");
  const AdaptedTable loose{"loose", {{"id", "no"}, {"text", "english"}}};
  ASSERT_TRUE(adapter().Put(AdaptedKind::kSentences, loose).ok());
  EXPECT_EQ(Follow(AdaptedKind::kSentences).added, 1);
  Sql("INSERT INTO loose VALUES ('b', 'So do I.'), ('b', 'So am I.')");
  EXPECT_EQ(Follow(AdaptedKind::kSentences).added, 1);
  EXPECT_EQ(Follow(AdaptedKind::kSentences).changed, 0);
  EXPECT_EQ(adapter().Put(AdaptedKind::kSentences, loose).error().code, base::ErrorCode::kBadField) << "seen beforehand";

  Sql("CREATE TABLE people (no VARCHAR(400), mail VARCHAR(100))");
  Sql("INSERT INTO people VALUES ('a', 'a@example.org'), ('" + std::string(300, 'x') + "', NULL)");
  ASSERT_TRUE(adapter().Put(AdaptedKind::kUsers, {"people", {{"id", "no"}, {"email", "mail"}}, kIssuer}).ok());
  EXPECT_EQ(Follow(AdaptedKind::kUsers).added, 1);
  Sql("INSERT INTO people VALUES ('b', 'b@example.org'), ('b', 'c@example.org')");
  EXPECT_EQ(Follow(AdaptedKind::kUsers).added, 1);
  EXPECT_EQ(db_->users().Get(IdOf("b"))->email, "b@example.org");
}

TEST_F(AdapterRepositoryTest, WhatTeachersWroteIsNeverWrittenOver) {
  Sql("INSERT INTO sentences (id, text, text_vi, level, topic, focus_sounds) VALUES (1000000, 'The last one.', '', 'A1', "
      "'class', '[]')");
  Sql("INSERT INTO adapted_sentences (foreign_id, sentence_id) VALUES ('gone', 1000000)");
  Sql("INSERT INTO sentences (id, text, text_vi, level, topic, focus_sounds) VALUES (1000001, 'A teacher''s.', '', 'A1', "
      "'class', '[]')");
  Sql("INSERT INTO own_sentences (sentence_id, teacher_id, created_at) VALUES (1000001, " + std::to_string(db_.user_id()) +
      ", '2026-01-01 00:00:00')");
  ASSERT_TRUE(adapter().Put(AdaptedKind::kSentences, phrases_).ok());
  EXPECT_EQ(Follow(AdaptedKind::kSentences).added, 0);
  EXPECT_EQ(db_->sentences().Get(1'000'001, db_.user_id())->text, "A teacher's.");
}

TEST_F(AdapterRepositoryTest, WhoIsErasedStaysErased) {
  ASSERT_TRUE(adapter().Put(AdaptedKind::kUsers, members_).ok());
  Follow(AdaptedKind::kUsers);
  ASSERT_TRUE(db_->retention().EraseUser(IdOf("m-1")).ok());
  EXPECT_EQ(Follow(AdaptedKind::kUsers).added, 0);
  EXPECT_EQ(IdOf("m-1"), 0);
}

TEST_F(AdapterRepositoryTest, SentencesAreForEveryoneAndFollowTheirTable) {
  ASSERT_TRUE(adapter().Put(AdaptedKind::kSentences, phrases_).ok());
  EXPECT_EQ(Follow(AdaptedKind::kSentences).added, 2);
  auto sentences = Sentences();
  ASSERT_EQ(sentences.size(), 2U);
  EXPECT_EQ(sentences[0].text, "I like rice.");
  EXPECT_EQ(sentences[1].level, "A2") << "what is no level is taken for the usual one";
  const std::int64_t first = sentences[0].id;
  model::Session session = db_.NewSession();
  session.sentence_id = first;
  ASSERT_TRUE(db_->sessions().Create(session).ok());

  Sql("UPDATE phrases SET english = 'So am I.' WHERE no = 8");
  EXPECT_EQ(Follow(AdaptedKind::kSentences).changed, 1);
  EXPECT_EQ(Sentences()[1].text, "So am I.");
  Sql("DELETE FROM phrases WHERE no = 7");
  EXPECT_EQ(Follow(AdaptedKind::kSentences).gone, 1);
  EXPECT_EQ(Sentences().size(), 1U);
  EXPECT_FALSE(db_->sessions().Get(session.id)->sentence_id);
  Sql("DELETE FROM phrases");
  EXPECT_EQ(Follow(AdaptedKind::kSentences).gone, 0) << "an empty table is a mistake";
}

TEST_F(AdapterRepositoryTest, WhatIsNoTableOfTheirsIsRefused) {
  using enum base::ErrorCode;
  const auto code = [&](AdaptedKind kind, AdaptedTable table) { return adapter().Put(kind, table).error().code; };
  AdaptedTable table = members_;
  table.table = "members; DROP TABLE users";
  EXPECT_EQ(code(AdaptedKind::kUsers, table), kBadField);
  table = members_;
  table.columns["email"] = "mail\" OR 1";
  EXPECT_EQ(code(AdaptedKind::kUsers, table), kBadField);
  table.columns["email"] = "nowhere";
  EXPECT_EQ(code(AdaptedKind::kUsers, table), kNotFound);
  table = members_;
  table.table = "nobody";
  EXPECT_EQ(code(AdaptedKind::kUsers, table), kNotFound);
  table = members_;
  table.issuer.clear();
  EXPECT_EQ(code(AdaptedKind::kUsers, table), kBadField);
  EXPECT_EQ(code(AdaptedKind::kSentences, {"phrases", {{"id", "no"}}}), kBadField) << "nothing to read";
  EXPECT_EQ(code(AdaptedKind::kSentences, {"phrases", {{"id", "no"}, {"text", "english"}, {"role", "cefr"}}}), kBadField);
  EXPECT_FALSE(adapter().Get(AdaptedKind::kUsers)->has_value());
  EXPECT_EQ(Follow(AdaptedKind::kUsers).added, 0) << "nothing to follow";
}

}  // namespace
}  // namespace speechcoach::storage
