#include "scoring/internal/topic.h"

#include <array>

namespace speechcoach::scoring {
namespace {

constexpr auto kTopicNames = std::to_array<std::string_view>({
    "open_high",
    "open_good",
    "open_fair",
    "open_low",
    "every_word_read",
    "most_words_read",
    "clear_pronunciation",
    "fluent",
    "no_long_pauses",
    "good_pace",
    "lively_melody",
    "confident",
    "yes_no_rises",
    "wh_falls",
    "improved",
    "best_yet",
    "word_mastered",
    "spoke_up",
    "showed_up",
    "nothing_heard",
    "other_sentence",
    "no_word_matches",
    "missed_word",
    "missed_words",
    "replaced_word",
    "word_again",
    "extra_words",
    "unclear_word",
    "sound_replaced",
    "sound_deleted_final",
    "sound_deleted",
    "sound_added",
    "sound_unclear",
    "sound_often",
    "sound_tip",
    "long_pauses",
    "long_pause_after",
    "one_long_pause",
    "slow",
    "fast",
    "flat_melody",
    "yes_no_falls",
    "wh_rises",
    "statement_rises",
    "hesitant",
    "quiet",
    "little_stress",
    "short_answer",
    "weak_pronunciation",
    "weak_fluency",
    "weak_prosody",
    "next_challenge",
    "tip_final_s",
    "tip_ed",
    "tip_th",
    "tip_sh",
    "tip_final_cluster",
    "tip_final_consonant",
    "words_unknown",
    "melody_unknown",
    "note_flat",
    "note_moderate",
    "note_lively",
    "note_pauses",
    "note_one_pause",
    "note_no_pauses",
    "note_pace",
    "note_end_rises",
    "note_end_falls",
    "note_silent",
    "close_sentence",
    "close_conversation",
    "close_sentence_high",
    "close_conversation_high",
    "close_try_again",
    "degraded",
});
static_assert(kTopicNames.size() == kTopicCount);

}  // namespace

std::string_view Name(Topic topic) { return kTopicNames[static_cast<std::size_t>(topic)]; }

std::string_view Name(Role role) { return role == Role::kSaid ? "said" : "listed"; }

}  // namespace speechcoach::scoring
