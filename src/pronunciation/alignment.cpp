#include "pronunciation/alignment.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace speechcoach::pronunciation {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();
constexpr std::uint32_t kNoNode = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint8_t kStayed = 0;

// A state of the word graph: a phone of one pronunciation, or a blank.
struct Node {
  std::size_t emits = kBlank;
  std::vector<std::uint32_t> before;  // other nodes that a path may come from
  bool may_begin = false;
  bool may_end = false;
  std::size_t word = 0;
  std::size_t pronunciation = 0;
  std::size_t position = 0;  // within the pronunciation
};

std::vector<Node> BuildGraph(const ReferenceText& text) {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> last_phones;  // of all pronunciations of the word before
  const auto add = [&](Node node) {
    nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes.size() - 1);
  };
  const auto add_blank_between = [&] {
    Node blank;
    blank.before = last_phones;
    blank.may_begin = last_phones.empty();
    return add(std::move(blank));
  };
  // A phone beside its like needs a blank between.
  const auto connect = [&](Node& node, std::uint32_t from) {
    if (nodes[from].emits != node.emits) node.before.push_back(from);
  };
  for (std::size_t word = 0; word < text.size(); ++word) {
    const std::uint32_t word_blank = add_blank_between();
    std::vector<std::uint32_t> ends;
    for (std::size_t variant = 0; variant < text[word].pronunciations.size(); ++variant) {
      const Pronunciation& pronunciation = text[word].pronunciations[variant];
      std::uint32_t blank = word_blank;
      std::uint32_t previous = kNoNode;
      for (std::size_t i = 0; i < pronunciation.size(); ++i) {
        Node node;
        node.emits = pronunciation[i].phone + 1u;
        node.before.push_back(blank);
        if (i > 0) {
          connect(node, previous);
        } else {
          node.may_begin = last_phones.empty();
          for (const std::uint32_t from : last_phones) connect(node, from);
        }
        node.word = word;
        node.pronunciation = variant;
        node.position = i;
        previous = add(std::move(node));
        if (i + 1 < pronunciation.size()) {
          Node inner;
          inner.before.push_back(previous);
          blank = add(std::move(inner));
        }
      }
      ends.push_back(previous);
    }
    last_phones = std::move(ends);
  }
  for (const std::uint32_t end : last_phones) nodes[end].may_end = true;
  nodes[add_blank_between()].may_end = true;
  return nodes;
}

// A pronunciation needs as many frames as it has phones: what cannot fit is refused before anything is made of it.
bool Fits(const ReferenceText& text, std::size_t frames) {
  std::size_t least = 0;
  for (const ReferenceWord& word : text) least += std::ranges::min(word.pronunciations, {}, &Pronunciation::size).size();
  return least <= frames;
}

}  // namespace

std::optional<Alignment> Align(const Posteriors& posteriors, const ReferenceText& text) {
  if (text.empty() || posteriors.frames == 0 || !Fits(text, posteriors.frames)) return std::nullopt;
  const std::vector<Node> nodes = BuildGraph(text);
  const std::size_t count = nodes.size();
  std::vector<float> score(count, kImpossible);
  std::vector<float> next(count);
  // kStayed, or one more than the index into the node's `before`: at most a blank and the ends of kMaxPronunciations words.
  std::vector<std::uint8_t> came_from(posteriors.frames * count, kStayed);
  for (std::size_t n = 0; n < count; ++n) {
    if (nodes[n].may_begin) score[n] = posteriors.frame(0)[nodes[n].emits];
  }
  for (std::size_t t = 1; t < posteriors.frames; ++t) {
    const auto frame = posteriors.frame(t);
    for (std::size_t n = 0; n < count; ++n) {
      float best = score[n];
      std::uint8_t from = kStayed;
      for (std::size_t k = 0; k < nodes[n].before.size(); ++k) {
        if (score[nodes[n].before[k]] > best) {
          best = score[nodes[n].before[k]];
          from = static_cast<std::uint8_t>(k + 1);
        }
      }
      next[n] = best + frame[nodes[n].emits];
      came_from[t * count + n] = from;
    }
    score.swap(next);
  }

  std::uint32_t node = kNoNode;
  for (std::size_t n = 0; n < count; ++n) {
    if (nodes[n].may_end && (node == kNoNode || score[n] > score[node])) node = static_cast<std::uint32_t>(n);
  }
  if (score[node] == kImpossible) return std::nullopt;

  Alignment alignment;
  alignment.log_likelihood = score[node];
  alignment.pronunciation.assign(text.size(), 0);
  std::uint32_t entered = kNoNode;
  for (std::size_t t = posteriors.frames; t-- > 0;) {
    const Node& here = nodes[node];
    if (here.emits != kBlank) {
      if (entered != node) {
        const Sound sound = text[here.word].pronunciations[here.pronunciation][here.position];
        alignment.phones.push_back({sound, here.word, t, t});
        alignment.pronunciation[here.word] = here.pronunciation;
      }
      alignment.phones.back().first_frame = t;
    }
    entered = node;
    if (const std::uint8_t from = t > 0 ? came_from[t * count + node] : kStayed; from != kStayed)
      node = nodes[node].before[from - 1u];
  }
  std::ranges::reverse(alignment.phones);
  return alignment;
}

}  // namespace speechcoach::pronunciation
