#include "storage/guardian_repository.h"

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

using model::ConsentSource;

constexpr std::int64_t kNowMs = 5'000;

class GuardianRepositoryTest : public ::testing::Test {
 protected:
  std::int64_t NewUser(const std::string& email = {}) {
    model::User user;
    user.email = email;
    user.name = "Minh";
    return db_->users().Create(user).value().id;
  }
  std::int64_t NewClass() {
    return db_->classes().Create({0, db_.user_id(), "9A", "CODE" + std::to_string(++classes_), 1}).value().id;
  }
  model::GuardianConsent Of(std::int64_t user_id) { return guardians().Of(user_id)->value(); }
  bool MayPractise(std::int64_t user_id) { return guardians().MayPractise(user_id).value(); }
  GuardianRepository& guardians() { return db_->guardians(); }

  TemporaryDatabase db_;
  int classes_ = 0;
};

TEST_F(GuardianRepositoryTest, OnlyAChildNeedsConsent) {
  const std::int64_t grown = NewUser();
  EXPECT_TRUE(MayPractise(grown));
  EXPECT_FALSE(guardians().Of(grown)->has_value());
  const std::int64_t child = db_->users().CreateChild({}).value().id;
  EXPECT_FALSE(MayPractise(child));
  ASSERT_TRUE(guardians().Give(child, "Trần Văn Bình", kNowMs).ok());
  ASSERT_TRUE(guardians().DeclareChild(child, kNowMs + 1).ok()) << "said again changes nothing";
  EXPECT_TRUE(MayPractise(child));
  EXPECT_EQ(Of(child).source, ConsentSource::kGuardian);
  EXPECT_EQ(Of(child).guardian, "Trần Văn Bình");
  EXPECT_EQ(Of(child).given_at_ms, kNowMs);
  EXPECT_EQ(guardians().DeclareChild(999, kNowMs).error().code, base::ErrorCode::kConflict);
  EXPECT_EQ(guardians().Give(grown, "A", kNowMs).error().code, base::ErrorCode::kNotFound);
}

TEST_F(GuardianRepositoryTest, TheLinkIsTheGuardiansOnceTheyAnswered) {
  const std::int64_t child = NewUser();
  EXPECT_EQ(guardians().PutCode(child, "a").error().code, base::ErrorCode::kConflict) << "no child";
  ASSERT_TRUE(guardians().DeclareChild(child, kNowMs).ok());
  ASSERT_TRUE(guardians().PutCode(child, "a").ok());
  ASSERT_TRUE(guardians().PutCode(child, "b").ok());
  EXPECT_EQ(guardians().FindByCode("a").error().code, base::ErrorCode::kNotFound) << "in its place";
  EXPECT_EQ(guardians().FindByCode("b")->user_id, child);
  EXPECT_EQ(guardians().FindByCode("b")->name, "Minh");
  ASSERT_TRUE(guardians().Refuse(child, kNowMs).ok());
  EXPECT_EQ(guardians().PutCode(child, "c").error().code, base::ErrorCode::kConflict);
  ASSERT_TRUE(guardians().Give(child, "Bình", kNowMs).ok());
  EXPECT_EQ(guardians().PutCode(child, "c").error().code, base::ErrorCode::kConflict);
  EXPECT_TRUE(guardians().FindByCode("b")->is_given()) << "good for taking it back";
}

TEST_F(GuardianRepositoryTest, AGuardiansWordStandsAboveTheSchools) {
  const std::int64_t child = NewUser();
  const std::int64_t teacher = db_.user_id();
  ASSERT_TRUE(guardians().Record(child, teacher, false, kNowMs).ok());
  EXPECT_FALSE(MayPractise(child)) << "a child now";
  ASSERT_TRUE(guardians().Record(child, teacher, true, kNowMs).ok());
  EXPECT_EQ(Of(child).source, ConsentSource::kSchool);
  ASSERT_TRUE(guardians().PutCode(child, "a").ok()) << "a guardian may still speak";
  ASSERT_TRUE(guardians().Record(child, teacher, false, kNowMs).ok());
  EXPECT_FALSE(MayPractise(child));

  ASSERT_TRUE(guardians().Give(child, "Bình", kNowMs).ok());
  ASSERT_TRUE(guardians().Record(child, teacher, false, kNowMs).ok());
  EXPECT_EQ(Of(child).source, ConsentSource::kGuardian);
  ASSERT_TRUE(guardians().Refuse(child, kNowMs).ok());
  ASSERT_TRUE(guardians().Record(child, teacher, true, kNowMs).ok());
  EXPECT_FALSE(MayPractise(child));
  EXPECT_EQ(guardians().Record(999, teacher, true, kNowMs).error().code, base::ErrorCode::kConflict);
}

TEST_F(GuardianRepositoryTest, ARosterSaysWhoIsAChild) {
  const std::int64_t its = NewClass();
  const std::vector<model::ClassInvitation> people{
      {"an@example.org", "An", true, true}, {"minh@example.org", "Minh", true, false}, {"lan@example.org", "Lan"}};
  EXPECT_EQ(db_->classes().Invite(its, people, kNowMs).value(), 3);
  EXPECT_EQ(db_->classes().Invite(its, people, kNowMs).value(), 0);
  std::vector<std::int64_t> ids;
  for (const auto& person : people) {
    ids.push_back(NewUser(person.email));
    ASSERT_TRUE(db_->classes().Join(its, ids.back(), person.email, kNowMs).ok());
  }
  EXPECT_TRUE(MayPractise(ids[0]));
  EXPECT_EQ(Of(ids[0]).source, ConsentSource::kSchool);
  EXPECT_EQ(Of(ids[0]).given_at_ms, kNowMs);
  EXPECT_FALSE(MayPractise(ids[1]));
  EXPECT_TRUE(MayPractise(ids[2]));
  EXPECT_FALSE(guardians().Of(ids[2])->has_value());
  const auto children = guardians().ChildrenIn(its).value();
  ASSERT_EQ(children.size(), 2U);
  EXPECT_EQ(children[0].user_id, ids[0]);
  EXPECT_FALSE(children[1].is_given());
}

