// Any bytes: the decoder gives a valid article or a reason, and agrees with the slow path on which.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "pipeline/decode/decoder.h"
#include "pipeline/decode/json_text.h"

namespace {

constexpr tocsin::DecodeLimits kLimits{.bytes_max = 1 << 16, .depth_max = 16};

void Check(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "decoder_fuzz: " << what << '\n';
  std::abort();
}

void CheckArticle(const tocsin::Article& article, std::string_view input) {
  for (const std::string_view text :
       {article.id, article.url, article.source, article.published_at, article.document.title,
        article.document.lead, article.document.body, article.document.language, article.json}) {
    Check(!tocsin::FindInvalidUtf8(text), "text is not UTF-8");
  }
  Check(article.json.data() >= input.data() &&
            article.json.data() + article.json.size() <= input.data() + input.size(),
        "json is not a part of the input");
  std::string copy(article.json);
  Check(!tocsin::MendJson(copy.data(), copy.size()).fault_at, "the slow path finds a fault");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static tocsin::Decoder decoder(kLimits);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto article = decoder.Decode(input);
  if (article.ok()) {
    CheckArticle(**article, input);
    return 0;
  }
  Check(article.status().code() == absl::StatusCode::kInvalidArgument, "another status code");
  Check(!article.status().message().empty(), "no message");
  if (tocsin::ReasonOf(article.status()) == tocsin::BadRecord::kMalformedJson) {
    Check(article.status().message().find("at byte") != std::string_view::npos,
          "simdjson refuses what the slow path reads");
  }
  return 0;
}
