#include "pipeline/alert/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <string>

#include "pipeline/alert/canonical_url.h"
#include "rules/text/char_table.h"

namespace tocsin {
namespace {

// Neighbours that make a shingle: words, or grapheme clusters where these are the tokens.
constexpr size_t kShingleWords = 3;
constexpr size_t kShingleClusters = 5;

// The title and what follows it, so far: the text's lead.
constexpr int kLeadHalfWords = 2 * 100;

// In half words, as a grapheme cluster is counted.
constexpr int kBodyHalfWordsMin = 2 * 20;  // a shorter body does not stand for its article alone
constexpr int kTextHalfWordsMin = 2 * 5;   // less text tells no article

// A body this short, without a figure and without one longer word of its headline, is taken for
// furniture ("subscribe to read on"), which tells nothing.
constexpr int kFurnitureHalfWordsMax = 2 * 40;
constexpr size_t kLongerWordBytes = 4;

constexpr uint64_t kOdd1 = 0x9E3779B97F4A7C15;
constexpr uint64_t kOdd2 = 0xC2B2AE3D27D4EB4F;
constexpr uint64_t kOdd3 = 0x165667B19E3779F9;

uint64_t Mix(uint64_t value) {
  value = (value ^ value >> 32) * kOdd1;
  return (value ^ value >> 29) * kOdd2;
}

uint64_t HashBytes(std::string_view bytes, uint64_t seed) {
  uint64_t hash = seed + bytes.size() * kOdd3;
  uint64_t word = 0;
  for (; bytes.size() > sizeof(word); bytes.remove_prefix(sizeof(word))) {
    std::memcpy(&word, bytes.data(), sizeof(word));
    hash = Mix(hash ^ word);
  }
  word = 0;
  std::memcpy(&word, bytes.data(), bytes.size());
  hash = Mix(hash ^ word);
  return hash ^ hash >> 32;
}

// HashBytes of up to 16 bytes, in two words whose other bytes are zero, without a branch that depends
// on how many there are.
uint64_t HashWords(uint64_t first, uint64_t second, size_t size, uint64_t seed) {
  const uint64_t one = Mix((seed + size * kOdd3) ^ first);
  const uint64_t two = Mix(one ^ second);
  const uint64_t hash = size > sizeof(first) ? two : one;
  return hash ^ hash >> 32;
}

uint64_t NotZero(uint64_t hash) { return hash == 0 ? 1 : hash; }

bool IsCluster(std::string_view token) {
  if (static_cast<unsigned char>(token.front()) < 0xE0) return false;
  size_t at = 0;
  return rules::CharTable::Get().Lookup(rules::NextCodePoint(token, &at)).kind ==
         rules::CharKind::kCluster;
}

// Of a sequence of tokens, their order included.
class TextHash {
 public:
  void Add(uint64_t token) {
    first_ = (first_ ^ token) * kOdd1;
    first_ ^= first_ >> 31;
    second_ = (second_ + token) * kOdd2;
    second_ ^= second_ >> 33;
  }
  std::array<uint64_t, 2> Value() const { return {Mix(first_), NotZero(Mix(second_))}; }

 private:
  uint64_t first_ = kOdd3;
  uint64_t second_ = kOdd1;
};

// The shingles of a field: each token ends one of itself and those before it.
class Shingler {
 public:
  explicit Shingler(SketchBuilder* sketch) : sketch_(*sketch) {}

  void BeginField() { count_ = 0; }

  void Add(uint64_t token, bool is_cluster, bool in_lead) {
    for (size_t length = kLengthMax; length > 1; --length) {
      chains_[length] = Chain(chains_[length - 1], token);
    }
    chains_[1] = Chain(kOdd3, token);
    const size_t length = is_cluster ? kShingleClusters : kShingleWords;
    if (++count_ < length) return;
    sketch_.Add(static_cast<uint32_t>(Mix(chains_[length]) >> 32), in_lead);
  }

 private:
  static constexpr size_t kLengthMax = std::max(kShingleClusters, kShingleWords);

  static uint64_t Chain(uint64_t hash, uint64_t token) {
    hash = (hash ^ token) * kOdd1;
    return hash ^ hash >> 32;
  }

