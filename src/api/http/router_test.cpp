#include "api/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

using ::testing::UnorderedElementsAre;

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    router_.Add({.method = Method::kGet, .pattern = "/things", .handler = {}});
    router_.Add({.method = Method::kPost, .pattern = "/things", .handler = {}});
    router_.Add({.method = Method::kGet, .pattern = "/things/{id}", .handler = {}});
    router_.Add({.method = Method::kGet, .pattern = "/things/newest", .handler = {}});
    router_.Add({.method = Method::kGet, .pattern = "/things/{id}/parts/{part}", .handler = {}});
  }
  Router router_;
};

TEST_F(RouterTest, TakesNamedSegments) {
  const RouteMatch match = router_.Find(Method::kGet, "/things/7/parts/a b");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.params, (std::map<std::string, std::string>{{"id", "7"}, {"part", "a b"}}));
}

TEST_F(RouterTest, FixedSegmentsWin) {
  EXPECT_EQ(router_.Find(Method::kGet, "/things/newest").route->pattern, "/things/newest");
  EXPECT_EQ(router_.Find(Method::kGet, "/things/older").route->pattern, "/things/{id}");
  EXPECT_THAT(router_.Find(Method::kDelete, "/things/newest").allowed, UnorderedElementsAre(Method::kGet, Method::kHead));
}

TEST_F(RouterTest, HeadTakesTheRouteOfGet) {
  EXPECT_EQ(router_.Find(Method::kHead, "/things").route, router_.Find(Method::kGet, "/things").route);
}

TEST_F(RouterTest, KnowsWhichMethodsAPathHas) {
  const RouteMatch match = router_.Find(Method::kDelete, "/things");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_THAT(match.allowed, UnorderedElementsAre(Method::kGet, Method::kHead, Method::kPost));
}

TEST_F(RouterTest, UnknownPathsHaveNone) {
  for (const char* path :
       {"/", "/thing", "/things/", "/things//", "/things/7/parts", "/things/7/parts/", "/Things", "/things/7/parts/1/2"}) {
    const RouteMatch match = router_.Find(Method::kGet, path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_TRUE(match.allowed.empty()) << path;
  }
}

}  // namespace
}  // namespace speechcoach::api
