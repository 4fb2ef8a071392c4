#include "api/ws/connection_limits.h"

#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

TEST(ConnectionLimitsTest, AUserHasSoManyAndGetsThemBack) {
  ConnectionLimits limits(2, 100);
  auto first = limits.Take(1, "10.0.0.1");
  const auto second = limits.Take(1, "10.0.0.2");
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(limits.Take(1, "10.0.0.3"));
  EXPECT_TRUE(limits.Take(2, "10.0.0.3"));
  first.reset();
  EXPECT_TRUE(limits.Take(1, "10.0.0.3"));
}

TEST(ConnectionLimitsTest, SoHasAnAddress) {
  ConnectionLimits limits(100, 2);
  const std::vector<std::shared_ptr<void>> places{limits.Take(1, "2001:db8::1"), limits.Take(2, "2001:db8::ffff:1")};
  EXPECT_FALSE(limits.Take(3, "2001:db8:0:0:1::"));
  EXPECT_TRUE(limits.Take(3, "2001:db8:0:1::1")) << "another network";
}

TEST(ConnectionLimitsTest, PlacesMayOutliveTheLimits) {
  std::shared_ptr<void> place;
  {
    ConnectionLimits limits(1, 1);
    place = limits.Take(1, "10.0.0.1");
  }
  place.reset();
}

TEST(ConnectionLimitsTest, OneKeyForAHousehold) {
  EXPECT_EQ(AddressKey("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(AddressKey("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_EQ(AddressKey("::ffff:192.0.2.7"), "::ffff:192.0.2.7");
  EXPECT_EQ(AddressKey(""), "");
}

}  // namespace
}  // namespace speechcoach::api
