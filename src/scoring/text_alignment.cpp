#include "scoring/text_alignment.h"

#include <algorithm>
#include <array>
#include <set>

#include "scoring/internal/spoken_words.h"

namespace speechcoach::scoring {
namespace {

constexpr double kReadWorth = 1.0;
constexpr double kReplacedWorth = 0.5;  // times similarity: always below a word that was read
constexpr double kInsertionCost = 0.25;

using Tokens = std::vector<SpokenToken>;

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// One move through the grid of reference (rows) and heard (columns) tokens.
struct Move {
  unsigned char reference_taken = 0;
  unsigned char heard_taken = 0;
  bool read = false;
  double similarity = 0.0;
};

bool Joins(const Tokens& pieces, std::size_t end, const std::string& whole) {
  return end >= 2 && pieces[end - 2].text + pieces[end - 1].text == whole;
}

class Grid {
 public:
  Grid(const Tokens& reference, const Tokens& heard)
      : width_(heard.size() + 1), worth_((reference.size() + 1) * width_, 0.0), moves_(worth_.size()) {
    for (std::size_t i = 0; i <= reference.size(); ++i) {
      for (std::size_t j = 0; j < width_; ++j) {
        if (i + j > 0) Fill(reference, heard, i, j);
      }
    }
  }

  std::vector<Move> BestPath(std::size_t i, std::size_t j) const {
    std::vector<Move> path;
    while (i + j > 0) {
      const Move& move = moves_[i * width_ + j];
      path.push_back(move);
      i -= move.reference_taken;
      j -= move.heard_taken;
    }
    std::ranges::reverse(path);
    return path;
  }

 private:
  void Fill(const Tokens& reference, const Tokens& heard, std::size_t i, std::size_t j) {
    double best = -1e300;
    // Offered in the order of preference: a later move must be strictly better.
    const auto offer = [&](Move move, double worth) {
      const double total = worth_[(i - move.reference_taken) * width_ + j - move.heard_taken] + worth;
      if (total <= best) return;
      best = total;
      moves_[i * width_ + j] = move;
    };
    if (i > 0 && j > 0) {
      const std::string& expected = reference[i - 1].text;
      const std::string& said = heard[j - 1].text;
      if (expected == said) offer({1, 1, true, 1.0}, kReadWorth);
      if (Joins(reference, i, said)) offer({2, 1, true, 1.0}, 2 * kReadWorth);
      if (Joins(heard, j, expected)) offer({1, 2, true, 1.0}, kReadWorth);
      if (expected != said) {
        const double similarity = LetterSimilarity(expected, said);
        offer({1, 1, false, similarity}, kReplacedWorth * similarity);
      }
    }
    if (i > 0) offer({1, 0, false, 0.0}, 0.0);
    if (j > 0) offer({0, 1, false, 0.0}, -kInsertionCost);
    worth_[i * width_ + j] = best;
  }

  std::size_t width_;
  std::vector<double> worth_;
  std::vector<Move> moves_;
};

// Which written words met, gathered from the path so that miscues speak of whole written words.
struct WordLinks {
  std::vector<std::set<std::size_t>> heard_of_reference;
  std::vector<bool> reference_whole;
  std::vector<bool> heard_whole;  // every part of it was what the reference has
  std::vector<bool> heard_linked;
  std::vector<std::size_t> heard_after;  // for each heard word: how many reference words come before it
};

void AddMiscues(const SpokenText& reference, const SpokenText& heard, const WordLinks& links, ReadingComparison& comparison) {
  std::vector<bool> has_tokens(heard.words.size(), false);
  for (const SpokenToken& token : heard.tokens) has_tokens[token.word] = true;
  std::set<std::size_t> reported;  // heard words already named as a replacement
  std::size_t next_heard = 0;
  const auto report_inserted_before = [&](std::size_t reference_word) {
    for (; next_heard < heard.words.size() && links.heard_after[next_heard] <= reference_word; ++next_heard) {
      if (!has_tokens[next_heard] || links.heard_linked[next_heard]) continue;
      comparison.miscues.push_back({model::MiscueKind::kInserted, "", heard.words[next_heard]});
    }
  };
  for (std::size_t word = 0; word < reference.words.size(); ++word) {
    report_inserted_before(word);
    const auto& met = links.heard_of_reference[word];
    const bool heard_whole = std::ranges::all_of(met, [&](std::size_t h) { return links.heard_whole[h]; });
    if (links.reference_whole[word] && heard_whole) {
      ++comparison.words_read;
      continue;
    }
    std::string said;
    for (const std::size_t h : met) {
      // Two reference words heard as one ("want to" as "wanted"): the second was not heard as a word of its own.
      if (!reported.insert(h).second) continue;
      said += (said.empty() ? "" : " ") + heard.words[h];
    }
    const auto kind = said.empty() ? model::MiscueKind::kOmitted : model::MiscueKind::kReplaced;
    comparison.miscues.push_back({kind, reference.words[word], said});
  }
  report_inserted_before(reference.words.size());
}

}  // namespace

double LetterSimilarity(std::string_view a, std::string_view b) {
  constexpr std::size_t kLongestCompared = 40;  // letters; no English word is longer
  a = a.substr(0, kLongestCompared);
  b = b.substr(0, kLongestCompared);
  const std::size_t longer = std::max({a.size(), b.size(), std::size_t{1}});
  return 1.0 - static_cast<double>(EditDistance(a, b)) / static_cast<double>(longer);
}

ReadingComparison CompareReading(std::string_view reference_text, std::span<const std::string> heard_words) {
  const SpokenText reference = ToSpoken(reference_text);
  const SpokenText heard = ToSpoken(heard_words);
  const auto path = Grid(reference.tokens, heard.tokens).BestPath(reference.tokens.size(), heard.tokens.size());

  ReadingComparison comparison;
  comparison.reference_words = reference.words.size();
  WordLinks links{std::vector<std::set<std::size_t>>(reference.words.size()), std::vector<bool>(reference.words.size(), true),
                  std::vector<bool>(heard.words.size(), true), std::vector<bool>(heard.words.size(), false),
                  std::vector<std::size_t>(heard.words.size(), 0)};
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t reference_words_passed = 0;
  for (const Move& move : path) {
    for (std::size_t r = i; r < i + move.reference_taken; ++r) {
      const std::size_t word = reference.tokens[r].word;
      reference_words_passed = word + 1;
      ReadingOutcome outcome;
      if (move.heard_taken > 0) {
        outcome.kind = move.read ? ReadingOutcome::Kind::kRead : ReadingOutcome::Kind::kReplaced;
        outcome.heard_word = heard.tokens[j].word;
        outcome.similarity = move.similarity;
      }
      comparison.outcomes.push_back(outcome);
      if (!move.read) links.reference_whole[word] = false;
      for (std::size_t h = j; h < j + move.heard_taken; ++h) links.heard_of_reference[word].insert(heard.tokens[h].word);
    }
    for (std::size_t h = j; h < j + move.heard_taken; ++h) {
      const std::size_t word = heard.tokens[h].word;
      if (!move.read) links.heard_whole[word] = false;
      if (move.reference_taken > 0) links.heard_linked[word] = true;
      links.heard_after[word] = reference_words_passed;
      if (move.reference_taken == 0) ++comparison.inserted;
    }
    i += move.reference_taken;
    j += move.heard_taken;
  }
  AddMiscues(reference, heard, links, comparison);
  return comparison;
}

}  // namespace speechcoach::scoring
