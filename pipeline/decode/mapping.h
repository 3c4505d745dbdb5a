// How the articles of a format are read: where each field lies, by selectors.
//
//   MappingSpec spec{.name = "webz"};
//   spec.Of(MappedField::kTitle) = {{.selectors = {*ParseSelector("/title")}}};
//   ASSIGN_OR_RETURN(auto mapping, Mapping::Compile(std::move(spec)));
//
// Shape     of each field the first alternative that finds text counts. Without `articles` a record
//           is one article; else each value that its first fitting alternative selects is one, and
//           the fields' selectors begin there.
// Errors    InvalidArgument: too many selectors, or a mapping that finds neither title nor body.
// Threads   a Mapping never changes; share it.
#ifndef TOCSIN_PIPELINE_DECODE_MAPPING_H_
#define TOCSIN_PIPELINE_DECODE_MAPPING_H_

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decode/selector.h"

namespace tocsin {

// In the order in which they are read.
enum class MappedField : uint8_t {
  kContentType,
  kId,
  kVersion,
  kTitle,
  kLead,
  kBody,
  kLanguage,
  kPublished,
  kSource,
  kUrl,
  kEmbargoed,
  kStatus,
};
inline constexpr size_t kMappedFieldCount = 12;

std::string_view NameOf(MappedField field);  // "content_type"
std::optional<MappedField> FieldNamed(std::string_view name);

enum class TextType : uint8_t { kUnknown, kPlain, kHtml };

// One way to find a field: what the selectors find, in their order, or a constant.
struct Alternative {
  std::vector<Selector> selectors;
  std::string constant;   // if there are no selectors
  bool joins = false;     // all that is found; else the first
  std::string separator;  // between what is joined
  TextType type = TextType::kUnknown;
  friend bool operator==(const Alternative&, const Alternative&) = default;
};

struct MappingSpec {
  std::string name;
  std::vector<Selector> articles;
  std::array<std::vector<Alternative>, kMappedFieldCount> fields;

  std::vector<Alternative>& Of(MappedField field) { return fields[static_cast<size_t>(field)]; }
  const std::vector<Alternative>& Of(MappedField field) const {
    return fields[static_cast<size_t>(field)];
  }
  friend bool operator==(const MappingSpec&, const MappingSpec&) = default;
};

struct MappingWalks;

class Mapping {
 public:
  static absl::StatusOr<std::shared_ptr<const Mapping>> Compile(MappingSpec spec);

  // The form of deploy/schema and of the demo: id, title, lead, body, ... at the top.
  static const std::shared_ptr<const Mapping>& Flat();

  // The same for one article by itself, as it stands in what is published.
  std::shared_ptr<const Mapping> OfOneArticle() const;

  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  const MappingSpec& spec() const { return spec_; }
  const MappingWalks& walks() const { return *walks_; }

  // What its article is published with; empty for the flat form.
  std::string_view published_name() const { return is_flat_ ? std::string_view() : spec_.name; }

 private:
  explicit Mapping(MappingSpec spec);

  MappingSpec spec_;
  bool is_flat_;
  std::unique_ptr<const MappingWalks> walks_;
};

// For messages: `title: /headline, /name`.
std::string DescribeSelectors(const MappingSpec& spec, MappedField field);

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_MAPPING_H_
