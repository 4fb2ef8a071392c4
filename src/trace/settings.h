// How traces are switched on: by OpenTelemetry's own environment variables, which operators of collectors know and Kubernetes'
// operators inject. https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace speechcoach::trace {

struct Settings {
  std::string url;                   // of the traces themselves; empty: none are sent
  std::vector<std::string> headers;  // of each request, "Name: value"
  double sample_share = 1.0;  // of the traces that begin here or with a caller, 0..1; a task is sent where its sender's trace is
};

// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or OTEL_EXPORTER_OTLP_ENDPOINT with /v1/traces added; OTEL_EXPORTER_OTLP_TRACES_HEADERS or
// OTEL_EXPORTER_OTLP_HEADERS ("name=value,name=value", percent-encoded); OTEL_TRACES_SAMPLER (parentbased_always_on,
// parentbased_always_off, parentbased_traceidratio with OTEL_TRACES_SAMPLER_ARG); OTEL_SDK_DISABLED and OTEL_TRACES_EXPORTER=none
// switch it off. Empty ones are as if not set. Errors: kBadConfig, by the variable's name; values are not repeated.
base::Result<Settings> ReadSettings(const std::map<std::string, std::string>& environment);

}  // namespace speechcoach::trace