  SketchBuilder& sketch_;
  std::array<uint64_t, kLengthMax + 1> chains_{};  // of the last n tokens
  size_t count_ = 0;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr size_t kWord = sizeof(uint64_t);

// The highest bit of each space up to the first, and of some bytes behind it.
uint64_t Spaces(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t differs = word ^ kOnes * ' ';
  return (differs - kOnes) & ~differs & kOnes * 0x80;
}

// 2 * kWord: none.
size_t FindSpace(uint64_t first, uint64_t second) {
  const uint64_t in_first = Spaces(first);
  const uint64_t spaces = in_first != 0 ? in_first : Spaces(second);
  return (in_first != 0 ? 0 : kWord) + static_cast<size_t>(std::countr_zero(spaces)) / 8;
}

uint64_t FirstBytes(uint64_t word, size_t count) {
  return count < kWord ? word & ((uint64_t{1} << 8 * count) - 1) : word;
}

// visit(token, hash) for each token of one field's stream. Nearly all have less than 16 bytes: found
// and hashed in two words of the machine.
template <typename Visit>
void ForEachToken(std::string_view stream, Visit visit) {
  size_t at = stream.starts_with(' ') ? 1 : 0;
  while (at < stream.size()) {
    std::array<uint64_t, 2> words{};
    std::memcpy(words.data(), stream.data() + at, std::min(stream.size() - at, 2 * kWord));
    size_t length = FindSpace(words[0], words[1]);
    uint64_t hash;
    if (length < 2 * kWord) {
      hash = HashWords(FirstBytes(words[0], length),
                       FirstBytes(words[1], length - std::min(length, kWord)), length, kOdd2);
    } else {
      length = std::min(stream.find(' ', at), stream.size()) - at;
      hash = HashBytes(stream.substr(at, length), kOdd2);
    }
    visit(stream.substr(at, length), hash);
    at += length + 1;
  }
}

}  // namespace

struct Fingerprinter::Text {
  bool is_id;    // it stands in for the id that the article has not
  TextHash all;  // complete where it is the id, or where the body is too short to stand alone
  TextHash body;
  int all_half_words = 0;
  int body_half_words = 0;
  bool body_is_furniture = false;
};

uint64_t IdHash(std::string_view id) { return NotZero(HashBytes(id, kOdd1)); }

void Fingerprinter::Read(const rules::Document& document, std::span<const rules::Field> fields,
                         Text* text) {
  Shingler shingler(&sketch_);
  headline_.clear();
  bool is_about = false;
  for (const rules::Field field : fields) {
    folder_.Clear();
    folder_.Append(document.Text(field), document.language);
    shingler.BeginField();
    ForEachToken(folder_.stream(), [&](std::string_view token, uint64_t hash) {
      const bool is_cluster = IsCluster(token);
      const int half_words = is_cluster ? 1 : 2;
      if (text->is_id || text->body_half_words < kBodyHalfWordsMin) text->all.Add(hash);
      text->all_half_words += half_words;
      shingler.Add(hash, is_cluster, text->all_half_words <= kLeadHalfWords);
      if (field != rules::Field::kBody) {
        if (is_cluster || token.size() >= kLongerWordBytes) headline_.push_back(hash);
        return;
      }
      text->body.Add(hash);
      text->body_half_words += half_words;
      if (is_about || text->body_half_words > kFurnitureHalfWordsMax) return;
      is_about = IsDigit(token.front()) || std::ranges::find(headline_, hash) != headline_.end();
    });
  }
  text->body_is_furniture =
      !is_about && !headline_.empty() && text->body_half_words <= kFurnitureHalfWordsMax;
}

Fingerprint Fingerprinter::Of(const Article& article) {
  using rules::Field;
  static constexpr std::array kFields = {Field::kTitle, Field::kLead, Field::kBody};
  const std::string url = CanonicalUrl(article.url);
  const Text none{.is_id = article.id.empty() && url.empty()};
  Text text = none;
  Read(article.document, kFields, &text);
  Fingerprint fingerprint{.sketch = sketch_.Build()};
  if (text.body_is_furniture) {
    text = none;
    Read(article.document, std::span(kFields).first(2), &text);
    fingerprint.sketch = sketch_.Build();
  }
  if (text.body_half_words >= kBodyHalfWordsMin) {
    fingerprint.body_hash = text.body.Value();
  } else if (text.all_half_words >= kTextHalfWordsMin) {
    fingerprint.body_hash = text.all.Value();
  }
  if (!url.empty()) fingerprint.url_hash = NotZero(HashBytes(url, kOdd3));
  fingerprint.id_hash = !article.id.empty() ? IdHash(article.id)
                        : text.is_id        ? NotZero(Mix(text.all.Value()[0]))
                                            : NotZero(Mix(fingerprint.url_hash));
  return fingerprint;
}

}  // namespace tocsin
