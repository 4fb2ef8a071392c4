#include "api/server.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/test_client.h"
#include "api/test_world.h"

namespace speechcoach::api {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSessions = "/api/v1/speech-practice/sessions";
constexpr std::string_view kWebSocket = "/api/v1/ws/speech-practice";

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    const auto web = world_.folder() / "web";
    std::filesystem::create_directories(web / "assets");
    std::ofstream(web / "index.html") << "<html>page</html>";
    std::ofstream(web / "assets" / "app.js") << "run()";
    server_ = ApiServer::Start(world_.config, world_.Parts(), world_.folder()).value();
    token_ = NewToken();
  }

  std::string NewToken() {
    return std::string(TestClient(server_->port()).Ask("POST", "/api/v1/auth/guest").json().at("token").as_string());
  }
  std::string Bearer() const { return "Authorization: Bearer " + token_ + "\r\n"; }
  HttpAnswer Ask(std::string_view method, std::string_view target, std::string_view headers = "", std::string_view body = "") {
    return TestClient(server_->port()).Ask(method, target, Bearer() + std::string(headers), body);
  }
  HttpAnswer Upload(std::string_view query, const std::vector<std::uint8_t>& audio, const std::string& headers = "") {
    std::string body =
        "--B\r\nContent-Disposition: form-data; name=mode\r\n\r\nconversation\r\n"
        "--B\r\nContent-Disposition: form-data; name=audio; filename=a.wav\r\nContent-Type: audio/wav\r\n\r\n";
    body.append(audio.begin(), audio.end());
    return Ask("POST", std::string(kSessions) + std::string(query), headers + "Content-Type: multipart/form-data; boundary=B\r\n",
               body + "\r\n--B--\r\n");
  }

  // For scripts that wait; they outlive the threads that do.
  std::latch running_{1};
  std::latch release_{1};
  TestWorld world_{[](base::Config& config) {
    config.audio.max_bytes = 1'000'000;
    config.limits.messages_per_second = 1'000'000;  // floods have their test elsewhere
  }};
  std::unique_ptr<ApiServer> server_;
  std::string token_;
};

