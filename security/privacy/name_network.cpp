#include "security/privacy/name_network.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <type_traits>
#include <unordered_map>

#include "security/privacy/name_network_parts.hpp"

namespace tongqu {

using namespace network;  // NOLINT(google-build-using-namespace): one room

namespace {

// Texts that go through the network together; more would not reuse a weight more often while it is in the cache.
constexpr std::size_t kTogether = 32;
// And of all of them; a single text may have more.
constexpr std::size_t kMaxTokens = 2048;

// Numbers on their way through a pass. A thread keeps them for its next pass: about 6 KB for each token of the largest.
// What was there before is never read.
struct Workspace {
  std::vector<std::int16_t> inputs;
  std::vector<std::uint8_t> first;   // states of layer 1: for each token forward, then backward, in bytes
  std::vector<std::int16_t> second;  // of layer 2, in units
  std::vector<std::int32_t> sums;
  std::vector<float> x, scales, emissions;
};

template <typename T>
T* grown(std::vector<T>& room, std::size_t size) {
  if (room.size() < size) room.resize(size);
  return room.data();
}

Workspace& workspace() {
  thread_local Workspace kept;
  return kept;
}

}  // namespace

// Some texts on their way through the network. Tokens of all texts stand one text after another, and in steps: the
// texts are sorted by length, so that those that still go on at a step are the first ones.
class NameNetwork::Pass {
 public:
  Pass(const Parts& parts, const Kernels& kernels, std::span<const std::u32string_view> texts)
      : parts_(parts), kernels_(kernels), texts_(texts) {
    first_.reserve(texts.size());
    for (const auto& text : texts) {
      first_.push_back(tokens_);
      tokens_ += text.size();
    }
  }

  // `texts` not empty, longest first, none empty.
  void run() {
    first_layer();
    second_layer();
    std::int32_t* const sums = grown(space_.sums, tokens_ * parts_.emission.columns());
    parts_.emission.multiply(kernels_, space_.second.data(), 2 * kState, tokens_, sums);
    float* const emissions = grown(space_.emissions, tokens_ * kTagBlock);
    for (std::size_t token = 0; token < tokens_; ++token) {
      kernels_.affine({sums + token * parts_.emission.columns(), parts_.emission.scales().data(),
                       parts_.emission_bias.data(), 1.0F, emissions + token * kTagBlock, parts_.tags});
    }
  }

  // Of token t of text i, one score for each tag.
  [[nodiscard]] std::span<const float> emission(std::size_t i, std::size_t t) const {
    return std::span(space_.emissions).subspan((first_[i] + t) * kTagBlock, parts_.tags);
  }

  void favour_persons() {
    for (std::size_t token = 0; token < tokens_; ++token) {
      float* const of = space_.emissions.data() + token * kTagBlock;
      for (std::size_t tag = 0; tag < parts_.tags; ++tag) of[tag] += parts_.favours[tag];
    }
  }

  // The most likely tags of text i.
  [[nodiscard]] std::vector<std::uint8_t> best(std::size_t i) const {
    const std::size_t length = texts_[i].size();
    const std::size_t tags = parts_.tags;
    std::vector<std::int32_t> came_from(length * kTagBlock);
    std::vector<float> score(kTagBlock);
    std::vector<float> next(kTagBlock);
    for (std::size_t tag = 0; tag < tags; ++tag) score[tag] = parts_.start[tag] + emission(i, 0)[tag];
    for (std::size_t t = 1; t < length; ++t) {
      kernels_.tag_step({parts_.transition_from.data(), tags, score.data(), emission(i, t).data(), next.data(),
                         came_from.data() + t * kTagBlock});
      score.swap(next);
    }
    for (std::size_t tag = 0; tag < tags; ++tag) score[tag] += parts_.end[tag];
    std::vector<std::uint8_t> out(length);
    out[length - 1] = static_cast<std::uint8_t>(
        std::max_element(score.begin(), score.begin() + static_cast<std::ptrdiff_t>(tags)) - score.begin());
    for (std::size_t t = length - 1; t > 0; --t)
      out[t - 1] = static_cast<std::uint8_t>(came_from[t * kTagBlock + out[t]]);
    return out;
  }

 private:
  template <typename T>
  static std::unique_ptr<T[]> room(std::size_t size) {
    return std::make_unique_for_overwrite<T[]>(size);
  }
  using States =
      std::unique_ptr<std::int16_t[]>;  // for each token the state forward, then the state backward, in units

