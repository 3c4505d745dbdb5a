// The JSONTestSuite files of ../shared/corpora/json-torture: n_ must be refused, y_ must be read.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/decode/decoder.h"
#include "pipeline/decode/json_text.h"

namespace tocsin {
namespace {

constexpr size_t kDecidedFiles = 188 + 95;  // n_ and y_

struct TortureFile {
  std::string name;
  std::string bytes;
};

std::filesystem::path TortureDir() {
  const char* const shared = std::getenv("TOCSIN_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : TOCSIN_SHARED_DEFAULT) / "corpora" /
         "json-torture" / "test_parsing";
}

class JsonTorture : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(TortureDir())) {
      const char* const ci = std::getenv("CI");
      if (ci != nullptr && std::string_view(ci) == "true") FAIL() << TortureDir() << " is absent";
      GTEST_SKIP() << TortureDir() << " is absent";
    }
    for (const auto& entry : std::filesystem::directory_iterator(TortureDir())) {
      std::ifstream in(entry.path(), std::ios::binary);
      files_.push_back(
          {entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {})});
    }
    std::sort(files_.begin(), files_.end(),
              [](const TortureFile& a, const TortureFile& b) { return a.name < b.name; });
  }

  std::vector<TortureFile> OfKind(std::string_view prefix) const {
    std::vector<TortureFile> kind;
    std::copy_if(files_.begin(), files_.end(), std::back_inserter(kind),
                 [prefix](const TortureFile& file) { return file.name.starts_with(prefix); });
    return kind;
  }

  std::vector<TortureFile> files_;
  Decoder decoder_{{}};
};

TEST_F(JsonTorture, EveryInvalidFileIsRefusedForTheRightReason) {
  const std::map<std::string, BadRecord, std::less<>> reasons = {
      {"n_array_a_invalid_utf8.json", BadRecord::kInvalidUtf8},
      {"n_array_invalid_utf8.json", BadRecord::kInvalidUtf8},
      {"n_number_invalid-utf-8-in-bigger-int.json", BadRecord::kInvalidUtf8},
      {"n_number_invalid-utf-8-in-exponent.json", BadRecord::kInvalidUtf8},
      {"n_number_invalid-utf-8-in-int.json", BadRecord::kInvalidUtf8},
      {"n_number_real_with_invalid_utf8_after_e.json", BadRecord::kInvalidUtf8},
      {"n_object_lone_continuation_byte_in_key_and_trailing_comma.json", BadRecord::kInvalidUtf8},
      {"n_string_invalid-utf-8-in-escape.json", BadRecord::kInvalidUtf8},
      {"n_string_invalid_utf8_after_escape.json", BadRecord::kInvalidUtf8},
      {"n_structure_incomplete_UTF8_BOM.json", BadRecord::kInvalidUtf8},
      {"n_structure_lone-invalid-utf-8.json", BadRecord::kInvalidUtf8},
      {"n_structure_single_eacute.json", BadRecord::kInvalidUtf8},
      {"n_structure_no_data.json", BadRecord::kEmpty},
      {"n_single_space.json", BadRecord::kEmpty},
      {"n_structure_UTF8_BOM_no_data.json", BadRecord::kEmpty},
      {"n_structure_100000_opening_arrays.json", BadRecord::kTooDeep},
      {"n_structure_open_array_object.json", BadRecord::kTooDeep},
  };
  for (const TortureFile& file : OfKind("n_")) {
    const auto article = decoder_.Decode(file.bytes);
    ASSERT_FALSE(article.ok()) << file.name;
    const auto special = reasons.find(file.name);
    const BadRecord want = special == reasons.end() ? BadRecord::kMalformedJson : special->second;
    EXPECT_EQ(ReasonName(ReasonOf(article.status())), ReasonName(want)) << file.name;
  }
}

TEST_F(JsonTorture, EveryValidFileIsReadAsJson) {
  for (const TortureFile& file : OfKind("y_")) {
    const auto article = decoder_.Decode(file.bytes);
    if (article.ok()) continue;  // one of them has a title
    const bool object = file.bytes.find_first_not_of(" \t\r\n") == file.bytes.find('{');
    const BadRecord want = object ? BadRecord::kMissingField : BadRecord::kWrongType;
    EXPECT_EQ(ReasonName(ReasonOf(article.status())), ReasonName(want)) << file.name;
  }
}

TEST_F(JsonTorture, InsideAFieldThatNobodyReadsTheVerdictIsTheSame) {
  size_t seen = 0;
  for (const TortureFile& file : files_) {
    if (file.name.starts_with("i_")) continue;
    const auto article = decoder_.Decode(R"({"title":"t","x":)" + file.bytes + "}");
    EXPECT_EQ(article.ok(), file.name.starts_with("y_")) << file.name;
    ++seen;
  }
  EXPECT_EQ(seen, kDecidedFiles);
}

TEST_F(JsonTorture, TheSlowPathAgreesWithSimdjson) {
  for (const TortureFile& file : files_) {
    if (file.name.starts_with("i_") || FindInvalidUtf8(file.bytes)) continue;
    std::string copy = file.bytes;
    const JsonCheck check = MendJson(copy.data(), copy.size());
    EXPECT_EQ(check.fault_at.has_value(), file.name.starts_with("n_")) << file.name;
  }
}

TEST_F(JsonTorture, FilesLeftToTheImplementationAreReadUnlessTheyAreNotUtf8) {
  for (const TortureFile& file : OfKind("i_")) {
    const bool marked = file.bytes.starts_with("\xEF\xBB\xBF");
    const auto article =
        decoder_.Decode(marked ? file.bytes : R"({"title":"t","x":)" + file.bytes + "}");
    if (FindInvalidUtf8(file.bytes)) {
      ASSERT_FALSE(article.ok()) << file.name;
      EXPECT_EQ(ReasonName(ReasonOf(article.status())), "invalid_utf8") << file.name;
    } else if (marked) {
      ASSERT_FALSE(article.ok()) << file.name;
      EXPECT_EQ(ReasonName(ReasonOf(article.status())), "missing_field") << file.name;
    } else if (file.name == "i_structure_500_nested_arrays.json") {
      ASSERT_FALSE(article.ok()) << file.name;
      EXPECT_EQ(ReasonName(ReasonOf(article.status())), "too_deep") << file.name;
    } else {
      EXPECT_TRUE(article.ok()) << file.name << ": " << article.status();
    }
  }
}

}  // namespace
}  // namespace tocsin
