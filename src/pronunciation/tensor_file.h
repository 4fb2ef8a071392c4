// Named arrays of numbers in one file, in the safetensors layout: 8 bytes little-endian header length, a JSON header
// {"name": {"dtype", "shape", "data_offsets"}, "__metadata__": {texts}}, then the numbers, little-endian, row-major.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::pronunciation {

// Row-major; a scalar has no dimensions and one number.
template <typename Number>
struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<Number> values;

  std::size_t rows() const { return shape.empty() ? 1 : shape[0]; }
  std::size_t row_size() const { return rows() == 0 ? 0 : values.size() / rows(); }
  std::span<const Number> row(std::size_t i) const { return std::span(values).subspan(i * row_size(), row_size()); }
};

class TensorFile {
 public:
  // Errors: kModelUnavailable (not such a file; the message says what is wrong). F16 numbers are widened to F32.
  static base::Result<TensorFile> Parse(std::span<const unsigned char> bytes);
  static base::Result<TensorFile> Read(const std::string& path);

  bool has(std::string_view name) const { return floats_.contains(name) || integers_.contains(name); }

  // Errors: kModelUnavailable where the file has no such array of the kind.
  base::Result<const Tensor<float>*> floats(std::string_view name) const;           // F32, F16
  base::Result<const Tensor<std::int32_t>*> integers(std::string_view name) const;  // I32, I16, U8
  // "" where there is none.
  std::string_view metadata(std::string_view name) const;

  void Set(std::string name, Tensor<float> tensor) { floats_.insert_or_assign(std::move(name), std::move(tensor)); }
  void Set(std::string name, Tensor<std::int32_t> tensor) { integers_.insert_or_assign(std::move(name), std::move(tensor)); }
  void SetMetadata(std::string name, std::string text) { metadata_.insert_or_assign(std::move(name), std::move(text)); }

  // The file's bytes (F32 and I32), arrays in the order of their names.
  std::string Serialize() const;

 private:
  std::map<std::string, Tensor<float>, std::less<>> floats_;
  std::map<std::string, Tensor<std::int32_t>, std::less<>> integers_;
  std::map<std::string, std::string, std::less<>> metadata_;
};

}  // namespace speechcoach::pronunciation
