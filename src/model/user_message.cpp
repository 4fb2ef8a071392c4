#include "model/user_message.h"

#include <cmath>
#include <string>

namespace speechcoach::model {
namespace {

struct Message {
  std::string_view vi;
  std::string_view en;
};

// "60", "2.5".
std::string Number(double value) {
  std::string text = std::to_string(std::round(value * 10.0) / 10.0);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Size(std::int64_t bytes) {
  constexpr double kKib = 1024.0;
  const double kib = static_cast<double>(bytes) / kKib;
  return kib < kKib ? Number(kib) + " KB" : Number(kib / kKib) + " MB";
}

// The messages that name a limit.
struct LimitMessages {
  LimitMessages(double max_seconds, std::int64_t max_bytes)
      : too_long_vi("Bài nói dài quá " + Number(max_seconds) +
                    " giây. Bạn hãy chia thành từng đoạn ngắn hơn rồi ghi âm lại nhé."),
        too_long_en("The recording is longer than " + Number(max_seconds) +
                    " seconds. Please split it into shorter parts and record again."),
        too_large_vi("Tệp âm thanh lớn hơn " + Size(max_bytes) +
                     ". Bạn hãy chọn một tệp nhỏ hơn hoặc ghi âm trực tiếp trên trang này."),
        too_large_en("The audio file is larger than " + Size(max_bytes) +
                     ". Please choose a smaller file or record on this page.") {}

  std::string too_long_vi;
  std::string too_long_en;
  std::string too_large_vi;
  std::string too_large_en;
};

LimitMessages& Limits() {
  static LimitMessages limits(60.0, 10LL * 1024 * 1024);
  return limits;
}

Message MessageOf(base::ErrorCode code) {
  using enum base::ErrorCode;
  switch (code) {
    case kAudioTooLong:
      return {Limits().too_long_vi, Limits().too_long_en};
    case kAudioTooLarge:
      return {Limits().too_large_vi, Limits().too_large_en};
    case kAudioUnreadable:
      return {"Không mở được tệp âm thanh này, có thể tệp trống hoặc đã bị hỏng. Bạn hãy ghi âm lại hoặc chọn tệp khác.",
              "This audio could not be opened; it may be empty or damaged. Please record again or choose another file."};
    case kUnsupportedFormat:
      return {"Định dạng này chưa được hỗ trợ. Bạn hãy dùng tệp WAV, MP3, M4A, FLAC, OGG hoặc WebM.",
              "This format is not supported. Please use a WAV, MP3, M4A, FLAC, OGG or WebM file."};
    case kFormatMismatch:
      return {"Nội dung tệp không đúng với định dạng đã khai báo. Bạn hãy kiểm tra lại tệp rồi gửi lại.",
              "The content does not match the declared audio format. Please check the file and send it again."};
    case kNoSpeech:
      return {"Mình chưa nghe thấy giọng của bạn. Bạn hãy kiểm tra micrô, nói gần và to hơn một chút rồi thử lại nhé.",
              "No speech was heard. Please check your microphone, speak a little closer and louder, and try again."};
    case kRateLimited:
      return {"Bạn gửi hơi nhanh. Hãy chờ một chút rồi thử lại nhé.",
              "You are sending too fast. Please wait a moment and try again."};
    case kSessionQuota:
      return {"Bạn đã luyện đủ số lượt của giờ này, chăm chỉ lắm! Nghỉ một lát rồi quay lại luyện tiếp nhé.",
              "You have used all your practice sessions for this hour. Take a short break and come back."};
    case kSessionNotFound:
      return {"Không tìm thấy lượt luyện nói này. Bạn hãy bắt đầu một lượt mới.",
              "This practice session was not found. Please start a new one."};
    case kSessionExpired:
      return {"Lượt luyện nói này đã hết hạn. Bạn hãy bắt đầu một lượt mới.",
              "This practice session has expired. Please start a new one."};
    case kBusy:
      return {"Hệ thống đang phục vụ nhiều bạn cùng lúc. Bạn chờ vài giây rồi thử lại nhé.",
              "Many learners are practising right now. Please wait a few seconds and try again."};
    case kSttFailed:
      return {"Chưa nhận dạng được lời nói của bạn, nên kết quả lần này chỉ dựa trên giọng điệu. Bạn có thể bấm thử lại.",
              "Your words could not be recognised, so this result rests on your voice alone. You can try again."};
    case kProsodyFailed:
      return {"Chưa phân tích được ngữ điệu, nên kết quả lần này chưa đầy đủ. Bạn có thể bấm thử lại.",
              "Your intonation could not be analysed, so this result is incomplete. You can try again."};
    case kFeedbackDegraded:
      return {"Hệ thống AI đang bận, nên góp ý lần này là phân tích sơ bộ.",
              "The AI coach is busy, so this feedback is a first analysis."};
    case kStorageUnavailable:
      return {"Chưa lưu được bản ghi âm, nhưng lượt luyện của bạn vẫn còn. Bạn hãy gửi lại sau ít phút.",
              "The recording could not be saved, but your session is kept. Please send it again in a few minutes."};
    case kUnauthenticated:
      return {"Phiên đăng nhập đã hết hạn. Bạn hãy tải lại trang để đăng nhập lại.",
              "You are signed out. Please reload the page to sign in again."};
    case kForbidden:
      return {"Bạn không có quyền thực hiện việc này.", "You are not allowed to do this."};
    case kNotFound:
      return {"Không tìm thấy nội dung bạn cần.", "What you asked for was not found."};
    case kConflict:
      return {"Dữ liệu này đã có sẵn hoặc vừa được thay đổi ở nơi khác. Bạn hãy tải lại trang rồi thử lại nhé.",
              "This exists already or was changed meanwhile. Please reload the page and try again."};
    case kEmailTaken:
      return {"E-mail này đã có tài khoản. Bạn hãy đăng nhập, hoặc dùng một e-mail khác nhé.",
              "There is an account with this e-mail already. Please sign in, or use another e-mail."};
    case kWrongCredentials:
      return {"E-mail hoặc mật khẩu chưa đúng. Bạn kiểm tra lại rồi thử lần nữa nhé.",
              "The e-mail or the password is not right. Please check them and try again."};
    case kWrongState:
      return {"Thao tác này không thực hiện được ở bước hiện tại. Bạn hãy bắt đầu lại lượt luyện nói.",
              "This is not possible at this step. Please start the practice again."};
    case kBadJson:
    case kUnknownType:
    case kBadField:
      return {"Dữ liệu gửi lên chưa đúng. Bạn hãy tải lại trang rồi thử lại.",
              "The request is not valid. Please reload the page and try again."};
    case kCancelled:
      return {"Lượt luyện nói đã được dừng lại.", "The practice was stopped."};
    case kTimeout:
      return {"Việc phân tích mất quá nhiều thời gian. Bạn hãy thử lại nhé.", "The analysis took too long. Please try again."};
    case kBadConfig:
    case kModelUnavailable:
    case kInternal:
      break;
  }
  return {"Có trục trặc ở phía hệ thống, không phải do bạn. Bạn hãy thử lại sau ít phút nhé.",
          "Something went wrong on our side. Please try again in a few minutes."};
}

}  // namespace

void SetRecordingLimits(double max_seconds, std::int64_t max_bytes) { Limits() = LimitMessages(max_seconds, max_bytes); }

std::string_view UserMessage(base::ErrorCode code, Locale locale, std::string_view field) {
  static constexpr Message kReference{
      "Câu để đọc cần có ít nhất một từ tiếng Anh và không quá 1.000 ký tự. Bạn hãy nhập lại một câu tiếng Anh nhé.",
      "The text to read needs at least one English word, and 1,000 characters at most. Please enter an English sentence."};
  const bool is_reference = code == base::ErrorCode::kBadField && field == "reference_text";
  const Message message = is_reference ? kReference : MessageOf(code);
  return locale == Locale::kVi ? message.vi : message.en;
}

}  // namespace speechcoach::model
