#include "pipeline/decode/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "pipeline/decode/mapping_walks.h"

namespace tocsin {
namespace {

constexpr std::array<std::string_view, kMappedFieldCount> kNames = {
    "content_type", "id",        "version", "title", "lead",      "body",
    "language",     "published", "source",  "url",   "embargoed", "status",
};

constexpr std::string_view kFlatName = "flat";

Selector MustParse(std::string_view text) {
  auto selector = ParseSelector(text);
  if (!selector.ok()) std::abort();
  return *std::move(selector);
}

MappingSpec FlatSpec() {
  MappingSpec spec;
  spec.name = kFlatName;
  for (const auto& [field, selector] :
       {std::pair(MappedField::kId, "/id"), std::pair(MappedField::kVersion, "/version"),
        std::pair(MappedField::kTitle, "/title"), std::pair(MappedField::kLead, "/lead"),
        std::pair(MappedField::kBody, "/body"),
        std::pair(MappedField::kContentType, "/content_type"),
        std::pair(MappedField::kLanguage, "/language"), std::pair(MappedField::kUrl, "/url"),
        std::pair(MappedField::kSource, "/source"),
        std::pair(MappedField::kPublished, "/published_at"),
        std::pair(MappedField::kEmbargoed, "/embargoed"),
        std::pair(MappedField::kStatus, "/status")}) {
    spec.Of(field) = {Alternative{.selectors = {MustParse(selector)}}};
  }
  return spec;
}

std::string DescribeAlternative(const Alternative& alternative) {
  if (alternative.selectors.empty()) return fmt::format("the constant '{}'", alternative.constant);
  std::string text;
  for (const Selector& selector : alternative.selectors) {
    if (!text.empty()) text += " + ";
    text += selector.text.empty() ? "the document" : selector.text;
  }
  return text;
}

}  // namespace

std::string_view NameOf(MappedField field) { return kNames[static_cast<size_t>(field)]; }

std::optional<MappedField> FieldNamed(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<MappedField>(found - kNames.begin());
}

std::string DescribeSelectors(const MappingSpec& spec, MappedField field) {
  std::string text;
  for (const Alternative& alternative : spec.Of(field)) {
    text += text.empty() ? fmt::format("{}: ", NameOf(field)) : ", ";
    text += DescribeAlternative(alternative);
  }
  return text.empty() ? fmt::format("{}: no selector", NameOf(field)) : text;
}

Mapping::Mapping(MappingSpec spec)
    : spec_(std::move(spec)),
      is_flat_(spec_.name == kFlatName),
      walks_(std::make_unique<const MappingWalks>(spec_)) {}

Mapping::~Mapping() = default;

absl::StatusOr<std::shared_ptr<const Mapping>> Mapping::Compile(MappingSpec spec) {
  if (spec.Of(MappedField::kTitle).empty() && spec.Of(MappedField::kBody).empty()) {
    return absl::InvalidArgumentError("it maps neither title nor body: no article would have text");
  }
  size_t selectors = 0;
  for (const auto& alternatives : spec.fields) {
    for (const Alternative& each : alternatives) selectors += each.selectors.size();
  }
  if (std::max(selectors, spec.articles.size()) > Walk::kSelectorsMax) {
    return absl::InvalidArgumentError(
        fmt::format("it has {} selectors; {} are too many", selectors, Walk::kSelectorsMax + 1));
  }
  return std::shared_ptr<const Mapping>(new Mapping(std::move(spec)));
}

const std::shared_ptr<const Mapping>& Mapping::Flat() {
  static const std::shared_ptr<const Mapping> kFlat(new Mapping(FlatSpec()));
  return kFlat;
}

std::shared_ptr<const Mapping> Mapping::OfOneArticle() const {
  MappingSpec spec = spec_;
  spec.articles.clear();
  return std::shared_ptr<const Mapping>(new Mapping(std::move(spec)));
}

}  // namespace tocsin
