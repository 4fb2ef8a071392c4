#include "api/rest/line_problem.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace speechcoach::api {
namespace {

struct Explanation {
  std::string_view field;
  std::string_view vi;
  std::string_view en;
};

constexpr std::array kExplanations{
    Explanation{"csv", "dấu ngoặc kép mở ra nhưng không đóng lại đúng chỗ",
                "a quote is opened and not closed where its cell ends"},
    Explanation{"header", "dòng đầu cần có tên cột; bảng câu cần cột text và level, danh sách lớp cần cột email",
                "the first line names the columns; sentences need text and level, a roster needs email"},
    Explanation{"rows", "bảng này dài quá hoặc chưa có dòng nào", "the table has no rows, or too many"},
    Explanation{"text", "cần một câu tiếng Anh, không quá 500 byte", "an English sentence is needed, of 500 bytes at most"},
    Explanation{"text_vi", "bản dịch quá dài hoặc có ký tự không đọc được", "the translation is too long or cannot be read"},
    Explanation{"level", "trình độ phải là A1, A2, B1, B2 hoặc C1", "the level is A1, A2, B1, B2 or C1"},
    Explanation{"topic", "chủ đề chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới, không quá 50 ký tự",
                "the topic is lower-case letters, digits and underscores, 50 at most"},
    Explanation{"focus_sounds", "mỗi âm là ký hiệu ARPAbet như TH hoặc nhóm như final_S, không quá 8 âm",
                "each sound is ARPAbet such as TH, or a group such as final_S, eight at most"},
    Explanation{"email", "địa chỉ e-mail không đúng hoặc bị lặp lại", "the e-mail address is none, or comes twice"},
    Explanation{"child", "cột child chỉ nhận yes, consented hoặc để trống", "child is yes, consented, or nothing"},
    Explanation{"name", "tên quá dài hoặc có ký tự không đọc được", "the name is too long or cannot be read"},
};

std::string Words(const LineError& error, model::Locale locale) {
  const auto row = std::ranges::find(kExplanations, error.field, &Explanation::field);
  const std::string_view said = row == kExplanations.end()     ? std::string_view(error.field)
                                : locale == model::Locale::kVi ? row->vi
                                                               : row->en;
  return locale == model::Locale::kVi ? fmt::format("Dòng {}: {}.", error.line, said)
                                      : fmt::format("Line {}: {}.", error.line, said);
}

}  // namespace

Response MakeLineProblem(const LineErrors& errors, ProblemContext context) {
  context.field = "csv";
  Response response = MakeProblem({base::ErrorCode::kBadField, ""}, context);
  const std::string_view body = response.body.view();
  boost::json::object document = boost::json::parse({body.data(), body.size()}).as_object();
  boost::json::array list;
  for (const LineError& error : errors) {
    list.emplace_back(
        boost::json::object{{"line", error.line}, {"field", error.field}, {"message", Words(error, context.locale)}});
  }
  document["errors"] = std::move(list);
  response.body = Body(boost::json::serialize(document));
  return response;
}

}  // namespace speechcoach::api
