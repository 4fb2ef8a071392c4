#include "model/pronunciation_report.h"

#include "model/name_table.h"

namespace speechcoach::model {
namespace {

constexpr NameTable<PhoneVerdict, 4> kPhoneVerdicts{{{PhoneVerdict::kOk, "ok"},
                                                     {PhoneVerdict::kSubstituted, "substituted"},
                                                     {PhoneVerdict::kDeleted, "deleted"},
                                                     {PhoneVerdict::kDistorted, "distorted"}}};
constexpr NameTable<WordVerdict, 4> kWordVerdicts{{{WordVerdict::kOk, "ok"},
                                                   {WordVerdict::kMispronounced, "mispronounced"},
                                                   {WordVerdict::kOmitted, "omitted"},
                                                   {WordVerdict::kReplaced, "replaced"}}};
constexpr NameTable<StressVerdict, 3> kStressVerdicts{
    {{StressVerdict::kOk, "ok"}, {StressVerdict::kMisplaced, "misplaced"}, {StressVerdict::kUnclear, "unclear"}}};
constexpr NameTable<ReasonKind, 12> kReasonKinds{{{ReasonKind::kNotThisText, "not_this_text"},
                                                  {ReasonKind::kNoEnglishSpeech, "no_english_speech"},
                                                  {ReasonKind::kWeakWord, "weak_word"},
                                                  {ReasonKind::kMissingWord, "missing_word"},
                                                  {ReasonKind::kExtraWord, "extra_word"},
                                                  {ReasonKind::kWrongSound, "wrong_sound"},
                                                  {ReasonKind::kMissingSound, "missing_sound"},
                                                  {ReasonKind::kWrongStress, "wrong_stress"},
                                                  {ReasonKind::kLongPause, "long_pause"},
                                                  {ReasonKind::kSlow, "slow"},
                                                  {ReasonKind::kFast, "fast"},
                                                  {ReasonKind::kFlatMelody, "flat_melody"}}};
constexpr NameTable<ScoreAspect, 3> kScoreAspects{
    {{ScoreAspect::kPronunciation, "pronunciation"}, {ScoreAspect::kFluency, "fluency"}, {ScoreAspect::kProsody, "prosody"}}};

}  // namespace

std::string_view Name(PhoneVerdict verdict) { return NameIn(kPhoneVerdicts, verdict); }
std::string_view Name(WordVerdict verdict) { return NameIn(kWordVerdicts, verdict); }
std::string_view Name(StressVerdict verdict) { return NameIn(kStressVerdicts, verdict); }
std::string_view Name(ReasonKind kind) { return NameIn(kReasonKinds, kind); }
std::string_view Name(ScoreAspect aspect) { return NameIn(kScoreAspects, aspect); }
std::optional<PhoneVerdict> PhoneVerdictFromName(std::string_view name) { return ValueIn(kPhoneVerdicts, name); }
std::optional<WordVerdict> WordVerdictFromName(std::string_view name) { return ValueIn(kWordVerdicts, name); }
std::optional<StressVerdict> StressVerdictFromName(std::string_view name) { return ValueIn(kStressVerdicts, name); }
std::optional<ReasonKind> ReasonKindFromName(std::string_view name) { return ValueIn(kReasonKinds, name); }
std::optional<ScoreAspect> ScoreAspectFromName(std::string_view name) { return ValueIn(kScoreAspects, name); }

}  // namespace speechcoach::model
