// /metrics, for Prometheus.
#pragma once

#include <string>

#include "api/http/router.h"
#include "metrics/metrics.h"
#include "model/session.h"

namespace speechcoach::api {

// Whoever bears `token` may read; where `token` is empty or `metrics` null, nobody: the route answers 404.
void AddMetricsRoute(Router& router, const metrics::Metrics* metrics, std::string token, model::Locale fallback);

}  // namespace speechcoach::api
