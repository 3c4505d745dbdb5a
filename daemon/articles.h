// Every line or article of a file, for commands that look into rules.
//
//   RETURN_IF_ERROR(ForEachArticle(
//       {.path = "-"}, [&](int64_t line, const Article& article) { return Show(article); }));
//
// Shape     line counts from 1. Lines that hold no article are told on standard error and passed
//           over.
// Errors    those of the visitor, at once; NotFound, PermissionDenied, Unavailable: the file.
//           DataLoss, behind the last line: some held no article.
#ifndef TOCSIN_DAEMON_ARTICLES_H_
#define TOCSIN_DAEMON_ARTICLES_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "pipeline/consume/file_source.h"
#include "pipeline/decode/article.h"
#include "pipeline/decode/decoder.h"

namespace tocsin {

absl::Status ForEachLine(
    const FileSourceOptions& file,
    absl::FunctionRef<absl::Status(int64_t line, std::string_view text)> visit);

// What became of each article: `article` may be an error, as of a record that could not be read at
// all. Errors: those of the visitor and of the file.
absl::Status ForEachReading(
    const FileSourceOptions& file, std::shared_ptr<const Mapping> mapping,
    absl::FunctionRef<absl::Status(int64_t line, const absl::StatusOr<const Article*>& article,
                                   const Decoder& decoder)>
        visit);

absl::Status ForEachArticle(
    const FileSourceOptions& file,
    absl::FunctionRef<absl::Status(int64_t line, const Article& article)> visit);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_ARTICLES_H_
