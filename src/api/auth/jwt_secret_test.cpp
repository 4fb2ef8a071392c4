#include "api/auth/jwt_secret.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::api {
namespace {

using std::filesystem::perms;

class JwtSecretTest : public ::testing::Test {
 protected:
  void Write(std::string_view content, perms mode) {
    std::ofstream(file_) << content;
    std::filesystem::permissions(file_, mode);
  }
  storage::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "data" / "jwt_secret";
};

TEST_F(JwtSecretTest, IsMadeOnceAndKeptForTheOwnerAlone) {
  const auto first = LoadOrCreateSecrets(file_);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_GE(first->front().size(), 64u);
  EXPECT_EQ(std::filesystem::status(file_).permissions(), perms::owner_read | perms::owner_write);
  EXPECT_EQ(LoadOrCreateSecrets(file_).value(), *first);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(file_.parent_path()), {}), 1) << "no draft is left";
}

TEST_F(JwtSecretTest, ProcessesThatStartAtOnceAgree) {
  std::vector<std::string> secrets(8);
  std::vector<std::jthread> threads;
  for (std::string& secret : secrets) threads.emplace_back([&] { secret = LoadOrCreateSecrets(file_).value().front(); });
  threads.clear();
  EXPECT_EQ(std::set<std::string>(secrets.begin(), secrets.end()).size(), 1u);
}

TEST_F(JwtSecretTest, RefusesAFileThatIsNotSafe) {
  std::filesystem::create_directories(file_.parent_path());
  Write("0123456789abcdef0123456789abcdef", perms::owner_read | perms::owner_write | perms::others_read);
  EXPECT_EQ(LoadOrCreateSecrets(file_).error().code, base::ErrorCode::kBadConfig);
  Write("short", perms::owner_read | perms::owner_write);
  EXPECT_EQ(LoadOrCreateSecrets(file_).error().code, base::ErrorCode::kBadConfig);
  Write("0123456789abcdef0123456789abcdef\n", perms::owner_read | perms::owner_write);
  EXPECT_EQ(LoadOrCreateSecrets(file_).value().front(), "0123456789abcdef0123456789abcdef");
}

TEST_F(JwtSecretTest, TheFileHoldsOneALine) {
  std::filesystem::create_directories(file_.parent_path());
  const std::string newer(32, 'n');
  const std::string older(40, 'o');
  Write(newer + "\r\n" + older + "\n", perms::owner_read | perms::owner_write);
  EXPECT_EQ(LoadOrCreateSecrets(file_).value(), (std::vector<std::string>{newer, older}));
  Write(newer + "\nshort\n", perms::owner_read | perms::owner_write);
  EXPECT_EQ(LoadOrCreateSecrets(file_).error().code, base::ErrorCode::kBadConfig);
}

TEST_F(JwtSecretTest, RefusesAFolderInItsPlace) {
  std::filesystem::create_directories(file_);
  EXPECT_EQ(LoadOrCreateSecrets(file_).error().code, base::ErrorCode::kBadConfig);
}

}  // namespace
}  // namespace speechcoach::api