  // What a layer makes of the sums of its inputs before the recurrence, 3·kState for each; input_scales null: all 1.
  const float* project(const Direction& direction, const std::int32_t* sums, const std::vector<float>& scales,
                       std::size_t count, const float* input_scales) {
    constexpr std::size_t kWide = 3 * kState;
    float* const x = grown(space_.x, count * kWide);
    for (std::size_t i = 0; i < count; ++i) {
      kernels_.affine({sums + i * kWide, scales.data(), direction.bias.data(),
                       input_scales == nullptr ? 1.0F : input_scales[i], x + i * kWide, kWide});
    }
    return x;
  }

  // The first layer's inputs are characters, and most of them occur more than once: each is projected once.
  void first_layer() {
    std::vector<std::uint32_t> input_of(tokens_);
    std::vector<std::uint32_t> rows;
    std::unordered_map<std::uint32_t, std::uint32_t> place;  // of a row of the embedding
    std::size_t token = 0;
    for (const std::u32string_view text : texts_) {
      for (const char32_t character : text) {
        const std::uint32_t row = parts_.row_of(character);
        const auto [at, fresh] = place.emplace(row, static_cast<std::uint32_t>(rows.size()));
        if (fresh) rows.push_back(row);
        input_of[token++] = at->second;
      }
    }
    std::int16_t* const inputs = grown(space_.inputs, rows.size() * kEmbedding);
    float* const scales = grown(space_.scales, rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(parts_.embedding.data() + rows[i] * kEmbedding, kEmbedding, inputs + i * kEmbedding);
      scales[i] = parts_.embedding_scales[rows[i]];
    }
    std::uint8_t* const out = grown(space_.first, tokens_ * 2 * kState);
    std::int32_t* const sums = grown(space_.sums, rows.size() * 3 * kState);
    for (std::size_t backward = 0; backward < 2; ++backward) {
      const Direction& direction = parts_.directions[backward];
      direction.characters.multiply(kernels_, inputs, kEmbedding, rows.size(), sums);
      const float* const x = project(direction, sums, direction.characters.scales(), rows.size(), scales);
      recur(direction, backward == 1, x, input_of.data(), out + backward * kState);
    }
  }

  void second_layer() {
    std::int16_t* const out = grown(space_.second, tokens_ * 2 * kState);
    std::int32_t* const sums = grown(space_.sums, tokens_ * 3 * kState);
    for (std::size_t backward = 0; backward < 2; ++backward) {
      const Direction& direction = parts_.directions[2 + backward];
      direction.states.multiply(kernels_, space_.first.data(), 2 * kState, tokens_, sums);
      const float* const x = project(direction, sums, direction.states.scales(), tokens_, nullptr);
      recur(direction, backward == 1, x, nullptr, out + backward * kState);
    }
  }

  // `x`: by token, or by input_of[token]. `out`: 2·kState apart, in units or in bytes.
  template <typename State>
  void recur(const Direction& direction, bool backward, const float* x, const std::uint32_t* input_of, State* out) {
    const std::size_t count = texts_.size();
    std::vector<float> state(count * kState);
    std::vector<float> update(count * kState);
    std::vector<std::int16_t> units(count * kState);
    std::vector<std::uint8_t> bytes(count * kState, kByteZero);
    std::vector<std::int16_t> reset(count * kState);
    std::vector<std::int32_t> sums(count * 2 * kState);
    std::vector<std::int32_t> wanted(count * kState);
    const auto input = [&](std::size_t at) { return x + (input_of == nullptr ? at : input_of[at]) * 3 * kState; };
    std::size_t active = count;
    for (std::size_t t = 0; t < texts_.front().size(); ++t) {
      while (texts_[active - 1].size() <= t) --active;
      direction.gates.multiply(kernels_, bytes.data(), kState, active, sums.data());
      for (std::size_t i = 0; i < active; ++i) {
        kernels_.gates({sums.data() + i * 2 * kState, direction.gates.scales().data(), input(token(i, t, backward)),
                        state.data() + i * kState, update.data() + i * kState, reset.data() + i * kState, kState});
      }
      direction.candidate.multiply(kernels_, reset.data(), kState, active, wanted.data());
      for (std::size_t i = 0; i < active; ++i) {
        const std::size_t at = token(i, t, backward);
        kernels_.candidate({wanted.data() + i * kState, direction.candidate.scales().data(), input(at) + 2 * kState,
                            update.data() + i * kState, state.data() + i * kState, units.data() + i * kState,
                            bytes.data() + i * kState, kState});
        if constexpr (std::is_same_v<State, std::uint8_t>) {
          std::copy_n(bytes.data() + i * kState, kState, out + at * 2 * kState);
        } else {
          std::copy_n(units.data() + i * kState, kState, out + at * 2 * kState);
        }
      }
    }
  }

