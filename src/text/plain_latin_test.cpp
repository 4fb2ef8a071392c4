#include "text/plain_latin.h"

#include <gtest/gtest.h>

namespace speechcoach::text {
namespace {

TEST(PlainLatin, PlainTextStaysAsItIs) { EXPECT_EQ(ToPlainLatin("I'm 25, \"ok\"?"), "I'm 25, \"ok\"?"); }

TEST(PlainLatin, LettersLoseTheirMarks) {
  EXPECT_EQ(ToPlainLatin("Hà Nội, Đà Nẵng, phở, Nguyễn"), "Ha Noi, Da Nang, pho, Nguyen");
  EXPECT_EQ(ToPlainLatin("ỲỴỶỸỳỵỷỹ ẠẢ ạả Ưư Ơơ"), "YYYYyyyy AA aa Uu Oo");
  EXPECT_EQ(ToPlainLatin("café naïve Zürich Žižek Ångström"), "cafe naive Zurich Zizek Angstrom");
  EXPECT_EQ(ToPlainLatin("Hà"), "Ha") << "with a combining accent";
}

TEST(PlainLatin, SignsBecomeTheirAsciiForms) {
  EXPECT_EQ(ToPlainLatin("it’s “well-known”"), "it's \"well-known\"");
  EXPECT_EQ(ToPlainLatin("so—then"), "so - then");
  EXPECT_EQ(ToPlainLatin("€5 £6"), "€5 £6") << "currency is said, by the rules for numbers";
}

TEST(PlainLatin, WhatHasNoFormBecomesASpace) {
  EXPECT_EQ(ToPlainLatin("a你b"), "a b");
  EXPECT_EQ(ToPlainLatin("a\xffz\xc3"), "a z ") << "and so do bytes that are no text";
}

}  // namespace
}  // namespace speechcoach::text