TEST_F(ServerTest, AnUploadIsAnalysedWhileTheClientWaits) {
  const HttpAnswer answer = Upload("?wait=30", TestWorld::Recording("good.wav"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto session = answer.json();
  EXPECT_EQ(session.at("status").as_string(), "completed");
  EXPECT_EQ(session.at("transcript").as_string(), "Always waiting.");
  const std::string path = std::string(kSessions) + "/" + std::string(session.at("id").as_string());
  EXPECT_EQ(Ask("GET", path).json().at("id"), session.at("id"));
  const HttpAnswer part = Ask("GET", path + "/audio", "Range: bytes=0-3\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "RIFF");
  EXPECT_EQ(part.headers.at("content-type"), "audio/wav");
  EXPECT_EQ(Ask("GET", path + "/audio", "Range: bytes=9999999-\r\n").status, 416);
  const auto page = Ask("GET", std::string(kSessions) + "?limit=1").json();
  EXPECT_EQ(page.at("sessions").as_array().size(), 1u);
  EXPECT_FALSE(page.at("sessions").as_array()[0].as_object().contains("prosody_features"));
  EXPECT_EQ(Ask("DELETE", path).status, 204);
  EXPECT_EQ(Ask("GET", path).status, 404);
}

TEST_F(ServerTest, WithoutWaitingItIsAccepted) {
  world_.transcriber.script = [&] {
    release_.wait();
    return ScriptedTranscriber().script();
  };
  const HttpAnswer answer = Upload("", TestWorld::Recording("good.wav"));
  const HttpAnswer waited = Ask("GET", answer.headers.at("location"));
  const HttpAnswer too_short = Ask("POST", answer.headers.at("location") + "/retry?wait=1");
  release_.count_down();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(waited.json().at("status").as_string(), "processing");
  EXPECT_EQ(too_short.status, 202) << "the wait ends with what there is";
}

// Waiting takes no thread: many more wait than there are threads, and others are served meanwhile.
TEST_F(ServerTest, ManyCanWaitAtOnce) {
  world_.transcriber.script = [&] {
    release_.wait();
    return ScriptedTranscriber().script();
  };
  std::vector<std::jthread> waiting;
  std::atomic<int> done = 0;
  for (int i = 0; i < 12; ++i) {
    waiting.emplace_back([&] {
      if (Upload("?wait=30", TestWorld::Recording("good.wav")).status == 200) ++done;
    });
  }
  while (Ask("GET", std::string(kSessions) + "?status=processing&limit=100").json().at("sessions").as_array().size() < 12) {
    std::this_thread::sleep_for(20ms);  // without it, on a busy machine, the limit of requests ends the test
  }
  release_.count_down();
  waiting.clear();
  EXPECT_EQ(done, 12);
}

TEST_F(ServerTest, ARefusedRecordingNamesItsSession) {
  const HttpAnswer answer = Upload("?wait=5", {'n', 'o', 'i', 's', 'e'});
  EXPECT_GE(answer.status, 415);
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  const std::string id(answer.json().at("session_id").as_string());
  const std::string path = std::string(kSessions) + "/" + id;
  EXPECT_EQ(Ask("GET", path).json().at("status").as_string(), "awaiting_audio");
  const auto good = TestWorld::Recording("good.wav");
  const HttpAnswer again =
      Ask("POST", path + "/audio?wait=30", "Content-Type: audio/wav\r\n", std::string(good.begin(), good.end()));
  EXPECT_EQ(again.status, 200) << again.body;
}

// The client sends all it has before it looks at the answer, as most do.
TEST_F(ServerTest, TooLargeABodyIsRefusedSoThatTheClientSeesIt) {
  const HttpAnswer answer = Upload("", std::vector<std::uint8_t>(3'000'000));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.json().at("code").as_string(), "audio_too_large");
  TestClient chunked(server_->port());
  chunked.SendRaw("POST " + std::string(kSessions) + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + Bearer() +
                  "\r\n");
  const std::string chunk = "20000\r\n" + std::string(0x20000, 'x') + "\r\n";
  for (int i = 0; i < 12; ++i) chunked.SendRaw(chunk);
  EXPECT_EQ(chunked.Receive().status, 413);
  EXPECT_EQ(Ask("POST", "/api/v1/auth/guest", "Content-Type: application/json\r\n", std::string(100'000, ' '))
                .json()
                .at("code")
                .as_string(),
            "content_too_large");
}

TEST_F(ServerTest, AnnouncedTooLargeIsRefusedBeforeItIsSent) {
  TestClient client(server_->port());
  client.SendRaw("POST " + std::string(kSessions) +
                 " HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 413);
  TestClient fitting(server_->port());
  fitting.SendRaw("POST " + std::string(kSessions) +
                  " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n" +
                  Bearer() + "\r\n");
  EXPECT_EQ(fitting.Receive().status, 100);
  fitting.SendRaw("{}");
  EXPECT_EQ(fitting.Receive().json().at("field").as_string(), "mode");
}

TEST_F(ServerTest, WhatIsNoRequestIsAnsweredAndClosed) {
  for (const char* bytes :
       {"GARBAGE\r\n\r\n", "GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "POST /api/v1/auth/guest HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    TestClient client(server_->port());
    client.SendRaw(bytes);
    EXPECT_EQ(client.Receive().status, 400) << bytes;
    EXPECT_TRUE(client.IsClosed()) << bytes;
  }
  TestClient client(server_->port());
  client.SendRaw("GET / HTTP/1.1\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 431);
}

TEST_F(ServerTest, AConnectionServesOneRequestAfterTheOther) {
  TestClient client(server_->port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Ask("GET", "/healthz").status, 200);
  client.SendRaw("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(client.Ask("GET", "/healthz", "Connection: close\r\n").status, 200);
  EXPECT_TRUE(client.IsClosed());
  TestClient old(server_->port());
  old.SendRaw("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.Receive().status, 200);
  EXPECT_TRUE(old.IsClosed());
}

TEST_F(ServerTest, HeadIsGetWithoutItsBody) {
  TestClient client(server_->port());
  const HttpAnswer head = client.Ask("HEAD", "/");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "17");
  EXPECT_EQ(client.Ask("GET", "/").body, "<html>page</html>") << "nothing of a body lies in between";
}

TEST_F(ServerTest, UnknownPathsAndMethods) {
  EXPECT_EQ(Ask("GET", "/api/v1/nothing").status, 404);
  EXPECT_EQ(Ask("GET", "/api/v1/nothing", "Accept: text/html\r\n").status, 404) << "the API has no pages";
  EXPECT_EQ(Ask("GET", "/history", "Accept: text/html\r\n").body, "<html>page</html>");
  const HttpAnswer wrong = Ask("PUT", kSessions);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "POST, GET, HEAD, OPTIONS");
  EXPECT_EQ(Ask("OPTIONS", kSessions).status, 204);
  EXPECT_EQ(Ask("BREW", kSessions).status, 405);
}

TEST_F(ServerTest, RequestsHaveAnId) {
  EXPECT_EQ(Ask("GET", "/healthz", "X-Request-Id: abc-1\r\n").headers.at("x-request-id"), "abc-1");
  EXPECT_EQ(Ask("GET", "/healthz", "X-Request-Id: a b\"<>\r\n").headers.at("x-request-id").size(), 36u);
  EXPECT_EQ(Ask("GET", "/healthz").headers.at("x-content-type-options"), "nosniff");
}

TEST_F(ServerTest, OnlyWithATokenAndOnlyOnesOwn) {
  EXPECT_EQ(TestClient(server_->port()).Ask("GET", kSessions).status, 401);
  EXPECT_EQ(TestClient(server_->port()).Ask("GET", std::string(kSessions) + "?token=" + token_).status, 401);
  const HttpAnswer mine = Ask("POST", kSessions, "Content-Type: application/json\r\n", R"({"mode":"conversation"})");
  ASSERT_EQ(mine.status, 201) << mine.body;
  const std::string path = mine.headers.at("location");
  token_ = NewToken();
  for (const auto& [method, target] :
       {std::pair{"GET", path}, {"DELETE", path}, {"GET", path + "/audio"}, {"POST", path + "/retry"}}) {
    EXPECT_EQ(Ask(method, target).status, 404) << method << target;
  }
  EXPECT_EQ(Ask("GET", std::string(kSessions) + "/not-an-id").status, 404);
}

TEST_F(ServerTest, WhoIsNoTeacherAnyMoreIsNotAnsweredAgain) {
  model::User user = world_.database->users().Get(Ask("GET", "/api/v1/auth/me").json().at("id").as_int64()).value();
  const auto send = [&] {
    return Ask("POST", "/api/v1/classes", "Idempotency-Key: k\r\nContent-Type: application/json\r\n", R"({"name":"9A"})").status;
  };
  user.role = model::Role::kTeacher;
  ASSERT_TRUE(world_.database->users().Update(user).ok());
  EXPECT_EQ(send(), 201);
  EXPECT_EQ(send(), 201);
  user.role = model::Role::kLearner;
  ASSERT_TRUE(world_.database->users().Update(user).ok());
  EXPECT_EQ(send(), 403);
}

TEST_F(ServerTest, GuestsHaveANameOrNone) {
  TestClient client(server_->port());
  const auto guest = client.Ask("POST", "/api/v1/auth/guest", "Content-Type: application/json\r\n", R"({"name":"Lan Anh"})");
  ASSERT_EQ(guest.status, 201);
  EXPECT_EQ(guest.json().at("user").as_object().at("name").as_string(), "Lan Anh");
  EXPECT_EQ(guest.json().at("user").as_object().at("role").as_string(), "learner");
  EXPECT_EQ(Ask("GET", "/api/v1/auth/me").json().at("name").as_string(), "");
  EXPECT_EQ(client.Ask("POST", "/api/v1/auth/guest", "Content-Type: application/json\r\n", R"({"name":7})").status, 400);
  EXPECT_EQ(client.Ask("POST", "/api/v1/auth/guest", "Content-Type: text/plain\r\n", "Lan").status, 415);
}

TEST_F(ServerTest, ProblemsSpeakTheClientsLanguage) {
  const auto detail = [&](std::string_view headers) {
    return std::string(Ask("GET", "/api/v1/nothing", headers).json().at("detail").as_string());
  };
  EXPECT_EQ(detail(""), "Không tìm thấy nội dung bạn cần.");
  EXPECT_EQ(detail("Accept-Language: fr, en-GB;q=0.8, vi;q=0.5\r\n"), "What you asked for was not found.");
}

TEST_F(ServerTest, FromTheMicrophoneToFeedback) {
  TestClient client(server_->port());
  const HttpAnswer upgrade = client.Upgrade(kWebSocket, "Sec-WebSocket-Protocol: speechcoach.v1, bearer." + token_ + "\r\n");
  ASSERT_EQ(upgrade.status, 101);
  EXPECT_EQ(upgrade.headers.at("sec-websocket-protocol"), "speechcoach.v1");
  EXPECT_EQ(client.Await("hello").at("version").as_string(), "speechcoach.v1");
  client.SendText(R"({"type":"start_session","mode":"conversation","audio":{"format":"pcm_s16le","sample_rate":16000}})");
  const auto started = client.Await("session_started");
  const auto wav = TestWorld::Recording("good.wav");
  std::uint32_t seq = 0;
  for (std::size_t at = 44; at < wav.size(); at += 3200, ++seq) {
    std::string frame(8, '\0');
    frame[0] = static_cast<char>(started.at("stream_id").to_number<int>());
    frame[4] = static_cast<char>(seq);
    frame.append(reinterpret_cast<const char*>(wav.data()) + at, std::min<std::size_t>(3200, wav.size() - at));
    client.SendFrame(2, frame);
  }
  client.SendText(fmt::format(R"({{"type":"end_recording","session_id":"{}","last_seq":{}}})",
                              started.at("session_id").as_string().c_str(), seq - 1));
  EXPECT_EQ(client.Await("analysis_complete").at("status").as_string(), "completed");
  client.SendText(R"({"type":"ping","nonce":"n"})");
  EXPECT_EQ(client.Await("pong").at("nonce").as_string(), "n");
  client.SendFrame(8, std::string("\x03\xe8", 2));
  EXPECT_EQ(client.AwaitClose(), 1000);
}

TEST_F(ServerTest, ClosesTellABrowserWhy) {
  TestClient stranger(server_->port());
  EXPECT_EQ(stranger.Upgrade(kWebSocket, "Sec-WebSocket-Protocol: speechcoach.v1\r\n").status, 101);
  EXPECT_EQ(stranger.AwaitClose(), 4401);
  TestClient foreign(server_->port());
  EXPECT_EQ(foreign.Upgrade(kWebSocket, Bearer() + "Origin: https://evil.example\r\n").status, 101);
  EXPECT_EQ(foreign.AwaitClose(), 1008);
  TestClient heavy(server_->port());
  EXPECT_EQ(heavy.Upgrade(kWebSocket, Bearer()).status, 101);
  heavy.Await("hello");
  heavy.SendFrameHead(2, 2 * 1024 * 1024);
  EXPECT_EQ(heavy.AwaitClose(), 1009);
}

TEST_F(ServerTest, FramesComeInAnyPieces) {
  TestClient client(server_->port());
  ASSERT_EQ(client.Upgrade(kWebSocket, Bearer()).status, 101);
  client.Await("hello");
  const std::string ping = R"({"type":"ping","nonce":"n"})";
  const std::string frame = std::string{'\x81', static_cast<char>(0x80 | ping.size())} + std::string(4, '\0') + ping;
  for (const char byte : frame) client.SendRaw({&byte, 1});
  EXPECT_EQ(client.Await("pong").at("nonce").as_string(), "n");
  client.SendRaw(frame + frame);
  client.Await("pong");
  client.Await("pong");
  client.SendFrame(9, "are you there");
  const TestClient::Frame pong = client.ReceiveFrame();
  EXPECT_EQ(pong.opcode, 10);
  EXPECT_EQ(pong.payload, "are you there");
}

TEST_F(ServerTest, WhatCannotBeReadPastClosesWithACode) {
  const auto close_code = [&](std::string_view bytes) {
    TestClient client(server_->port());
    EXPECT_EQ(client.Upgrade(kWebSocket, Bearer()).status, 101);
    client.SendRaw(bytes);
    const int code = client.AwaitClose();
    EXPECT_TRUE(client.IsClosed());
    return code;
  };
  EXPECT_EQ(close_code(std::string("\x81\x02{}", 4)), 1002) << "not masked";
  EXPECT_EQ(close_code(std::string("\x81\x81\0\0\0\0\xff", 7)), 1007) << "no UTF-8";
  EXPECT_EQ(close_code(std::string("\x88\x82\0\0\0\0\x0b\xb8", 8)), 3000) << "the client's own";
}

// Neither answers nor pongs pile up for a client that reads none of them.
TEST_F(ServerTest, PingsAreNoWayAroundTheLimits) {
  TestClient client(server_->port());
  ASSERT_EQ(client.Upgrade(kWebSocket, Bearer()).status, 101);
  client.Await("hello");
  const std::string ping = std::string("\x89\x80", 2) + std::string(4, '\0');
  std::string pings;
  for (int i = 0; i < 5000; ++i) pings += ping;
  client.SendRaw(pings);
  EXPECT_EQ(client.AwaitClose(), 4429);
}

TEST_F(ServerTest, AnotherVersionOfTheProtocolIsRefused) {
  TestClient client(server_->port());
  client.Send("GET", kWebSocket,
              Bearer() +
                  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: "
                  "dGhlIHNhbXBsZSBub25jZQ==\r\n");
  const HttpAnswer answer = client.Receive();
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(answer.headers.at("sec-websocket-version"), "13");
}

TEST_F(ServerTest, AWebSocketIsOnlyWhereItBelongs) {
  TestClient client(server_->port());
  EXPECT_EQ(client.Upgrade("/api/v1/sentences", Bearer()).status, 200);
  TestClient plain(server_->port());
  EXPECT_EQ(plain.Ask("GET", kWebSocket, Bearer()).status, 404);
}

// Every answer is many times its question, and none is read.
TEST_F(ServerTest, WhoDoesNotReadLosesTheConnection) {
  const HttpAnswer answer = Upload("?wait=30", TestWorld::Recording("good.wav"));
  const std::string resume = fmt::format(R"({{"type":"resume","session_id":"{}"}})", answer.json().at("id").as_string().c_str());
  TestClient client(server_->port(), 65536);
  ASSERT_EQ(client.Upgrade(kWebSocket, Bearer()).status, 101);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  bool is_cut_off = false;
  while (!is_cut_off && std::chrono::steady_clock::now() < deadline) {
    try {
      client.SendText(resume);
    } catch (const std::runtime_error&) {
      is_cut_off = true;
    }
  }
  EXPECT_TRUE(is_cut_off);
  EXPECT_EQ(Ask("GET", "/healthz").status, 200);
}

TEST_F(ServerTest, StoppingTellsEveryoneAndWaitsForAnswers) {
  TestClient live(server_->port());
  ASSERT_EQ(live.Upgrade(kWebSocket, Bearer()).status, 101);
  live.Await("hello");
  live.SendText(R"({"type":"start_session","mode":"conversation","audio":{"format":"webm_opus"}})");
  const std::string recording(live.Await("session_started").at("session_id").as_string());
  world_.transcriber.script = [&] {
    running_.count_down();
    release_.wait();
    return ScriptedTranscriber().script();
  };
  std::atomic<int> status = 0;
  std::jthread waiting([&] { status = Upload("?wait=30", TestWorld::Recording("good.wav")).status; });
  running_.wait();
  std::jthread stopping([&] { server_->Stop(30s); });
  EXPECT_GT(live.Await("going_away").at("retry_after_ms").as_int64(), 0);
  EXPECT_EQ(live.AwaitClose(), 1001);
  live.SendFrame(8, std::string("\x03\xe9", 2));
  live.EndSending();
  release_.count_down();
  waiting.join();
  stopping.join();
  EXPECT_EQ(status, 200);
  EXPECT_THROW(TestClient(server_->port()).Ask("GET", "/healthz"), std::runtime_error);
  const auto interrupted = world_.database->sessions().Get(recording);
  EXPECT_EQ(interrupted->status, model::SessionStatus::kInterrupted);
}

TEST_F(ServerTest, StoppingCutsOffWhatTakesTooLong) {
  world_.transcriber.script = [&] {
    running_.count_down();
    release_.wait();
    return ScriptedTranscriber().script();
  };
  std::jthread waiting([&] { EXPECT_THROW(Upload("?wait=30", TestWorld::Recording("good.wav")), std::runtime_error); });
  running_.wait();
  server_->Stop(50ms);
  release_.count_down();
}

// The client sends it again: to the same server while the first wait lasts, and to the next one once the first is gone.
TEST_F(ServerTest, WhatWasTakenInIsNotTakenInAgain) {
  world_.transcriber.script = [&] {
    running_.count_down();
    release_.wait();
    return ScriptedTranscriber().script();
  };
  const auto send = [&] { return Upload("?wait=30", TestWorld::Recording("good.wav"), "Idempotency-Key: k\r\n"); };
  std::jthread waiting([&] { EXPECT_THROW(send(), std::runtime_error); });
  running_.wait();
  HttpAnswer meanwhile = send();
  for (; meanwhile.status == 503; meanwhile = send())
    std::this_thread::sleep_for(5ms);  // the analysis may begin before it is said that it is queued
  server_->Stop(50ms);
  waiting.join();
  server_.reset();
  server_ = ApiServer::Start(world_.config, world_.Parts(), world_.folder()).value();
  const HttpAnswer later = send();
  release_.count_down();
  for (const HttpAnswer& again : {meanwhile, later}) {
    ASSERT_EQ(again.status, 202) << again.body;
    EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
    EXPECT_EQ(again.headers.at("location"), std::string(kSessions) + "/" + std::string(again.json().at("id").as_string()));
    EXPECT_EQ(again.json().at("status").as_string(), "processing");
  }
  EXPECT_EQ(Ask("GET", kSessions).json().at("sessions").as_array().size(), 1u);
}

TEST_F(ServerTest, TwoCannotListenOnOnePort) {
  base::Config config = world_.config;
  config.server.port = server_->port();
  const auto second = ApiServer::Start(config, world_.Parts(), world_.folder());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, base::ErrorCode::kBadConfig);
}

TEST_F(ServerTest, OtherOriginsNeedThePermissionOfTheConfiguration) {
  EXPECT_FALSE(Ask("GET", "/healthz", "Origin: https://school.example\r\n").headers.contains("access-control-allow-origin"));
  base::Config config = world_.config;
  config.server.allowed_origins = {"https://school.example"};
  const auto open = ApiServer::Start(config, world_.Parts(), world_.folder()).value();
  TestClient client(open->port());
  const auto preflight =
      client.Ask("OPTIONS", kSessions, "Origin: https://school.example\r\nAccess-Control-Request-Method: POST\r\n");
  EXPECT_EQ(preflight.headers.at("access-control-allow-origin"), "https://school.example");
  EXPECT_NE(preflight.headers.at("access-control-allow-headers").find("Authorization"), std::string::npos);
  EXPECT_FALSE(client.Ask("GET", "/healthz", "Origin: https://evil.example\r\n").headers.contains("access-control-allow-origin"));
}

TEST(ServerStartTest, AnUnreachableDatabaseIsNotReady) {
  TestWorld world;
  ApiParts parts = world.Parts();
  parts.ready = [] { return base::Status(base::ErrorCode::kStorageUnavailable, "scripted"); };
  const auto server = ApiServer::Start(world.config, parts, world.folder()).value();
  TestClient client(server->port());
  const HttpAnswer answer = client.Ask("GET", "/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_GT(std::stoi(answer.headers.at("retry-after")), 0);
  EXPECT_EQ(client.Ask("GET", "/healthz").status, 200);
}

TEST(ServerStartTest, GuestsOnlyWhereTheyAreTaken) {
  TestWorld world([](base::Config& config) { config.auth.guest = false; });
  const auto server = ApiServer::Start(world.config, world.Parts(), world.folder()).value();
  EXPECT_EQ(TestClient(server->port()).Ask("POST", "/api/v1/auth/guest").status, 403);
}

}  // namespace
}  // namespace speechcoach::api
