#include "cli/qr_code.h"

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::cli {
namespace {

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t Columns(const std::string& line) {
  std::size_t count = 0;
  for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

// Version 2 (25 modules) holds 26 bytes at level M (ISO/IEC 18004, table 7).
TEST(QrCodeTest, IsAsWideAsItsVersionWithTheQuietZone) {
  const auto lines = LinesOf(QrCodeForTerminal("https://192.168.1.5:8000", false));
  ASSERT_EQ(lines.size(), (25 + 2 * 4 + 1) / 2);
  for (const std::string& line : lines) EXPECT_EQ(Columns(line), 25 + 2 * 4);
}

// The finder pattern of the upper left: a dark row of seven modules above a dark module, five light ones, a dark one.
TEST(QrCodeTest, BeginsWithItsFinderPattern) {
  const auto lines = LinesOf(QrCodeForTerminal("https://192.168.1.5:8000", false));
  EXPECT_TRUE(lines.at(0).find_first_not_of(' ') == std::string::npos);
  EXPECT_TRUE(lines.at(2).starts_with("    █▀▀▀▀▀█")) << lines.at(2);
}

TEST(QrCodeTest, ColoursAreSetAndTakenBackOnEachLine) {
  for (const std::string& line : LinesOf(QrCodeForTerminal("https://10.0.0.1:8000", true))) {
    EXPECT_TRUE(line.starts_with("\033[30;107m"));
    EXPECT_TRUE(line.ends_with("\033[0m"));
  }
}

TEST(QrCodeTest, WhatDoesNotFitIsNotDrawn) {
  EXPECT_EQ(QrCodeForTerminal("", false), "");
  EXPECT_EQ(QrCodeForTerminal(std::string(3000, 'x'), false), "");
}

}  // namespace
}  // namespace speechcoach::cli