TEST_F(GuardianRepositoryTest, OnlyLearnersAreMadeChildrenAndAMistakeIsUndone) {
  model::User colleague;
  colleague.role = model::Role::kTeacher;
  colleague.email = "co@example.org";
  const std::int64_t other = db_->users().Create(colleague).value().id;
  const std::int64_t teacher = db_.user_id();
  EXPECT_EQ(guardians().Record(other, teacher, false, kNowMs).error().code, base::ErrorCode::kConflict);
  const std::int64_t its = NewClass();
  ASSERT_TRUE(
      db_->classes().Invite(its, std::vector<model::ClassInvitation>{{"co@example.org", "Hoa", true, false}}, kNowMs).ok());
  ASSERT_TRUE(db_->classes().Join(its, other, "co@example.org", kNowMs).ok());
  EXPECT_TRUE(MayPractise(other));

  const std::int64_t grown = NewUser();
  ASSERT_TRUE(guardians().Record(grown, teacher, false, kNowMs).ok());
  EXPECT_EQ(guardians().UndoRecord(grown, other).error().code, base::ErrorCode::kConflict) << "not their word";
  ASSERT_TRUE(guardians().UndoRecord(grown, teacher).ok());
  EXPECT_FALSE(guardians().Of(grown)->has_value());
  ASSERT_TRUE(guardians().Record(grown, teacher, false, kNowMs).ok());
  ASSERT_TRUE(guardians().DeclareChild(grown, kNowMs).ok());
  EXPECT_EQ(guardians().UndoRecord(grown, teacher).error().code, base::ErrorCode::kConflict) << "they say so themselves";
  ASSERT_TRUE(guardians().Refuse(grown, kNowMs).ok());
  EXPECT_TRUE(Of(grown).is_refused);
}

TEST_F(GuardianRepositoryTest, OneTeachersWordIsNotTakenBackByAnother) {
  const std::int64_t child = NewUser();
  const std::int64_t other = NewUser();
  ASSERT_TRUE(guardians().Record(child, db_.user_id(), true, kNowMs).ok());
  ASSERT_TRUE(guardians().Record(child, other, true, kNowMs).ok());
  EXPECT_EQ(guardians().Record(child, other, false, kNowMs).error().code, base::ErrorCode::kConflict);
  EXPECT_TRUE(MayPractise(child));
  ASSERT_TRUE(guardians().Record(child, db_.user_id(), false, kNowMs).ok());
  EXPECT_FALSE(MayPractise(child));
}

TEST_F(GuardianRepositoryTest, ARosterIsFollowedAlsoLater) {
  const std::int64_t its = NewClass();
  const auto listed = [&](bool is_child, bool has_consent, bool is_no_child) {
    const std::vector<model::ClassInvitation> people{{"an@example.org", "An", is_child, has_consent, is_no_child}};
    EXPECT_TRUE(db_->classes().Invite(its, people, kNowMs).ok());
  };
  listed(true, false, false);
  listed(false, false, true);
  const std::int64_t child = NewUser("an@example.org");
  ASSERT_TRUE(db_->classes().Join(its, child, "an@example.org", kNowMs).ok());
  EXPECT_TRUE(MayPractise(child)) << "taken back before they joined";
  listed(true, false, false);
  EXPECT_FALSE(MayPractise(child)) << "a member";
  listed(true, true, false);
  EXPECT_TRUE(MayPractise(child));
  EXPECT_EQ(Of(child).source, ConsentSource::kSchool);
}

TEST_F(GuardianRepositoryTest, ARosterTakesNothingFromAGuardian) {
  const std::int64_t its = NewClass();
  const std::int64_t child = NewUser("an@example.org");
  ASSERT_TRUE(guardians().DeclareChild(child, kNowMs).ok());
  ASSERT_TRUE(guardians().Give(child, "Bình", kNowMs).ok());
  EXPECT_EQ(
      db_->classes().Invite(its, std::vector<model::ClassInvitation>{{"an@example.org", "An", true, false}}, kNowMs).value(), 1);
  ASSERT_TRUE(db_->classes().Join(its, child, "an@example.org", kNowMs).ok());
  EXPECT_TRUE(MayPractise(child));
  EXPECT_EQ(Of(child).guardian, "Bình");
}

TEST_F(GuardianRepositoryTest, WhatIsSaidOfAChildGoesWithTheChildAndStaysWithoutTheTeacher) {
  const std::int64_t teacher = NewUser();
  const std::int64_t child = NewUser();
  ASSERT_TRUE(guardians().Record(child, teacher, true, kNowMs).ok());
  ASSERT_TRUE(db_->retention().EraseUser(teacher).ok());
  EXPECT_TRUE(MayPractise(child));
  ASSERT_TRUE(guardians().PutCode(child, "a").ok());
  ASSERT_TRUE(db_->retention().EraseUser(child).ok());
  EXPECT_EQ(guardians().FindByCode("a").error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace speechcoach::storage
