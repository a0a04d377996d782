#ifndef THROUGHLINE_TESTS_MODEL_GOLDEN_H_
#define THROUGHLINE_TESTS_MODEL_GOLDEN_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

// Files of the source tree that a test compares with. THROUGHLINE_UPDATE_GOLDEN=1 writes them anew:
// look at the difference before it is committed.

namespace throughline::testing {

inline std::string SourcePath(std::string_view path) {
  return std::string(THROUGHLINE_SOURCE_DIR) + "/" + std::string(path);
}

inline std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline bool UpdatesGolden() { return std::getenv("THROUGHLINE_UPDATE_GOLDEN") != nullptr; }

// What the file at this path in the source tree holds. When updating: `content`, after writing it.
inline std::string GoldenOf(std::string_view path, std::string_view content) {
  const std::string full_path = SourcePath(path);
  if (UpdatesGolden()) {
    std::ofstream(full_path, std::ios::binary) << content;
  }
  return ReadWholeFile(full_path);
}

}  // namespace throughline::testing

#endif  // THROUGHLINE_TESTS_MODEL_GOLDEN_H_
