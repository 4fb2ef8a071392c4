#include "lan/identity.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/id.h"

namespace speechcoach::lan {
namespace {

constexpr std::int64_t kDayS = 24 * 3600;
constexpr std::int64_t kAuthorityDays = 10 * 365;
constexpr std::int64_t kServerDays = 397;  // CA/Browser Forum, Baseline Requirements, 6.3.2
constexpr std::int64_t kRenewalDays = 30;
constexpr int kSerialBytes = 16;

constexpr const char* kAllowedNames =
    "critical,permitted;IP:10.0.0.0/255.0.0.0,permitted;IP:172.16.0.0/255.240.0.0,permitted;IP:192.168.0.0/255.255.0.0,"
    "permitted;IP:100.64.0.0/255.192.0.0,permitted;IP:127.0.0.0/255.0.0.0,permitted;DNS:localhost,permitted;DNS:local";

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_vfree>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

struct KeyPair {
  Certificate certificate;
  Key key;
};

// Of OpenSSL's own calls: they fail where there is no memory, and no caller can do anything about it.
void Check(bool ok) {
  if (!ok) throw std::runtime_error("a certificate could not be made");
}

Key NewKey() {
  Key key(EVP_EC_gen("P-256"));
  Check(key != nullptr);
  return key;
}

template <typename Write>
std::string Pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  Check(memory != nullptr && write(memory.get()) == 1);
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}
std::string Pem(X509* certificate) {
  return Pem([&](BIO* memory) { return PEM_write_bio_X509(memory, certificate); });
}
std::string Pem(EVP_PKEY* key) {
  return Pem([&](BIO* memory) { return PEM_write_bio_PKCS8PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string Fingerprint(const X509* certificate) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  Check(X509_digest(certificate, EVP_sha256(), digest.data(), nullptr) == 1);
  return fmt::format("{:02X}", fmt::join(digest, ":"));
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  Check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// Not signed yet. It begins a day early: phones' clocks differ.
Certificate Draft(const Key& key, const std::string& name, std::int64_t now_s, std::int64_t days) {
  Certificate certificate(X509_new());
  Check(certificate != nullptr);
  unsigned char serial[kSerialBytes];
  Check(RAND_bytes(serial, kSerialBytes) == 1);
  serial[0] &= 0x7F;
  const Number number(BN_bin2bn(serial, kSerialBytes, nullptr));
  Check(number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr);
  Check(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  Check(ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now_s - kDayS) != nullptr);
  Check(ASN1_TIME_set(X509_getm_notAfter(certificate.get()), now_s + (days - 1) * kDayS) != nullptr);
  Check(X509_set_pubkey(certificate.get(), key.get()) == 1);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  Check(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                   0) == 1);
  return certificate;
}

KeyPair MakeAuthority(std::int64_t now_s) {
  Key key = NewKey();
  // The name tells installations apart in a phone's list.
  Certificate certificate = Draft(key, "speechcoach " + base::RandomHex(4), now_s, kAuthorityDays);
  X509* made = certificate.get();
  Check(X509_set_issuer_name(made, X509_get_subject_name(made)) == 1);
  AddExtension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  AddExtension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(made, made, NID_subject_key_identifier, "hash");
  AddExtension(made, made, NID_name_constraints, kAllowedNames);
  Check(X509_sign(made, key.get(), EVP_sha256()) != 0);
  return {std::move(certificate), std::move(key)};
}

KeyPair MakeServer(const KeyPair& authority, const std::vector<std::string>& addresses, std::int64_t now_s) {
  Key key = NewKey();
  Certificate certificate = Draft(key, "speechcoach", now_s, kServerDays);
  X509* made = certificate.get();
  Check(X509_set_issuer_name(made, X509_get_subject_name(authority.certificate.get())) == 1);
  std::string names = "DNS:localhost";
  for (const std::string& address : addresses) names += ",IP:" + address;
  AddExtension(made, authority.certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(made, authority.certificate.get(), NID_key_usage, "critical,digitalSignature");
  AddExtension(made, authority.certificate.get(), NID_ext_key_usage, "serverAuth");
  AddExtension(made, authority.certificate.get(), NID_authority_key_identifier, "keyid");
  AddExtension(made, authority.certificate.get(), NID_subject_alt_name, names);
  Check(X509_sign(made, authority.key.get(), EVP_sha256()) != 0);
  return {std::move(certificate), std::move(key)};
}

base::Error Fault(const std::filesystem::path& file, std::string_view what) {
  return {base::ErrorCode::kBadConfig, fmt::format("certificate {}: {}", file.string(), what)};
}

// Nothing where there is no such file. kBadConfig where it cannot be read, or there is no certificate with its key in it.
base::Result<std::optional<KeyPair>> Read(const std::filesystem::path& file) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(file))) return std::optional<KeyPair>();
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream read;
  if (!stream || !(read << stream.rdbuf())) return Fault(file, "cannot be read, or is empty");
  const std::string text = std::move(read).str();
  const Memory for_key(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const Memory for_certificate(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Check(for_key != nullptr && for_certificate != nullptr);
  KeyPair pair{Certificate(PEM_read_bio_X509(for_certificate.get(), nullptr, nullptr, nullptr)),
               Key(PEM_read_bio_PrivateKey(for_key.get(), nullptr, nullptr, nullptr))};
  if (!pair.certificate || !pair.key || X509_check_private_key(pair.certificate.get(), pair.key.get()) != 1)
    return Fault(file, "holds no certificate with its key");
  return std::optional(std::move(pair));
}

// Written whole under another name, then renamed: the name never leads to half a key.
base::Status Write(const std::filesystem::path& file, const KeyPair& pair) {
  const std::string text = Pem(pair.key.get()) + Pem(pair.certificate.get());
  const std::filesystem::path draft = file.string() + "." + base::RandomHex(8);
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return Fault(file, std::strerror(errno));
  const bool is_written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  const bool is_there = is_written && ::rename(draft.c_str(), file.c_str()) == 0;
  const int reason = errno;
  ::close(descriptor);
  if (is_there) return {};
  ::unlink(draft.c_str());
  return Fault(file, std::strerror(reason));
}

bool EndsAfter(const X509* certificate, std::int64_t time_s) {
  std::time_t time = time_s;
  return X509_cmp_time(X509_get0_notAfter(certificate), &time) > 0;
}

bool IsGood(const KeyPair& server, const KeyPair& authority, const std::vector<std::string>& addresses, std::int64_t now_s) {
  X509* certificate = server.certificate.get();
  if (!EndsAfter(certificate, now_s + kRenewalDays * kDayS)) return false;
  if (X509_verify(certificate, authority.key.get()) != 1) return false;
  for (const std::string& address : addresses) {
    if (X509_check_ip_asc(certificate, address.c_str(), 0) != 1) return false;
  }
  return true;
}

}  // namespace

base::Result<Identity> LoadOrMakeIdentity(const std::filesystem::path& folder, const std::vector<std::string>& addresses,
                                          std::int64_t now_s) {
  try {
    std::filesystem::create_directories(folder);
    const std::filesystem::path authority_file = folder / "lan_authority.pem";
    auto kept_authority = Read(authority_file);
    if (!kept_authority.ok()) {
      return {base::ErrorCode::kBadConfig,
              kept_authority.error().message +
                  "; every phone that installed it trusts this one alone: restore it, or let this user read "
                  "it, or remove it for a new one, which the phones then install again"};
    }
    std::optional<KeyPair> authority = std::move(*kept_authority);
    if (!authority || !EndsAfter(authority->certificate.get(), now_s + kServerDays * kDayS)) {
      authority = MakeAuthority(now_s);
      if (const base::Status written = Write(authority_file, *authority); !written.ok()) return written.error();
    }
    const std::filesystem::path server_file = folder / "lan_server.pem";
    // No phone has installed this one: whatever stands in its place may go.
    auto kept_server = Read(server_file);
    std::optional<KeyPair> server = kept_server.ok() ? std::move(*kept_server) : std::nullopt;
    if (!server || !IsGood(*server, *authority, addresses, now_s)) {
      server = MakeServer(*authority, addresses, now_s);
      if (const base::Status written = Write(server_file, *server); !written.ok()) return written.error();
    }
    const std::string authority_pem = Pem(authority->certificate.get());
    return Identity{Pem(server->certificate.get()) + authority_pem, Pem(server->key.get()), authority_pem,
                    Fingerprint(authority->certificate.get())};
  } catch (const std::filesystem::filesystem_error& fault) {
    return Fault(folder, fault.code().message());
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fault.what()};
  }
}

}  // namespace speechcoach::lan
