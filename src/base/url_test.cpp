#include "base/url.h"

#include <gtest/gtest.h>

namespace speechcoach::base {
namespace {

TEST(UrlTest, CredentialsAndOptionsAreLeftOut) {
  EXPECT_EQ(WithoutCredentials("postgresql://coach:s3cret@db.school.vn:5432/coach?sslmode=require&password=x"),
            "postgresql://db.school.vn:5432/coach");
  EXPECT_EQ(WithoutCredentials("postgresql://coach:a@b@db/coach"), "postgresql://db/coach");
  EXPECT_EQ(WithoutCredentials("redis://:s3cret@10.0.0.1"), "redis://10.0.0.1");
}

TEST(UrlTest, OthersStayAsTheyAre) {
  EXPECT_EQ(WithoutCredentials("sqlite:/var/lib/a@b.db"), "sqlite:/var/lib/a@b.db");
  EXPECT_EQ(WithoutCredentials("postgresql://db/coach"), "postgresql://db/coach");
  EXPECT_EQ(WithoutCredentials(""), "");
}

}  // namespace
}  // namespace speechcoach::base
