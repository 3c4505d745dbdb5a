#include "daemon/command_options.h"

#include <filesystem>
#include <system_error>

namespace tocsin {
namespace {

// As CLI11 wants it: empty if nothing is.
std::string WhatIsWrongWith(const std::string& path) {
  if (path == "-") return "";
  std::error_code error;
  switch (std::filesystem::status(path, error).type()) {
    case std::filesystem::file_type::not_found:
      return path + ": no such file";
    case std::filesystem::file_type::directory:
      return path + ": a directory, not a file";
    default:
      return "";
  }
}

}  // namespace

CLI::Option* AddInputFormat(CLI::App* app, FileSourceOptions::Format* format) {
  return AddChoice(app, "--input-format", format,
                   {{"json", FileSourceOptions::Format::kNdjson},
                    {"document", FileSourceOptions::Format::kDocument},
                    {"text", FileSourceOptions::Format::kText}},
                   "json: one record a line; document: the whole file is one; text: one article, "
                   "its first line the title");
}

CLI::Option* AddFile(CLI::App* app, std::string* path, const std::string& what) {
  return app->add_option("FILE", *path, what + "; - is standard input")->check(WhatIsWrongWith);
}

}  // namespace tocsin
