// HTML parsed to a tree by gumbo, within bounds that gumbo itself does not keep.
//
//   HtmlTree tree(limits);
//   ASSIGN_OR_RETURN(const GumboNode* document, tree.Parse(html));
//
// Shape     a document or a fragment, read as what a body holds, by the rules of browsers, which
//           make a tree of any text.
// Units     bytes: of the text; memory_bytes: of the tree. depth: elements open at once, those
//           whose end may be left out not counted. cpu_ms: of this thread's time. It is the one
//           limit that a slower machine meets sooner, and stays: gumbo takes the square of what is
//           nested against the rules (`<b><table></b></table>`), of a tag's attributes, and of
//           those that `<html>` tags bring together, and only the tree that it builds, not the
//           text nor what it allocates, tells how far. Within the other limits such text takes from
//           2 s for 250 kB to minutes; a page of 1 MiB 0.2 s, so that a machine ten times slower
//           still renders it.
// Cost      the tree lies in memory of our own, which is taken back as one: no recursion where it
//           is deep. kBytesKept of it are kept.
// Errors    InvalidArgument with a BadRecord reason: too_large, too_deep; malformed_html where an
//           assertion of gumbo fails.
// Threads   one HtmlTree per thread.
// Lifetime  the tree lives until the next Parse; its names view the text.
#ifndef TOCSIN_PIPELINE_DECODE_HTML_TREE_H_
#define TOCSIN_PIPELINE_DECODE_HTML_TREE_H_

#include <absl/status/statusor.h>
#include <gumbo.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace tocsin {

struct HtmlLimits {
  size_t bytes_max = size_t{1} << 20;
  size_t depth_max = 512;  // browsers stop there, too
  size_t memory_bytes_max = size_t{64} << 20;
  int64_t cpu_ms_max = 2000;
};

class HtmlTree {
 public:
  static constexpr size_t kBytesKept = size_t{1} << 20;

  explicit HtmlTree(HtmlLimits limits);
  HtmlTree(HtmlTree&&) noexcept;
  HtmlTree& operator=(HtmlTree&&) noexcept;
  ~HtmlTree();

  absl::StatusOr<const GumboNode*> Parse(std::string_view html);

 private:
  class Arena;
  HtmlLimits limits_;
  std::unique_ptr<Arena> arena_;
};

}  // namespace tocsin

#endif  // TOCSIN_PIPELINE_DECODE_HTML_TREE_H_
