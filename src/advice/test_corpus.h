// tests/data/advice: what models answered, honestly or talked over by the transcript.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "scoring/fact_sheet.h"
#include "scoring/test_evidence.h"

namespace speechcoach::advice {

struct Exchange {
  std::string name;
  scoring::Evidence evidence;
  scoring::ScoreReport report;
  std::string answer;
};

// `label` is the member that names an exchange; one without "locale" is Vietnamese.
inline std::vector<Exchange> Corpus(const std::string& file, std::string_view label) {
  std::ifstream stream(std::string(SPEECHCOACH_TEST_DATA) + "/advice/" + file);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::vector<Exchange> corpus;
  const boost::json::value rows = boost::json::parse(text);
  for (const boost::json::value& row : rows.as_array()) {
    scoring::Speaker speaker;
    speaker.heard = std::string(row.at("transcript").as_string());
    speaker.reference = std::string(row.at("reference").as_string());
    Exchange exchange;
    exchange.name = std::string(row.at(label).as_string()) + ": " + speaker.heard;
    exchange.evidence = scoring::EvidenceOf(speaker);
    if (row.as_object().contains("locale")) exchange.evidence.locale = model::Locale::kEn;
    exchange.report = scoring::ComputeScores(exchange.evidence);
    exchange.answer = std::string(row.at("answer").as_string());
    corpus.push_back(std::move(exchange));
  }
  return corpus;
}

}  // namespace speechcoach::advice