  [[nodiscard]] std::size_t token(std::size_t i, std::size_t t, bool backward) const {
    return first_[i] + (backward ? texts_[i].size() - 1 - t : t);
  }

  const Parts& parts_;
  const Kernels& kernels_;
  const std::span<const std::u32string_view> texts_;
  std::vector<std::size_t> first_;  // token of each text
  std::size_t tokens_ = 0;
  Workspace& space_ = workspace();  // one pass of a thread at a time
};

NameNetwork::NameNetwork(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
NameNetwork::~NameNetwork() = default;

Result<std::unique_ptr<const NameNetwork>> NameNetwork::open(const std::string& folder) {
  const auto parameters = read_parameters(folder);
  if (parameters.has_error()) return parameters.error();
  return std::unique_ptr<const NameNetwork>(new NameNetwork(std::make_unique<const Parts>(*parameters)));
}

std::string_view NameNetwork::tag_name(std::uint8_t tag) const { return parts_->kinds[tag]; }

namespace {

// A part of a text, not longer than the network takes.
struct Piece {
  std::u32string_view text;
  std::size_t of = 0;       // text
  std::uint32_t begin = 0;  // in it
};

std::vector<Piece> pieces_of(std::span<const std::u32string_view> texts) {
  std::vector<Piece> out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t at = 0; at < texts[i].size(); at += NameNetwork::kMaxCharacters) {
      out.push_back({texts[i].substr(at, NameNetwork::kMaxCharacters), i, static_cast<std::uint32_t>(at)});
    }
  }
  return out;
}

}  // namespace

void NameNetwork::add_words(std::span<const std::uint8_t> tags, std::uint32_t begin,
                            std::vector<TaggedWord>& words) const {
  for (std::size_t t = 0; t < tags.size(); ++t) {
    const std::uint8_t tag = tags[t];
    const auto at = static_cast<std::uint32_t>(begin + t);
    const bool goes_on = t > 0 && !parts_->begins[tag] && words.back().tag == parts_->kind_of[tag];
    if (goes_on) {
      words.back().end = at + 1;
    } else {
      words.push_back({at, at + 1, parts_->kind_of[tag]});
    }
  }
}

std::vector<NameNetwork::Reading> NameNetwork::readings(std::span<const std::u32string_view> texts,
                                                        const Kernels& kernels) const {
  const std::vector<Piece> pieces = pieces_of(texts);
  std::vector<std::size_t> order(pieces.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return pieces[a].text.size() != pieces[b].text.size() ? pieces[a].text.size() > pieces[b].text.size() : a < b;
  });
  std::vector<std::vector<std::uint8_t>> tags(pieces.size());
  std::vector<std::vector<std::uint8_t>> favoured(pieces.size());
  std::vector<std::u32string_view> together;
  for (std::size_t at = 0; at < order.size(); at += together.size()) {
    together.clear();
    std::size_t tokens = 0;
    for (std::size_t i = at; i < order.size() && together.size() < kTogether; ++i) {
      tokens += pieces[order[i]].text.size();
      if (tokens > kMaxTokens && !together.empty()) break;
      together.push_back(pieces[order[i]].text);
    }
    Pass pass(*parts_, kernels, together);
    pass.run();
    for (std::size_t i = 0; i < together.size(); ++i) tags[order[at + i]] = pass.best(i);
    pass.favour_persons();
    for (std::size_t i = 0; i < together.size(); ++i) favoured[order[at + i]] = pass.best(i);
  }
  std::vector<Reading> out(texts.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    add_words(tags[i], pieces[i].begin, out[pieces[i].of].words);
    add_words(favoured[i], pieces[i].begin, out[pieces[i].of].favoured);
  }
  return out;
}

std::vector<std::vector<TaggedWord>> NameNetwork::words(std::span<const std::u32string_view> texts,
                                                        const Kernels& kernels) const {
  std::vector<std::vector<TaggedWord>> out;
  for (Reading& reading : readings(texts, kernels)) out.push_back(std::move(reading.words));
  return out;
}

std::vector<NameNetwork::Emission> NameNetwork::emissions(std::u32string_view text, const Kernels& kernels) const {
  std::vector<Emission> out;
  if (text.empty()) return out;
  const std::u32string_view one[] = {text};
  Pass pass(*parts_, kernels, one);
  pass.run();
  for (std::size_t t = 0; t < text.size(); ++t) {
    const auto scores = pass.emission(0, t);
    const auto best = std::max_element(scores.begin(), scores.end());
    out.push_back({static_cast<std::size_t>(best - scores.begin()), *best});
  }
  return out;
}

}  // namespace tongqu
