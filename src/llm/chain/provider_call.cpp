#include "llm/chain/provider_call.h"

#include <algorithm>

#include "llm/text/sse_parser.h"

namespace speechcoach::llm {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMaxErrorBytes = 65'536;
// For the end of an answer whose last event is there. The text has been shown by then.
constexpr std::chrono::milliseconds kEndPatience{500};

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

class OneCall {
 public:
  OneCall(HttpClient& http, const WireFormat& format, const WireTarget& target, const ChatRequest& request,
          const CallLimits& limits, std::int64_t now_ms, const std::function<void(std::string_view)>& on_text)
      : format_(format), limits_(limits), now_ms_(now_ms), on_text_(on_text), began_(SteadyClock::now()), last_token_(began_) {
    WireRequest wire = format.Build(target, request);
    answer_ =
        http.Post({std::move(wire.url), std::move(wire.headers), std::move(wire.body), limits.connect, limits.max_answer_bytes});
  }

  CallResult operator()(const std::stop_token& stop) {
    std::string data;
    while (!is_over_) {
      switch (answer_->Next(Deadline(), stop, data)) {
        case HttpAnswer::Event::kData:
          TakeData(data);
          break;
        case HttpAnswer::Event::kEnd:
          TakeEnd();
          break;
        case HttpAnswer::Event::kFailed:
          TakeFailure();
          break;
        case HttpAnswer::Event::kTooLarge:
          End(FaultKind::kUnusable, "answer too long");
          break;
        case HttpAnswer::Event::kDeadline:
          TakeDeadline();
          break;
        case HttpAnswer::Event::kCancelled:
          End(FaultKind::kCancelled, "cancelled");
          break;
      }
    }
    if (is_end_due_) AwaitEnd(stop);
    return std::move(result_);
  }

 private:
  enum class Form { kUnknown, kError, kStream, kWhole };

  SteadyClock::time_point Deadline() const {
    const auto next = result_.first_token ? last_token_ + limits_.token_gap : began_ + limits_.first_token;
    return std::min(next, limits_.end);
  }

  void End(FaultKind kind, std::string message) { EndWith({kind, std::move(message)}); }
  void EndWith(CallFault fault) {
    result_.fault = std::move(fault);
    is_over_ = true;
  }

  void TakeData(const std::string& data) {
    if (form_ == Form::kUnknown) Begin();
    if (form_ == Form::kStream) {
      events_.Feed(data, [this](std::string_view event) { Take(format_.Read(event)); });
    } else if (form_ == Form::kWhole || body_.size() < kMaxErrorBytes) {
      body_ += data;
    }
  }

  void Begin() {
    const int status = answer_->status();
    const std::string type = answer_->header("content-type");
    if (status < 200 || status > 299) {
      form_ = Form::kError;
    } else if (type.starts_with("text/html")) {
      End(FaultKind::kUnusable, "HTML");
    } else {
      form_ = type.starts_with("text/event-stream") ? Form::kStream : Form::kWhole;
      result_.was_accepted = true;
    }
  }

  void Take(Piece piece) {
    if (is_over_) return;
    if (piece.usage) result_.usage = piece.usage;
    if (piece.finish) {
      finish_ = piece.finish;
      result_.was_finished = true;
    }
    if (!piece.text.empty()) {
      last_token_ = SteadyClock::now();
      if (!result_.first_token) result_.first_token = std::chrono::duration_cast<std::chrono::milliseconds>(last_token_ - began_);
      result_.text += piece.text;
      on_text_(piece.text);
    }
    if (piece.fault) {
      EndWith(std::move(*piece.fault));
    } else if (piece.is_last) {
      Complete();
      is_end_due_ = !result_.fault && form_ == Form::kStream;
    }
  }

  void TakeEnd() {
    if (form_ == Form::kUnknown) Begin();
    if (is_over_) return;
    if (form_ == Form::kError) {
      EndWith(
          format_.ReadError(answer_->status(), [this](std::string_view name) { return answer_->header(name); }, body_, now_ms_));
      return;
    }
    if (form_ == Form::kStream) {
      events_.Finish([this](std::string_view event) { Take(format_.Read(event)); });
    } else if (!IsBlank(body_)) {
      Take(format_.Read(body_));
    }
    if (!is_over_) Complete();
  }

  void TakeFailure() {
    // The text is there; how the connection ended says nothing about it.
    if (finish_) return Complete();
    const std::string why = answer_->failure();
    const bool is_timeout = why == "Timeout was reached";
    End(is_timeout ? FaultKind::kTimeout : FaultKind::kConnection, is_timeout ? "no connection in time" : why);
  }

  void TakeDeadline() {
    if (finish_) return Complete();
    const bool is_total = SteadyClock::now() >= limits_.end;
    End(FaultKind::kTimeout, is_total ? "answer not whole in time" : result_.first_token ? "stalled" : "no first token in time");
  }

  // A server may send the last event and the end of the body apart. A transfer that ends by itself leaves its connection for
  // the next question; one that is given up takes the connection with it.
  void AwaitEnd(const std::stop_token& stop) {
    const auto patience = std::min(SteadyClock::now() + kEndPatience, limits_.end);
    std::string rest;
    while (answer_->Next(patience, stop, rest) == HttpAnswer::Event::kData) {
    }
  }

  void Complete() {
    if (IsBlank(result_.text)) return End(FaultKind::kUnusable, "blank");
    if (!finish_) return End(FaultKind::kConnection, "cut off");
    if (*finish_ == Finish::kLength) return End(FaultKind::kUnusable, "cut at the token limit");
    is_over_ = true;
  }

  const WireFormat& format_;
  const CallLimits limits_;
  const std::int64_t now_ms_;
  const std::function<void(std::string_view)>& on_text_;
  const SteadyClock::time_point began_;
  SteadyClock::time_point last_token_;
  std::unique_ptr<HttpAnswer> answer_;
  Form form_ = Form::kUnknown;
  SseParser events_;
  std::string body_;
  std::optional<Finish> finish_;
  bool is_over_ = false;
  bool is_end_due_ = false;  // all events came, and the body has not ended
  CallResult result_;
};

}  // namespace

CallResult CallProvider(HttpClient& http, const WireFormat& format, const WireTarget& target, const ChatRequest& request,
                        const CallLimits& limits, std::int64_t now_ms, const std::function<void(std::string_view)>& on_text,
                        const std::stop_token& stop) {
  return OneCall(http, format, target, request, limits, now_ms, on_text)(stop);
}

}  // namespace speechcoach::llm
