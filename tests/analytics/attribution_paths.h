#ifndef THROUGHLINE_TESTS_ANALYTICS_ATTRIBUTION_PATHS_H_
#define THROUGHLINE_TESTS_ANALYTICS_ATTRIBUTION_PATHS_H_

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "analytics/history.h"
#include "throughline/attribution.h"

namespace throughline {

// Writes paths one after another.
class PathWriter {
 public:
  PathWriter() { columns_.begins = {0}; }

  // "a b a", conversions, value, nulls.
  PathWriter& Path(std::string_view touches, double conversions = 1, double value = 0,
                   double nulls = 0, const std::vector<double>& days = {}) {
    size_t begin = 0;
    while (begin < touches.size()) {
      const size_t end = std::min(touches.find(' ', begin), touches.size());
      columns_.touches.push_back(Key(std::string(touches.substr(begin, end - begin))));
      begin = end + 1;
    }
    columns_.begins.push_back(columns_.touches.size());
    columns_.conversions.push_back(conversions);
    columns_.values.push_back(value);
    columns_.nulls.push_back(nulls);
    columns_.days.insert(columns_.days.end(), days.begin(), days.end());
    return *this;
  }
  PathWriter& Direct(const std::string& key) {
    columns_.direct_keys.push_back(Key(key));
    return *this;
  }
  uint32_t Key(const std::string& name) {
    for (uint32_t i = 0; i < columns_.keys.size(); ++i) {
      if (columns_.keys[i] == name) return i;
    }
    columns_.keys.push_back(name);
    return static_cast<uint32_t>(columns_.keys.size() - 1);
  }

  PathColumns& columns() { return columns_; }
  std::shared_ptr<const AttributionPaths> Kept() const {
    auto paths = AttributionPaths::Of(columns_);
    EXPECT_TRUE(paths.ok()) << paths.status();
    return *paths;
  }
  absl::StatusOr<Table> Ask(const AttributionRequest& request) const {
    return AttributePaths(*Kept(), request);
  }
  Table TableOf(const AttributionRequest& request) const {
    auto table = Ask(request);
    EXPECT_TRUE(table.ok()) << table.status();
    return *std::move(table);
  }

 private:
  PathColumns columns_;
};

inline AttributionRequest OfModel(AttributionModel model) {
  AttributionRequest request;
  request.model = model;
  request.minimum_conversions = 0;
  return request;
}

// A column by the rows' keys.
inline std::map<std::string, double> ByKey(const Table& table, std::string_view column) {
  std::map<std::string, double> by_key;
  for (const std::string& key : Keys(table)) by_key[key] = RealAt(table, key, column);
  return by_key;
}

inline void ExpectNear(const std::map<std::string, double>& a,
                       const std::map<std::string, double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [key, value] : a) {
    ASSERT_TRUE(b.contains(key)) << key;
    EXPECT_NEAR(value, b.at(key), tolerance) << key;
  }
}

// Paths of some keys, as a seed has them.
inline PathWriter RandomPaths(uint32_t seed, uint32_t keys, int paths, uint32_t longest = 6) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) {
    return std::uniform_int_distribution<uint32_t>(0, n - 1)(random);
  };
  PathWriter writer;
  for (uint32_t key = 0; key < keys; ++key) writer.Key("k" + std::to_string(key));
  for (int i = 0; i < paths; ++i) {
    std::string path;
    std::vector<double> days;
    for (uint32_t length = 1 + below(longest); length > 0; --length) {
      path += (path.empty() ? "k" : " k") + std::to_string(below(keys));
      days.push_back((days.empty() ? 0 : days.back()) + below(30));
    }
    const bool won = below(3) == 0;
    writer.Path(path, won ? 1 + below(3) : 0, won ? below(1000) : 0, won ? below(2) : 1, days);
  }
  return writer;
}

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_ANALYTICS_ATTRIBUTION_PATHS_H_
