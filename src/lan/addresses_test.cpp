#include "lan/addresses.h"

#include <gtest/gtest.h>

namespace speechcoach::lan {
namespace {

TEST(AddressesTest, PrivateNetworksAreKnownByTheirEdges) {
  for (const char* inside :
       {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.1", "192.168.255.255", "100.64.0.1"})
    EXPECT_TRUE(IsPrivateIpv4(inside)) << inside;
  for (const char* outside : {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
                              "100.63.255.255", "100.128.0.0", "127.0.0.1", "8.8.8.8", "::1", "fe80::1", "localhost", ""})
    EXPECT_FALSE(IsPrivateIpv4(outside)) << outside;
}

TEST(AddressesTest, ThisMachineItselfIsAWholeNetwork) {
  for (const char* own : {"127.0.0.1", "127.0.0.0", "127.255.255.255"}) EXPECT_TRUE(IsLoopbackIpv4(own)) << own;
  for (const char* other : {"126.255.255.255", "128.0.0.0", "10.0.0.1", "::1", "localhost", ""})
    EXPECT_FALSE(IsLoopbackIpv4(other)) << other;
}

TEST(AddressesTest, AnIpv4AddressIsFourNumbers) {
  for (const char* address : {"192.0.2.1", "127.0.0.1"}) EXPECT_TRUE(IsIpv4(address)) << address;
  for (const char* other : {"", "1.2.3", "1.2.3.256", "school.local", "::1"}) EXPECT_FALSE(IsIpv4(other)) << other;
}

TEST(AddressesTest, WhatThisMachineHasIsPrivate) {
  for (const std::string& address : PrivateAddresses()) EXPECT_TRUE(IsPrivateIpv4(address)) << address;
}

}  // namespace
}  // namespace speechcoach::lan
