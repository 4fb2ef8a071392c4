#include "llm/http/http_client.h"

#include <gtest/gtest.h>

namespace speechcoach::llm {
namespace {

TEST(HttpClient, KnowsThisMachine) {
  for (const char* url : {"http://localhost:11434/v1", "http://LOCALHOST/v1", "https://127.0.0.1/v1", "http://127.8.9.1:1/v1",
                          "http://[::1]:8000/v1"}) {
    EXPECT_TRUE(IsOnThisMachine(url)) << url;
  }
  for (const char* url : {"https://api.openai.com/v1", "http://127.0.0.1.example.com/v1", "http://localhost.example.com",
                          "http://0.0.0.0:1", "http://10.0.0.1", "http://user@example.com", "http://localhost@example.com/v1",
                          "http://example.com/localhost", "", "127", "http://"}) {
    EXPECT_FALSE(IsOnThisMachine(url)) << url;
  }
}

TEST(HttpClient, KnowsWhereNobodyListens) {
  for (const char* url :
       {"https://api.openai.com/v1", "HTTPS://api.openai.com", "http://localhost:11434/v1", "http://127.0.0.1/v1",
        "http://10.1.2.3:8000", "http://172.16.0.1", "http://172.31.255.1", "http://192.168.1.20:8080/v1", "http://169.254.1.1",
        "http://[fd12:3456::1]:8000/v1", "http://[fe80::1]/v1", "http://gpu-box:11434/v1", "http://GPU.local",
        "http://vllm.svc.cluster.internal"}) {
    EXPECT_TRUE(KeepsSecrets(url)) << url;
  }
  for (const char* url :
       {"http://api.openai.com/v1", "http://172.32.0.1", "http://192.169.1.1", "http://11.0.0.1", "http://0.0.0.0",
        "http://8.8.8.8", "http://134744072", "http://[2606:4700::1]/v1", "http://10.0.0.1.example.com",
        "http://gpu-box@example.com/v1", "ftp://10.0.0.1", "10.0.0.1", "", "http://"}) {
    EXPECT_FALSE(KeepsSecrets(url)) << url;
  }
}

TEST(HttpClient, LocalOnlyRefusesOthersWithoutASocket) {
  const auto client = MakeHttpClient({.local_only = true});
  ASSERT_TRUE(client.ok());
  const auto answer = (*client)->Post({"https://api.openai.com/v1/chat/completions", {}, "{}"});
  std::string data;
  EXPECT_EQ(answer->Next(HttpAnswer::Clock::now() + std::chrono::seconds(5), {}, data), HttpAnswer::Event::kFailed);
  EXPECT_EQ(answer->failure(), "not on this machine");
}

TEST(HttpClient, RefusedConnectionsAndOtherSchemesFail) {
  const auto client = MakeHttpClient({});
  ASSERT_TRUE(client.ok());
  for (const char* url : {"http://127.0.0.1:1/v1", "file:///etc/passwd", "no url"}) {
    const auto answer = (*client)->Post({url, {}, "{}"});
    std::string data;
    EXPECT_EQ(answer->Next(HttpAnswer::Clock::now() + std::chrono::seconds(20), {}, data), HttpAnswer::Event::kFailed) << url;
    EXPECT_FALSE(answer->failure().empty());
  }
}

}  // namespace
}  // namespace speechcoach::llm
