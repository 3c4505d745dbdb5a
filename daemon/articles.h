// Every line or article of a file, for commands that look into rules.
//
//   RETURN_IF_ERROR(ForEachArticle({.path = "-"}, [&](int64_t line, const Article& article) { ...
//   }));
//
// Shape     line counts from 1. Lines that hold no article are told on standard error and passed
//           over. Errors those of the visitor, at once; NotFound, PermissionDenied, Unavailable:
//           the file. DataLoss, behind the last line: some held no article.
#ifndef TOCSIN_DAEMON_ARTICLES_H_
#define TOCSIN_DAEMON_ARTICLES_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>

#include <cstdint>
#include <string_view>

#include "pipeline/consume/file_source.h"
#include "pipeline/decode/article.h"

namespace tocsin {

absl::Status ForEachLine(
    const FileSourceOptions& file,
    absl::FunctionRef<absl::Status(int64_t line, std::string_view text)> visit);

absl::Status ForEachArticle(
    const FileSourceOptions& file,
    absl::FunctionRef<absl::Status(int64_t line, const Article& article)> visit);

}  // namespace tocsin

#endif  // TOCSIN_DAEMON_ARTICLES_H_
