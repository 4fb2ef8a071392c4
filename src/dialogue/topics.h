// What there is to talk about: data/dialogue/topics.json. Each topic is a tree that branches by what the learner says.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "dialogue/speaking_band.h"

namespace speechcoach::dialogue {

struct Branch {
  std::vector<std::string> heard;  // small letters; one of them is enough
  std::string to;                  // node id
};

struct Node {
  std::string id;
  std::vector<std::pair<std::string, std::string>> say;  // CEFR level -> English, rising
  std::string help_vi;
  std::vector<Branch> next;  // the first that fits
  std::string otherwise;     // node id; empty: the conversation ends here
};

enum class TopicKind { kTalk, kRolePlay, kTask };

struct DialogueTopic {
  std::string id;
  TopicKind kind = TopicKind::kTalk;
  std::string title_vi;
  std::string role;  // whom the partner plays
  std::string start;
  std::optional<Scale> scale;  // of tasks: in what their band is given
  std::vector<Node> nodes;

  const Node* Find(std::string_view node) const;  // null where there is none
};

// Errors: kBadConfig, naming the topic: a branch to nowhere, a node that nothing leads to, or one without words for A1.
base::Result<std::vector<DialogueTopic>> ParseTopics(std::string_view json);

// The topics inside the program.
std::span<const DialogueTopic> Topics();

// Null where there is none.
const DialogueTopic* FindTopic(std::string_view id);

// The wording for `level`, or for the nearest level below it.
std::string_view SayFor(const Node& node, std::string_view level);

}  // namespace speechcoach::dialogue
