#include "pipeline/reference_sentence.h"

#include "base/utf8.h"
#include "pronunciation/reference_text.h"

namespace speechcoach::pipeline {

base::Status CheckReference(std::string_view text) {
  if (!base::IsValidUtf8(text)) return {base::ErrorCode::kBadField, "the text to read is not UTF-8"};
  if (pronunciation::ToReferenceText(text).empty())
    return {base::ErrorCode::kBadField, "the text to read has no English word; give a sentence such as \"Nice to meet you.\""};
  return {};
}

}  // namespace speechcoach::pipeline
