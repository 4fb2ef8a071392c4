#include "text/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::text {
namespace {

using ::testing::ElementsAre;

TEST(CsvTest, ReadsCellsAndTheLinesTheyBeginOn) {
  const auto rows = ReadCsv(
                        "\xEF\xBB\xBF"
                        "text,level\r\n\"Hello, \"\"you\"\"\",A1\n\n\"two\nlines\",B1\nlast,")
                        .rows;
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_THAT(rows[0].cells, ElementsAre("text", "level"));
  EXPECT_THAT(rows[1].cells, ElementsAre("Hello, \"you\"", "A1"));
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_THAT(rows[2].cells, ElementsAre("two\nlines", "B1"));
  EXPECT_EQ(rows[2].line, 4);
  EXPECT_THAT(rows[3].cells, ElementsAre("last", ""));
  EXPECT_EQ(rows[3].line, 6);
}

TEST(CsvTest, SeparatorsOfOtherCountriesAndOfSpreadsheets) {
  EXPECT_THAT(ReadCsv("a;b\n1,5;2").rows.at(1).cells, ElementsAre("1,5", "2"));
  EXPECT_THAT(ReadCsv("a\tb\n1\t2").rows.at(1).cells, ElementsAre("1", "2"));
  EXPECT_THAT(ReadCsv("\"a;b\",c\n1,2").rows.at(1).cells, ElementsAre("1", "2"));
}

TEST(CsvTest, ABrokenQuoteIsRefusedByLine) {
  EXPECT_EQ(ReadCsv("a,b\n\"never ends,2\n").broken_line, 2);
  EXPECT_EQ(ReadCsv("a,b\nx,y\n\"text\" after,2\n").broken_line, 3);
  EXPECT_EQ(ReadCsv("a,b\nx,y\n").broken_line, 0);
}

TEST(CsvTest, NothingIsNoRows) {
  EXPECT_TRUE(ReadCsv("").rows.empty());
  EXPECT_TRUE(ReadCsv("\n\r\n,,\n").rows.empty());
}

TEST(CsvTest, FormulasAreShownNotRun) {
  for (const std::string start : {"=", "+", "-", "@", "\t", "\r"}) {
    const std::string line = CsvLine({start + "cmd|' /C calc'!A0"});
    EXPECT_TRUE(line.starts_with("'" + start) || line.starts_with("\"'" + start)) << line;
  }
  EXPECT_EQ(CsvLine({"Lan", "7.5", ""}), "Lan,7.5,\r\n");
  EXPECT_EQ(CsvLine({"a \"b\"", "c,d"}), "\"a \"\"b\"\"\",\"c,d\"\r\n");
}

RC_GTEST_PROP(CsvProperties, WhatIsWrittenIsReadAgain, (std::vector<std::vector<std::string>> table)) {
  std::string text = "first,line\r\n";
  std::vector<std::vector<std::string>> expected;
  for (auto& cells : table) {
    if (cells.empty()) continue;
    cells.push_back("end");
    text += CsvLine(cells);
    for (std::string& cell : cells) {
      if (!cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos) cell.insert(0, "'");
    }
    expected.push_back(cells);
  }
  const auto rows = ReadCsv(text).rows;
  RC_ASSERT(rows.size() == expected.size() + 1);
  for (std::size_t i = 0; i < expected.size(); ++i) RC_ASSERT(rows[i + 1].cells == expected[i]);
}

}  // namespace
}  // namespace speechcoach::text
