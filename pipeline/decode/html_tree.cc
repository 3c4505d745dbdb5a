#include "pipeline/decode/html_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/decode/assertion_trap.h"
#include "pipeline/decode/bad_record.h"
#include "pipeline/decode/html_tags.h"
#include "rules/base/status_macros.h"

namespace tocsin {
namespace {

int64_t ThreadCpuMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

// Elements without an end, and those that the next of their kind ends: however many follow each
// other, they do not nest.
bool MayStayOpen(GumboTag name) {
  switch (name) {
    case GUMBO_TAG_AREA:
    case GUMBO_TAG_BASE:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_FRAME:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_IMAGE:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_KEYGEN:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_META:
    case GUMBO_TAG_PARAM:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_TRACK:
    case GUMBO_TAG_WBR:
    case GUMBO_TAG_A:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_COLGROUP:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_HTML:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_NOBR:
    case GUMBO_TAG_OPTGROUP:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_P:
    case GUMBO_TAG_RP:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TR:
      return true;
    default:
      return false;
  }
}

absl::Status CheckDepth(std::string_view html, size_t depth_max) {
  std::array<size_t, GUMBO_TAG_LAST + 1> open{};
  size_t depth = 0;
  HtmlTags tags(html);
  while (const std::optional<HtmlTag> tag = tags.Next()) {
    if (MayStayOpen(tag->name)) continue;
    size_t& same = open[tag->name];
    if (tag->closes) {
      if (same == 0) continue;
      --same;
      --depth;
    } else if (!tag->empty || tag->name != GUMBO_TAG_UNKNOWN) {
      ++same;
      if (++depth > depth_max) {
        return Bad(
            BadRecord::kTooDeep,
            fmt::format("HTML elements nested deeper than {} at byte {}", depth_max, tag->begin));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

// gumbo takes its memory here, gives none of it back, and leaves by longjmp where it would take too
// much: it cannot be told that there is none. Only its own frames, which are C, are left behind.
class HtmlTree::Arena {
 public:
  explicit Arena(const HtmlLimits& limits) : limits_(limits) {
    blocks_.reserve(1 + limits.memory_bytes_max / kBytesKept);
  }

  const GumboOutput* Parse(std::string_view html) {
    if (!Reset()) return nullptr;
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = [](void* arena, size_t size) {
      return static_cast<Arena*>(arena)->Allocate(size);
    };
    options.deallocator = [](void*, void*) {};
    options.userdata = this;
    options.max_errors = 0;
    // A document's head would not hold the elements of a <noscript>, and <frameset> would take the
    // place of its body.
    options.fragment_context = GUMBO_TAG_BODY;
    const AssertionTrap trap(&escape_, kByAssertion);
    switch (setjmp(escape_)) {
      case 0:
        return gumbo_parse_with_options(&options, html.data(), html.size());
      case kByAssertion:
        has_failed_ = true;
        return nullptr;
      default:
        return nullptr;
    }
  }

  absl::Status WhyEscaped() const {
    if (has_failed_) {
      return Bad(BadRecord::kMalformedHtml, "HTML that an assertion of gumbo fails over");
    }
    if (out_of_time_) {
      return Bad(BadRecord::kTooLarge,
                 fmt::format("HTML that takes more than {} ms to parse", limits_.cpu_ms_max));
    }
    return Bad(BadRecord::kTooLarge,
               fmt::format("HTML whose tree needs more than {} bytes", limits_.memory_bytes_max));
  }

 private:
  static constexpr int kByLimit = 1;
  static constexpr int kByAssertion = 2;

  struct Free {
    void operator()(char* block) const noexcept { std::free(block); }
  };
  using Block = std::unique_ptr<char, Free>;

  bool Reset() {
    blocks_.resize(std::min<size_t>(blocks_.size(), 1));
    taken_ = left_ = 0;
    calls_ = 0;
    started_ms_.reset();
    out_of_time_ = false;
    has_failed_ = false;
    if (blocks_.empty()) return Grow(0);
    next_ = blocks_.front().get();
    taken_ = left_ = kBytesKept;
    return true;
  }

  void* Allocate(size_t size) {
    constexpr size_t kAlignment = alignof(std::max_align_t);
    constexpr uint32_t kCallsBetweenLooks = 1024;
    if (++calls_ % kCallsBetweenLooks == 0) CheckTime();
    const size_t wanted = (size + kAlignment - 1) / kAlignment * kAlignment;
    if (wanted > left_ && !Grow(wanted)) std::longjmp(escape_, kByLimit);
    void* const given = next_;
    next_ += wanted;
    left_ -= wanted;
    return given;
  }

  bool Grow(size_t wanted) {
    const size_t bytes = std::max(wanted, kBytesKept);
    if (!blocks_.empty() && taken_ + bytes > limits_.memory_bytes_max) return false;
    Block block(static_cast<char*>(std::malloc(bytes)));
    if (block == nullptr) return false;
    next_ = block.get();
    left_ = bytes;
    taken_ += bytes;
    blocks_.push_back(std::move(block));
    return true;
  }

  void CheckTime() {
    const int64_t now_ms = ThreadCpuMs();
    if (!started_ms_) started_ms_ = now_ms;
    out_of_time_ = now_ms - *started_ms_ >= limits_.cpu_ms_max;
    if (out_of_time_) std::longjmp(escape_, kByLimit);
  }

  HtmlLimits limits_;
  std::jmp_buf escape_;
  std::vector<Block> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t taken_ = 0;
  uint32_t calls_ = 0;
  std::optional<int64_t> started_ms_;
  bool out_of_time_ = false;
  bool has_failed_ = false;
};

HtmlTree::HtmlTree(HtmlLimits limits) : limits_(limits), arena_(std::make_unique<Arena>(limits)) {}
HtmlTree::HtmlTree(HtmlTree&&) noexcept = default;
HtmlTree& HtmlTree::operator=(HtmlTree&&) noexcept = default;
HtmlTree::~HtmlTree() = default;

absl::StatusOr<const GumboNode*> HtmlTree::Parse(std::string_view html) {
  if (html.size() > limits_.bytes_max) {
    return Bad(BadRecord::kTooLarge,
               fmt::format("HTML over the limit of {} bytes", limits_.bytes_max));
  }
  RETURN_IF_ERROR(CheckDepth(html, limits_.depth_max));
  const GumboOutput* const output = arena_->Parse(html);
  if (output == nullptr) return arena_->WhyEscaped();
  return output->document;
}

}  // namespace tocsin
