#include "api/static/static_files.h"

#include <fstream>

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::api {
namespace {

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    std::filesystem::create_directories(root_ / "assets");
    Write("index.html", "<html>page</html>");
    Write("assets/app-1a2b.js", "run()");
    Write("assets/app-1a2b.js.gz", "packed");
    Write("worklet.js", "worklet");
    std::filesystem::create_directories(root_ / "docs");
    Write("docs/index.html", "<html>docs</html>");
    Write("docs/openapi.yaml", "openapi: 3.1.0");
    std::ofstream(folder_.path() / "secret.txt") << "secret";
    std::filesystem::create_symlink(folder_.path() / "secret.txt", root_ / "link.txt");
    files_ = StaticFiles::Load(root_).value();
  }
  void Write(const std::string& name, std::string_view content) { std::ofstream(root_ / name) << content; }

  std::optional<Response> Get(std::string path, std::vector<std::pair<std::string, std::string>> headers = {},
                              Method method = Method::kGet) {
    Request request;
    request.method = method;
    request.path = std::move(path);
    for (auto& [name, value] : headers) request.headers.Add(name, value);
    return files_.Serve(request);
  }

  storage::TemporaryFolder folder_;
  const std::filesystem::path root_ = folder_.path() / "web";
  StaticFiles files_;
};

TEST_F(StaticFilesTest, ServesThePageWithItsProtections) {
  const auto page = Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body.view(), "<html>page</html>");
  EXPECT_EQ(page->headers.Get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->headers.Get("Cache-Control"), "no-cache");
  const std::string_view policy = page->headers.Get("Content-Security-Policy");
  EXPECT_NE(policy.find("script-src 'self';"), std::string_view::npos);
  EXPECT_EQ(policy.find("unsafe-inline"), std::string_view::npos);
  EXPECT_NE(page->headers.Get("Permissions-Policy").find("microphone=(self)"), std::string_view::npos);
}

TEST_F(StaticFilesTest, TheDescriptionOfTheApiAsksNobodyElse) {
  const auto docs = Get("/docs", {{"Accept", "text/html"}});
  ASSERT_TRUE(docs);
  EXPECT_EQ(docs->body.view(), "<html>docs</html>");
  const std::string_view policy = docs->headers.Get("Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'none'; script-src 'self';"), std::string_view::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string_view::npos);
  EXPECT_EQ(policy.find("http"), std::string_view::npos);
  EXPECT_EQ(Get("/docs/openapi.yaml")->headers.Get("Content-Type"), "application/yaml");
}

TEST_F(StaticFilesTest, NamedByContentIsKeptForever) {
  const auto script = Get("/assets/app-1a2b.js");
  ASSERT_TRUE(script);
  EXPECT_EQ(script->headers.Get("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_NE(script->headers.Get("Cache-Control").find("immutable"), std::string_view::npos);
  EXPECT_EQ(Get("/worklet.js")->headers.Get("Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, PackedForWhoTakesIt) {
  EXPECT_EQ(Get("/assets/app-1a2b.js", {{"Accept-Encoding", "br, gzip;q=0.8"}})->body.view(), "packed");
  EXPECT_EQ(Get("/assets/app-1a2b.js", {{"Accept-Encoding", "br"}})->body.view(), "run()");
}

TEST_F(StaticFilesTest, AKnownVersionIsNotSentAgain) {
  const std::string etag(Get("/")->headers.Get("ETag"));
  EXPECT_EQ(Get("/", {{"If-None-Match", "\"x\", " + etag}})->status, 304);
  EXPECT_EQ(Get("/", {{"If-None-Match", "W/" + etag}})->status, 304);
  EXPECT_EQ(Get("/", {{"If-None-Match", "\"x\""}})->status, 200);
}

TEST_F(StaticFilesTest, PagesOfTheAppAreItsIndex) {
  EXPECT_EQ(Get("/history/7", {{"Accept", "text/html,*/*"}})->body.view(), "<html>page</html>");
  EXPECT_FALSE(Get("/history/7", {{"Accept", "application/json"}}));
  EXPECT_FALSE(Get("/assets/gone.js", {{"Accept", "text/html"}}));
}

TEST_F(StaticFilesTest, NothingElseComesOut) {
  EXPECT_FALSE(Get("/link.txt")) << "links are not followed";
  EXPECT_FALSE(Get("/../secret.txt"));
  EXPECT_FALSE(Get("//index.html"));
  EXPECT_FALSE(Get("/", {}, Method::kPost));
}

TEST_F(StaticFilesTest, AFolderWithoutAPageIsRefused) {
  EXPECT_EQ(StaticFiles::Load(root_ / "assets").error().code, base::ErrorCode::kBadConfig);
  EXPECT_EQ(StaticFiles::Load(root_ / "missing").error().code, base::ErrorCode::kBadConfig);
}

}  // namespace
}  // namespace speechcoach::api
