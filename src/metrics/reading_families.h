// A Reading as Prometheus sees it.
#pragma once

#include <string>
#include <vector>

#include <prometheus/metric_family.h>

#include "metrics/process_figures.h"
#include "metrics/reading.h"

namespace speechcoach::metrics {

// Families without a value are left out.
std::vector<prometheus::MetricFamily> FamiliesOf(const Reading& reading, const ProcessFigures& process);

// The names of all that FamiliesOf can make.
std::vector<std::string> ReadingNames();

}  // namespace speechcoach::metrics
