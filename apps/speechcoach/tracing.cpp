#include "tracing.h"

#include <memory>

#include "base/id.h"
#include "trace/otlp_exporter.h"
#include "trace/span.h"

namespace speechcoach::app {

Tracing::Tracing(const trace::Settings& settings, const std::string& kind) {
  if (settings.url.empty()) return;
  const trace::Resource resource{"speechcoach-" + kind, SPEECHCOACH_VERSION, base::NewUuid()};
  trace::SetSink(std::make_shared<trace::OtlpExporter>(settings, resource), settings.sample_share);
}

Tracing::~Tracing() { trace::SetSink(nullptr, 0); }

}  // namespace speechcoach::app
