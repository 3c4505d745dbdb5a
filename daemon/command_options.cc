#include "daemon/command_options.h"

namespace tocsin {

CLI::Option* AddInputFormat(CLI::App* app, FileSourceOptions::Format* format) {
  return AddChoice(app, "--input-format", format,
                   {{"json", FileSourceOptions::Format::kNdjson},
                    {"document", FileSourceOptions::Format::kDocument},
                    {"text", FileSourceOptions::Format::kText}},
                   "json: one record a line; document: the whole file is one; text: one article, "
                   "its first line the title");
}

}  // namespace tocsin
