#include "pronunciation/tensor_file.h"

#include <bit>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace speechcoach::pronunciation {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers are stored as this machine holds them");

base::Error Unreadable(std::string_view what) {
  return {base::ErrorCode::kModelUnavailable, fmt::format("not a readable parameter file: {}", what)};
}

// IEEE 754 binary16 to binary32.
float Widened(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1Fu;
  const std::uint32_t fraction = half & 0x3FFu;
  if (exponent == 0) {
    const float tiny = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -tiny : tiny;
  }
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000u | (fraction << 13));
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

template <typename Stored, typename Number, typename Convert>
std::vector<Number> Converted(std::span<const unsigned char> bytes, Convert&& convert) {
  std::vector<Number> values(bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = convert(stored);
  }
  return values;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

template <typename Number>
void Append(const std::map<std::string, Tensor<Number>, std::less<>>& tensors, std::string_view dtype, std::string& header,
            std::string& data) {
  for (const auto& [name, tensor] : tensors) {
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(Number));
    header += fmt::format(",{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}", Quoted(name), dtype,
                          fmt::join(tensor.shape, ","), begin, data.size());
  }
}

}  // namespace

base::Result<TensorFile> TensorFile::Parse(std::span<const unsigned char> bytes) {
  std::uint64_t header_size = 0;
  if (bytes.size() < sizeof(header_size)) return Unreadable("it ends early");
  std::memcpy(&header_size, bytes.data(), sizeof(header_size));
  if (header_size > bytes.size() - sizeof(header_size)) return Unreadable("it ends early");
  const std::span<const unsigned char> data = bytes.subspan(sizeof(header_size) + header_size);
  TensorFile file;
  try {
    // JSON is a part of YAML.
    const YAML::Node header =
        YAML::Load(std::string(reinterpret_cast<const char*>(bytes.data()) + sizeof(header_size), header_size));
    for (const auto& entry : header) {
      const std::string name = entry.first.as<std::string>();
      if (name == "__metadata__") {
        for (const auto& text : entry.second) file.SetMetadata(text.first.as<std::string>(), text.second.as<std::string>());
        continue;
      }
      const std::string dtype = entry.second["dtype"].as<std::string>();
      const auto shape = entry.second["shape"].as<std::vector<std::size_t>>();
      const auto offsets = entry.second["data_offsets"].as<std::vector<std::size_t>>();
      if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size())
        return Unreadable(fmt::format("{} lies outside the file", name));
      const std::span<const unsigned char> stored = data.subspan(offsets[0], offsets[1] - offsets[0]);
      std::size_t count = 1;
      for (const std::size_t size : shape) count *= size;
      const auto keep = [&]<typename Number>(std::vector<Number> values) {
        file.Set(name, Tensor<Number>{shape, std::move(values)});
      };
      std::size_t width = 0;
      if (dtype == "F32") {
        width = 4;
        keep(Converted<float, float>(stored, [](float x) { return x; }));
      } else if (dtype == "F16") {
        width = 2;
        keep(Converted<std::uint16_t, float>(stored, Widened));
      } else if (dtype == "I32") {
        width = 4;
        keep(Converted<std::int32_t, std::int32_t>(stored, [](std::int32_t x) { return x; }));
      } else if (dtype == "I16") {
        width = 2;
        keep(Converted<std::int16_t, std::int32_t>(stored, [](std::int16_t x) { return static_cast<std::int32_t>(x); }));
      } else if (dtype == "U8") {
        width = 1;
        keep(Converted<std::uint8_t, std::int32_t>(stored, [](std::uint8_t x) { return static_cast<std::int32_t>(x); }));
      } else {
        return Unreadable(fmt::format("{} holds numbers of the unknown kind {}", name, dtype));
      }
      if (stored.size() != count * width) return Unreadable(fmt::format("{} has another size than it says", name));
    }
  } catch (const std::exception& fault) {
    return Unreadable(fault.what());
  }
  return file;
}

base::Result<TensorFile> TensorFile::Read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return {base::ErrorCode::kModelUnavailable, fmt::format("{} cannot be opened", path)};
  const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  auto file = Parse({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
  if (!file.ok()) return {file.error().code, fmt::format("{}: {}", path, file.error().message)};
  return file;
}

base::Result<const Tensor<float>*> TensorFile::floats(std::string_view name) const {
  const auto found = floats_.find(name);
  if (found == floats_.end()) return Unreadable(fmt::format("{} is missing", name));
  return &found->second;
}

base::Result<const Tensor<std::int32_t>*> TensorFile::integers(std::string_view name) const {
  const auto found = integers_.find(name);
  if (found == integers_.end()) return Unreadable(fmt::format("{} is missing", name));
  return &found->second;
}

std::string_view TensorFile::metadata(std::string_view name) const {
  const auto found = metadata_.find(name);
  return found == metadata_.end() ? std::string_view() : std::string_view(found->second);
}

std::string TensorFile::Serialize() const {
  std::string header = "{\"__metadata__\":{";
  for (const auto& [name, text] : metadata_)
    header += fmt::format("{}{}:{}", header.ends_with('{') ? "" : ",", Quoted(name), Quoted(text));
  header += "}";
  std::string data;
  Append(floats_, "F32", header, data);
  Append(integers_, "I32", header, data);
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t header_size = header.size();
  std::string bytes(reinterpret_cast<const char*>(&header_size), sizeof(header_size));
  return bytes + header + data;
}

}  // namespace speechcoach::pronunciation
