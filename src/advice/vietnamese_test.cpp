#include "advice/internal/vietnamese.h"

#include <gtest/gtest.h>

#include "advice/internal/numbers.h"
#include "advice/internal/tokens.h"

namespace speechcoach::advice {
namespace {

TEST(VietnameseTest, SyllablesHaveTheShapeOfTheSpelling) {
  for (const char* word : {"nghiêng", "khuỷu", "quyển", "giếng", "gì", "đường", "người", "thuở", "ngoằn", "quyên", "yêu", "oẳn",
                           "trượt", "phẩy", "ấy"}) {
    EXPECT_TRUE(Unmark(word).has_marks) << word;
    EXPECT_TRUE(IsVietnameseShape(Unmark(word).base)) << word;
  }
  for (const char* word : {"pronunciation", "clear", "speed", "word", "great", "français", "niño", "street", "books", "your"}) {
    const Syllable syllable = Unmark(word);
    EXPECT_TRUE(syllable.base.empty() || !IsVietnameseShape(syllable.base)) << word;
  }
}

TEST(VietnameseTest, CapitalsBecomeSmall) {
  EXPECT_EQ(Lower("ĐỘ TRÔI CHẢY Ưu Ồ"), "độ trôi chảy ưu ồ");
  EXPECT_EQ(Unmark("tiếng").base, "tieng");
  EXPECT_TRUE(Unmark("đi").has_marks);
  EXPECT_FALSE(Unmark("di").has_marks);
  EXPECT_TRUE(Unmark("你好").base.empty());
}

TEST(NumbersTest, FindsFiguresInDigitsAndWords) {
  const auto values = [](std::string_view text) {
    std::string all;
    for (const Number& number : NumbersIn(text)) all += number.value + (number.of_ten ? "/10 " : " ");
    return all;
  };
  EXPECT_EQ(values("Phát âm đạt 7,50/10, có 3 khoảng lặng."), "7.5/10 3 ");
  EXPECT_EQ(values("Bạn được chín điểm."), "9/10 ");
  EXPECT_EQ(values("Mình thấy có hai điểm cần luyện."), "");
  EXPECT_EQ(values("Bạn đạt tám trên mười."), "8/10 ");
  EXPECT_EQ(values("Đọc ba lần, mỗi lần năm phút."), "");
  EXPECT_EQ(values("I give you nine out of ten."), "9/10 ");
}

TEST(TokensTest, QuotesAreTakenOut) {
  const Quotes quotes = SplitQuotes("Từ “three” và \"big dog\" nhé");
  EXPECT_EQ(quotes.quoted, (std::vector<std::string>{"three", "big dog"}));
  EXPECT_EQ(WordsOf(quotes.outside), (std::vector<std::string>{"từ", "và", "nhé"}));
  EXPECT_EQ(SplitQuotes("còn “mở").outside, "còn “mở");
}

}  // namespace
}  // namespace speechcoach::advice
