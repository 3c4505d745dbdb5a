#include "pipeline/decode/decoder.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "pipeline/decode/article_reader.h"
#include "pipeline/decode/json_parser.h"
#include "pipeline/decode/mapping_walks.h"
#include "pipeline/decode/payload.h"
#include "pipeline/decode/source_spans.h"
#include "pipeline/decode/type_name.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kJsonSpace = " \t\r\n";

std::string_view Trim(std::string_view json) {
  const size_t begin = json.find_first_not_of(kJsonSpace);
  if (begin == std::string_view::npos) return {};
  return json.substr(begin, json.find_last_not_of(kJsonSpace) + 1 - begin);
}

DecodeLimits Bounded(DecodeLimits limits) {
  limits.bytes_max = std::min<size_t>(limits.bytes_max, simdjson::SIMDJSON_MAXSIZE_BYTES);
  return limits;
}

// What the first fitting alternative selects as articles.
class ArticleCollector {
 public:
  void Clear() {
    best_ = kNone;
    values_.clear();
  }

  uint64_t settled() const { return best_ == kNone ? 0 : ~uint64_t{1} << best_; }

  void operator()(uint32_t alternative, const dom::element& value) {
    if (alternative > best_) return;
    if (alternative < best_) values_.clear();
    best_ = alternative;
    values_.push_back(value);
  }

  uint32_t best() const { return best_; }
  size_t size() const { return values_.size(); }
  const dom::element& value(size_t index) const { return values_[index]; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t best_ = kNone;
  std::vector<dom::element> values_;
};

// The way to each, for its place in the text.
class ArticleLocator {
 public:
  void Begin(uint32_t alternative) {
    alternative_ = alternative;
    count_ = 0;
    span_of_.clear();
    spans_.Clear();
  }

  void Down(uint32_t ordinal) { path_.push_back(ordinal); }
  void Up() { path_.pop_back(); }

  void operator()(uint32_t alternative, const dom::element& value) {
    if (alternative != alternative_) return;
    // What is no container has no place in spans_, and is refused when it is read.
    const bool is_container = value.is_object() || value.is_array();
    span_of_.push_back(is_container ? count_++ : 0);
    if (is_container) spans_.Add(path_);
  }

  void Locate(const dom::parser& parser, std::string_view text) { spans_.Locate(parser, text); }

  std::string_view json(size_t index) const { return spans_.Of(span_of_[index]); }

 private:
  uint32_t alternative_ = 0;
  size_t count_ = 0;
  std::vector<size_t> span_of_;
  SourceSpans spans_;
  std::vector<uint32_t> path_;
};

struct EmptyFinder {
  bool is_empty = false;

  void operator()(uint32_t /*target*/, const dom::element& value) {
    is_empty |= value.is_array() && value.get_array().value_unsafe().size() == 0;
  }
};

}  // namespace

struct Decoder::State {
  explicit State(DecodeLimits decode_limits)
      : limits(Bounded(decode_limits)),
        payload({.bytes_max = limits.bytes_max}),
        parser(limits),
        mapping(Mapping::Flat()),
        reader(limits) {
    reader.Use(mapping.get());
  }

  absl::StatusOr<size_t> FindArticles();
  absl::Status NoArticle() const;

  DecodeLimits limits;
  PayloadReader payload;
  JsonParser parser;
  std::shared_ptr<const Mapping> mapping;
  ArticleReader reader;
  ArticleCollector articles;
  ArticleLocator locator;
  dom::element root;
  std::string_view text;
  bool is_whole = true;     // text is the value itself
  bool is_located = false;  // the articles' places in text are known
  Article article;
};

absl::StatusOr<size_t> Decoder::State::FindArticles() {
  articles.Clear();
  mapping->walks().articles.Run(root, articles);
  if (articles.size() > limits.articles_max) {
    return Bad(BadRecord::kTooLarge, fmt::format("{} articles, over the limit of {}",
                                                 articles.size(), limits.articles_max));
  }
  if (articles.size() > 0) {
    is_located = false;
    return articles.size();
  }
  EmptyFinder finder;
  mapping->walks().lists.Run(root, finder);
  if (finder.is_empty) return 0;
  return NoArticle();
}

absl::Status Decoder::State::NoArticle() const {
  std::string selectors;
  for (const Selector& each : mapping->spec().articles) {
    if (!selectors.empty()) selectors += ", ";
    selectors += each.text.empty() ? "the document" : each.text;
  }
  return Bad(BadRecord::kMissingField, fmt::format("no article; looked for {}", selectors));
}

Decoder::Decoder(DecodeLimits limits) : state_(std::make_unique<State>(limits)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

void Decoder::Use(std::shared_ptr<const Mapping> mapping) {
  if (mapping == state_->mapping) return;
  state_->reader.Use(mapping.get());
  state_->mapping = std::move(mapping);
}

absl::StatusOr<size_t> Decoder::Open(std::string_view value, std::string_view content_encoding) {
  State& state = *state_;
  ASSIGN_OR_RETURN(const std::string_view json, state.payload.Read(value, content_encoding));
  state.text = Trim(json);
  if (state.text.empty()) return Bad(BadRecord::kEmpty, "nothing but white space");
  // Offsets are told in the value as it came, unless it was compressed.
  const bool is_compressed =
      json.data() < value.data() || json.data() > value.data() + value.size();
  state.is_whole = !is_compressed;
  const auto text_at =
      static_cast<size_t>(state.text.data() - (is_compressed ? json.data() : value.data()));
  RETURN_IF_ERROR(state.parser.Parse(state.text, text_at, &state.root));
  if (!state.mapping->spec().articles.empty()) return state.FindArticles();
  return 1;
}

absl::StatusOr<const Article*> Decoder::Read(size_t index) {
  RETURN_IF_ERROR(ReadText(index).status());
  return Complete();
}

absl::StatusOr<const Article*> Decoder::ReadText(size_t index) {
  State& state = *state_;
  std::construct_at(&state.article);
  const bool is_root = state.mapping->spec().articles.empty();
  const dom::element& value = is_root ? state.root : state.articles.value(index);
  if (!value.is_object()) {
    return Bad(BadRecord::kWrongType,
               fmt::format("{} must be an object, not {}", is_root ? "the document" : "an article",
                           TypeName(value)));
  }
  RETURN_IF_ERROR(state.reader.Read(value, &state.article));
  state.article.index = index;
  return &state.article;
}

const Article* Decoder::Complete() {
  State& state = *state_;
  Article& article = state.article;
  state.reader.MakeId(&article);
  if (state.mapping->spec().articles.empty()) {
    article.json = state.text;
  } else {
    if (!std::exchange(state.is_located, true)) {
      state.locator.Begin(state.articles.best());
      state.mapping->walks().articles.Run(state.root, state.locator);
      state.locator.Locate(state.parser.parser(), state.text);
    }
    article.json = state.locator.json(article.index);
  }
  article.is_whole_record = state.is_whole && article.json.size() == state.text.size();
  return &article;
}

absl::StatusOr<const Article*> Decoder::Decode(std::string_view value) {
  ASSIGN_OR_RETURN(const size_t count, Open(value));
  if (count == 0) return state_->NoArticle();
  return Read(0);
}

uint64_t Decoder::surrogates_replaced() const { return state_->parser.surrogates_replaced(); }

const FieldCounts& Decoder::unread() const { return state_->reader.unread(); }

std::vector<SelectorTrace> Decoder::Trace() const { return state_->reader.Trace(); }

size_t Decoder::capacity_bytes() const { return state_->parser.capacity_bytes(); }

}  // namespace tocsin
