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

// HashBytes of up to 8 bytes, in a word whose other bytes are zero.
uint64_t HashWord(uint64_t word, size_t size, uint64_t seed) {
  const uint64_t hash = Mix((seed + size * kOdd3) ^ word);
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
  void Add(uint64_t token, bool is_cluster) {
    first_ = (first_ ^ token) * kOdd1;
    first_ ^= first_ >> 31;
    second_ = (second_ + token) * kOdd2;
    second_ ^= second_ >> 33;
    half_words_ += is_cluster ? 1 : 2;
  }
  std::array<uint64_t, 2> Value() const { return {Mix(first_), NotZero(Mix(second_))}; }
  int half_words() const { return half_words_; }

 private:
  uint64_t first_ = kOdd3;
  uint64_t second_ = kOdd1;
  int half_words_ = 0;
};

// The last tokens of a field, and the shingles that they make.
class Shingler {
 public:
  explicit Shingler(SketchBuilder* sketch) : sketch_(*sketch) {}

  void BeginField() { count_ = 0; }

  void Add(uint64_t token, bool is_cluster, bool in_lead) {
    last_[count_++ % last_.size()] = token;
    if (is_cluster) {
      Finish<kShingleClusters>(in_lead);
    } else {
      Finish<kShingleWords>(in_lead);
    }
  }

 private:
  template <size_t kLength>
  void Finish(bool in_lead) {
    if (count_ < kLength) return;
    uint64_t hash = kOdd3;
    for (size_t back = kLength; back > 0; --back) {
      hash = (hash ^ last_[(count_ - back) % last_.size()]) * kOdd1;
      hash ^= hash >> 32;
    }
    sketch_.Add(static_cast<uint32_t>(Mix(hash) >> 32), in_lead);
  }

  SketchBuilder& sketch_;
  std::array<uint64_t, 8> last_{};
  size_t count_ = 0;
};
static_assert(kShingleClusters <= 8 && kShingleWords <= 8);

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// visit(token, hash) for each token of one field's stream. Most are shorter than a word of the
// machine: found, cut and hashed in it, without a branch that depends on the length.
template <typename Visit>
void ForEachToken(std::string_view stream, Visit visit) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  size_t at = stream.starts_with(' ') ? 1 : 0;
  while (at < stream.size()) {
    uint64_t word = 0;
    std::memcpy(&word, stream.data() + at, std::min(stream.size() - at, sizeof(word)));
    const uint64_t differs = word ^ kOnes * ' ';
    const uint64_t spaces = (differs - kOnes) & ~differs & kOnes * 0x80;
    size_t length;
    uint64_t hash;
    if (spaces != 0) {
      length = static_cast<size_t>(std::countr_zero(spaces)) / 8;
      hash = HashWord(word & ((uint64_t{1} << 8 * length) - 1), length, kOdd2);
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
  TextHash all;
  TextHash body;
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
      text->all.Add(hash, is_cluster);
      shingler.Add(hash, is_cluster, text->all.half_words() <= kLeadHalfWords);
      if (field != rules::Field::kBody) {
        if (is_cluster || token.size() >= kLongerWordBytes) headline_.push_back(hash);
        return;
      }
      text->body.Add(hash, is_cluster);
      if (is_about || text->body.half_words() > kFurnitureHalfWordsMax) return;
      is_about = IsDigit(token.front()) || std::ranges::find(headline_, hash) != headline_.end();
    });
  }
  text->body_is_furniture =
      !is_about && !headline_.empty() && text->body.half_words() <= kFurnitureHalfWordsMax;
}

Fingerprint Fingerprinter::Of(const Article& article) {
  using rules::Field;
  static constexpr std::array kFields = {Field::kTitle, Field::kLead, Field::kBody};
  Text text;
  Read(article.document, kFields, &text);
  Fingerprint fingerprint{.sketch = sketch_.Build()};
  if (text.body_is_furniture) {
    text = {};
    Read(article.document, std::span(kFields).first(2), &text);
    fingerprint.sketch = sketch_.Build();
  }
  if (text.body.half_words() >= kBodyHalfWordsMin) {
    fingerprint.body_hash = text.body.Value();
  } else if (text.all.half_words() >= kTextHalfWordsMin) {
    fingerprint.body_hash = text.all.Value();
  }
  const std::string url = CanonicalUrl(article.url);
  if (!url.empty()) fingerprint.url_hash = NotZero(HashBytes(url, kOdd3));
  fingerprint.id_hash = !article.id.empty() ? IdHash(article.id)
                        : !url.empty()      ? NotZero(Mix(fingerprint.url_hash))
                                            : NotZero(Mix(text.all.Value()[0]));
  return fingerprint;
}

}  // namespace tocsin
