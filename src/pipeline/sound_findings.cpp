#include "pipeline/sound_findings.h"

#include <utility>

#include "pronunciation/good_variants.h"
#include "pronunciation/vietnamese_profile.h"

namespace speechcoach::pipeline {
namespace {

using scoring::SoundFinding;

SoundFinding::Verdict VerdictOf(model::PhoneVerdict verdict) {
  switch (verdict) {
    case model::PhoneVerdict::kSubstituted:
      return SoundFinding::Verdict::kSubstituted;
    case model::PhoneVerdict::kDeleted:
      return SoundFinding::Verdict::kDeleted;
    case model::PhoneVerdict::kDistorted:
    case model::PhoneVerdict::kOk:
      break;
  }
  return SoundFinding::Verdict::kDistorted;
}

}  // namespace

std::vector<SoundFinding> SoundFindings(const model::PronunciationReport& report) {
  std::vector<SoundFinding> findings;
  if (report.text_match < model::kLeastTextMatch) return findings;
  for (const model::WordResult& word : report.words) {
    if (word.verdict == model::WordVerdict::kOmitted || word.verdict == model::WordVerdict::kReplaced) continue;
    for (std::size_t i = 0; i < word.phones.size(); ++i) {
      const model::PhoneResult& phone = word.phones[i];
      if (phone.verdict == model::PhoneVerdict::kOk || pronunciation::IsGoodVariant(word, i)) continue;
      SoundFinding finding;
      finding.word = word.text;
      finding.phone = phone.phone;
      finding.verdict = VerdictOf(phone.verdict);
      finding.heard = phone.heard;
      finding.position = i == 0                        ? SoundFinding::Position::kInitial
                         : i + 1 == word.phones.size() ? SoundFinding::Position::kFinal
                                                       : SoundFinding::Position::kMedial;
      finding.confidence = phone.confidence;
      auto [tip_vi, tip_en] = pronunciation::TipFor(word, i);
      finding.tip_vi = std::move(tip_vi);
      finding.tip_en = std::move(tip_en);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace speechcoach::pipeline
