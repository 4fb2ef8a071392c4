#include "lan/identity.h"

#include <sys/stat.h>

#include <fstream>
#include <memory>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/id.h"

namespace speechcoach::lan {
namespace {

constexpr std::int64_t kNow = 1'795'000'000;
constexpr std::int64_t kDay = 24 * 3600;
const std::vector<std::string> kHome{"192.168.1.5"};

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Certificate = std::unique_ptr<X509, Free>;

Certificate First(const std::string& pem) {
  const std::unique_ptr<BIO, Free> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

// As a phone that trusts the authority looks at the server, for the address it was called by.
int Verify(const Identity& identity, const std::string& address, std::int64_t at_s) {
  const Certificate authority = First(identity.authority);
  const Certificate server = First(identity.certificates);
  const std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), authority.get());
  const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), server.get(), nullptr);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set1_ip_asc(parameters, address.c_str());
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_time(parameters, at_s);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

class IdentityTest : public ::testing::Test {
 protected:
  ~IdentityTest() override { std::filesystem::remove_all(folder_); }

  Identity Make(const std::vector<std::string>& addresses = kHome, std::int64_t now_s = kNow) {
    const auto made = LoadOrMakeIdentity(folder_, addresses, now_s);
    EXPECT_TRUE(made.ok()) << made.error().message;
    return made.ok() ? *made : Identity{};
  }

  const std::filesystem::path folder_ = std::filesystem::path(::testing::TempDir()) / ("lan_" + base::NewUuid());
};

TEST_F(IdentityTest, WhoTrustsTheAuthorityTrustsTheServer) {
  const Identity made = Make({"192.168.1.5", "10.0.0.7"});
  EXPECT_EQ(Verify(made, "192.168.1.5", kNow), X509_V_OK);
  EXPECT_EQ(Verify(made, "10.0.0.7", kNow), X509_V_OK);
  EXPECT_EQ(Verify(made, "192.168.1.6", kNow), X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(Verify(made, "10.0.0.7", kNow + 400 * kDay), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_F(IdentityTest, TheAuthorityVouchesForNothingOfTheInternet) {
  EXPECT_EQ(Verify(Make({"8.8.8.8"}), "8.8.8.8", kNow), X509_V_ERR_PERMITTED_VIOLATION);
}

TEST_F(IdentityTest, IsKeptAndItsFilesAreNobodyElses) {
  const Identity first = Make();
  const Identity second = Make();
  EXPECT_EQ(second.certificates, first.certificates);
  EXPECT_EQ(second.private_key, first.private_key);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    struct stat info{};
    ASSERT_EQ(::stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077, 0U) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 2);
}

TEST_F(IdentityTest, AnotherAddressOrAnEndThatIsNearMakesANewCertificateOfTheSameAuthority) {
  const Identity first = Make();
  const Identity moved = Make({"10.1.2.3"});
  EXPECT_EQ(moved.authority, first.authority);
  EXPECT_EQ(Verify(moved, "10.1.2.3", kNow), X509_V_OK);
  const std::int64_t later = kNow + 380 * kDay;
  const Identity renewed = Make({"10.1.2.3"}, later);
  EXPECT_EQ(renewed.authority, first.authority);
  EXPECT_EQ(Verify(renewed, "10.1.2.3", later + 60 * kDay), X509_V_OK);
}

TEST_F(IdentityTest, ABrokenCertificateOfTheServerIsReplaced) {
  const Identity first = Make();
  std::ofstream(folder_ / "lan_server.pem") << "nothing";
  const Identity second = Make();
  EXPECT_EQ(second.authority, first.authority);
  EXPECT_EQ(Verify(second, kHome.front(), kNow), X509_V_OK);
}

TEST_F(IdentityTest, AnAuthorityThatPhonesTrustIsNeverReplacedUnasked) {
  const Identity first = Make();
  const std::filesystem::path file = folder_ / "lan_authority.pem";
  const std::filesystem::path elsewhere = folder_ / "elsewhere.pem";
  std::filesystem::rename(file, elsewhere);
  const auto expect_refused = [&](const std::string& why) {
    const auto made = LoadOrMakeIdentity(folder_, kHome, kNow);
    ASSERT_FALSE(made.ok()) << why;
    EXPECT_EQ(made.error().code, base::ErrorCode::kBadConfig);
    EXPECT_NE(made.error().message.find(file.string()), std::string::npos) << made.error().message;
    EXPECT_NE(made.error().message.find(why), std::string::npos) << made.error().message;
    EXPECT_NE(made.error().message.find("remove it for a new one"), std::string::npos) << made.error().message;
  };

  std::ofstream(file) << "nothing";
  expect_refused("holds no certificate");
  EXPECT_EQ(std::filesystem::file_size(file), 7U);
  std::ofstream(file, std::ios::trunc);
  expect_refused("cannot be read");
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  expect_refused("cannot be read");
  std::filesystem::remove(file);
  std::filesystem::create_symlink(folder_ / "not_there", file);
  expect_refused("cannot be read");
  std::filesystem::remove(file);

  std::filesystem::rename(elsewhere, file);
  EXPECT_EQ(Make().authority, first.authority);
}

TEST_F(IdentityTest, AnAuthorityThatWasRemovedIsMadeAnew) {
  const Identity first = Make();
  std::filesystem::remove(folder_ / "lan_authority.pem");
  const Identity second = Make();
  EXPECT_NE(second.authority, first.authority);
  EXPECT_EQ(Verify(second, kHome.front(), kNow), X509_V_OK);
}

TEST_F(IdentityTest, AFolderThatCannotBeMadeIsNamed) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "file") << "x";
  const auto made = LoadOrMakeIdentity(folder_ / "file" / "deeper", kHome, kNow);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, base::ErrorCode::kBadConfig);
}

}  // namespace
}  // namespace speechcoach::lan
