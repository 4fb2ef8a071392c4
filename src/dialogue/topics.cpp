#include "dialogue/topics.h"

#include <algorithm>
#include <exception>
#include <set>
#include <stdexcept>

#include <boost/json.hpp>

#include "dialogue/internal/embedded_dialogues.h"

namespace speechcoach::dialogue {
namespace {

namespace bj = boost::json;

TopicKind KindNamed(std::string_view name) {
  if (name == "talk") return TopicKind::kTalk;
  if (name == "role_play") return TopicKind::kRolePlay;
  if (name == "task") return TopicKind::kTask;
  throw std::invalid_argument("no such kind");
}

std::optional<Scale> ScaleNamed(const bj::value* name) {
  if (name == nullptr) return std::nullopt;
  if (name->as_string() == "ielts") return Scale::kIelts;
  if (name->as_string() == "vstep") return Scale::kVstep;
  throw std::invalid_argument("no such scale");
}

std::string Text(const bj::object& object, std::string_view key) { return std::string(object.at(key).as_string()); }

Node NodeFrom(std::string_view id, const bj::object& object) {
  Node node;
  node.id = id;
  node.help_vi = Text(object, "help_vi");
  for (const auto& [level, say] : object.at("say").as_object()) node.say.emplace_back(level, say.as_string());
  std::ranges::sort(node.say);
  if (node.say.empty() || node.say.front().first != "A1") throw std::invalid_argument("no words for A1");
  if (const bj::value* otherwise = object.if_contains("otherwise")) node.otherwise = otherwise->as_string();
  if (const bj::value* next = object.if_contains("next")) {
    for (const bj::value& row : next->as_array()) {
      Branch branch;
      branch.to = Text(row.as_object(), "to");
      for (const bj::value& word : row.at("heard").as_array()) branch.heard.emplace_back(word.as_string());
      node.next.push_back(std::move(branch));
    }
  }
  return node;
}

// Every way leads to a node, and every node is on a way.
void CheckTree(const DialogueTopic& topic) {
  std::set<std::string> reached;
  std::vector<std::string> open{topic.start};
  while (!open.empty()) {
    const std::string id = open.back();
    open.pop_back();
    if (!reached.insert(id).second) continue;
    const Node* node = topic.Find(id);
    if (node == nullptr) throw std::invalid_argument("a branch leads nowhere: " + id);
    if (!node->next.empty() && node->otherwise.empty()) throw std::invalid_argument("branches without an otherwise: " + id);
    for (const Branch& branch : node->next) open.push_back(branch.to);
    if (!node->otherwise.empty()) open.push_back(node->otherwise);
  }
  if (reached.size() != topic.nodes.size()) throw std::invalid_argument("a node that nothing leads to");
}

}  // namespace

const Node* DialogueTopic::Find(std::string_view node) const {
  const auto found = std::ranges::find(nodes, node, &Node::id);
  return found == nodes.end() ? nullptr : &*found;
}

base::Result<std::vector<DialogueTopic>> ParseTopics(std::string_view json) {
  std::string where;
  try {
    std::vector<DialogueTopic> topics;
    const bj::value root = bj::parse(json);
    for (const bj::value& row : root.at("topics").as_array()) {
      const bj::object& object = row.as_object();
      DialogueTopic topic{Text(object, "id"),
                          KindNamed(object.at("kind").as_string()),
                          Text(object, "title_vi"),
                          Text(object, "role"),
                          Text(object, "start"),
                          ScaleNamed(object.if_contains("scale")),
                          {}};
      where = topic.id;
      for (const auto& [id, node] : object.at("nodes").as_object()) topic.nodes.push_back(NodeFrom(id, node.as_object()));
      CheckTree(topic);
      if ((topic.kind == TopicKind::kTask) != topic.scale.has_value())
        throw std::invalid_argument("tasks have a scale, others none");
      topics.push_back(std::move(topic));
    }
    return topics;
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kBadConfig, "topics, " + where + ": " + fault.what()};
  }
}

std::span<const DialogueTopic> Topics() {
  // A file that does not parse has no topics; the tests hold the one in the program to it.
  static const auto topics = [] {
    auto parsed = ParseTopics(EmbeddedDialogue("topics.json"));
    return parsed.ok() ? *std::move(parsed) : std::vector<DialogueTopic>();
  }();
  return topics;
}

const DialogueTopic* FindTopic(std::string_view id) {
  const auto found = std::ranges::find(Topics(), id, &DialogueTopic::id);
  return found == Topics().end() ? nullptr : &*found;
}

std::string_view SayFor(const Node& node, std::string_view level) {
  std::string_view say = node.say.front().second;
  for (const auto& [from, words] : node.say) {
    if (from <= level) say = words;
  }
  return say;
}

}  // namespace speechcoach::dialogue
