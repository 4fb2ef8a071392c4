// Spans -> the JSON of OTLP/HTTP (ExportTraceServiceRequest of opentelemetry-proto 1.x): ids in hexadecimal, 64-bit numbers as text.
#pragma once

#include <span>
#include <string>

#include "trace/span.h"

namespace speechcoach::trace {

// Whose spans they are.
struct Resource {
  std::string service_name;  // "speechcoach-worker"
  std::string service_version;
  std::string instance_id;  // of this process
};

std::string ToOtlpJson(const Resource& resource, std::span<const SpanRecord> spans);

}  // namespace speechcoach::trace
