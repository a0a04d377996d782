#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "model/table_rows.h"
#include "throughline/attribution.h"

namespace throughline {
namespace {

using ::testing::ElementsAre;

class PathFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<PathColumns> Read(const std::string& text,
                                   const std::vector<std::string>& direct = {}) {
    std::ofstream(path_, std::ios::binary) << text;
    absl::StatusOr<PathColumns> read = ReadPathColumns(path_, direct);
    std::filesystem::remove(path_);
    return read;
  }
  // Behind the name of the file.
  std::string Fault(const std::string& text) {
    const auto read = Read(text);
    EXPECT_FALSE(read.ok());
    const std::string message(read.status().message());
    EXPECT_TRUE(message.starts_with(path_ + ": ")) << message;
    return message.substr(std::min(message.size(), path_.size() + 2));
  }

 private:
  const std::string path_ = ::testing::TempDir() + "/paths_" + std::to_string(getpid());
};

TEST_F(PathFileTest, ReadsColumnsInAnyOrder) {
  const auto read = Read(
      "note,total_null,path,total_conversions,total_conversion_value\n"
      "x,1,email > search>email,2,30.5\n"
      "y,,,1,\n",
      {"search", "nowhere"});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->keys, ElementsAre("email", "search"));
  EXPECT_THAT(read->direct_keys, ElementsAre(1));
  EXPECT_THAT(read->begins, ElementsAre(0, 3, 3));
  EXPECT_THAT(read->touches, ElementsAre(0, 1, 0));
  EXPECT_THAT(read->conversions, ElementsAre(2, 1));
  EXPECT_THAT(read->values, ElementsAre(30.5, 0));
  EXPECT_THAT(read->nulls, ElementsAre(1, 0));
}

TEST_F(PathFileTest, ReadsDays) {
  const auto read = Read("path;total_conversions;days\na > b;1;0 > 3.5\n;1;\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->days, ElementsAre(0, 3.5));
  EXPECT_EQ(Fault("path;total_conversions;days\na > b;1;0\n"),
            "line 2, days: there are 1 for 2 touches");
  EXPECT_EQ(Fault("path;total_conversions;days\na > b;1;3 > 0\n"),
            "line 2, days: '0' is less than the one before");
}

TEST_F(PathFileTest, NamesTheFirstFault) {
  EXPECT_EQ(Fault(""), "path: the file is empty: its first line names the columns");
  EXPECT_EQ(Fault("path,total_null\n"), "line 1, total_conversions: there is no such column");
  EXPECT_EQ(Fault("total_conversions,x\n"), "line 1, path: there is no such column");
  EXPECT_EQ(Fault("path,path,total_conversions\n"), "line 1, path: is there twice");
  EXPECT_EQ(Fault("path,total_conversions\na,1\nb,many\n"),
            "line 3, total_conversions: 'many' is not a number");
  EXPECT_EQ(Fault("path,total_conversions\na,-1\n"),
            "line 2, total_conversions: '-1' is less than 0");
  EXPECT_EQ(Fault("path,total_conversions\na,nan\n"),
            "line 2, total_conversions: 'nan' is not a number");
  EXPECT_EQ(Fault("path,total_conversions\na > > b,1\n"), "line 2, path: a touch has no name");
  EXPECT_EQ(Fault("path,total_conversions\na\n"), "line 2: 1 field; the first row has 2");
  EXPECT_EQ(ReadPathColumns("/no/such/file.csv").status().code(), absl::StatusCode::kNotFound);
}

// --- Against what exact computation gives, where these files are. ---

std::string VectorFolder() {
  return std::string(THROUGHLINE_SOURCE_DIR) + "/../shared/data/attribution";
}

class AttributionVectorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(VectorFolder())) GTEST_SKIP() << "no " << VectorFolder();
    std::ifstream(VectorFolder() + "/expected.json") >> expected_;
    auto columns = ReadPathColumns(VectorFolder() + "/paths.csv");
    ASSERT_TRUE(columns.ok()) << columns.status();
    paths_ = *AttributionPaths::Of(*std::move(columns));
  }

  Table Run(AttributionModel model, int order = 1) {
    AttributionRequest request;
    request.model = model;
    request.order = order;
    auto table = AttributePaths(*paths_, request);
    EXPECT_TRUE(table.ok()) << table.status();
    return *std::move(table);
  }

  static std::map<std::string, double> Column(const Table& table, std::string_view name) {
    std::map<std::string, double> column;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name != name) continue;
      for (const auto& row : RowsOf(table)) {
        column[std::get<std::string>(row[0])] = std::get<double>(row[i]);
      }
    }
    return column;
  }

  static void Expect(const Table& table, std::string_view column, const nlohmann::json& expected) {
    const auto found = Column(table, column);
    EXPECT_EQ(found.size(), expected.size());
    for (const auto& [key, number] : expected.items()) {
      const auto value = number.get<double>();
      EXPECT_NEAR(found.at(key), value, 1e-9 * std::max(1.0, std::abs(value))) << key;
    }
  }

  nlohmann::json expected_;
  std::shared_ptr<const AttributionPaths> paths_;
};

TEST_F(AttributionVectorsTest, Rules) {
  for (const auto& [name, model] :
       {std::pair("first", AttributionModel::kFirst), std::pair("last", AttributionModel::kLast),
        std::pair("linear", AttributionModel::kLinear),
        std::pair("position_40_20_40", AttributionModel::kPosition)}) {
    const Table table = Run(model);
    Expect(table, "conversions", expected_[name]["conversions"]);
    Expect(table, "value", expected_[name]["value"]);
  }
}

TEST_F(AttributionVectorsTest, MarkovChains) {
  for (int order = 1; order <= 3; ++order) {
    const nlohmann::json& expected = expected_["markov_order_" + std::to_string(order)];
    const Table table = Run(AttributionModel::kMarkov, order);
    Expect(table, "removal_effect", expected["removal_effect"]);
    Expect(table, "conversions", expected["conversions"]);
    Expect(table, "value", expected["value"]);
  }
}

TEST_F(AttributionVectorsTest, ShapleyValues) {
  const Table sums = Run(AttributionModel::kShapley);
  Expect(sums, "conversions", expected_["shapley_sum_over_paths"]["conversions"]);
  Expect(sums, "value", expected_["shapley_sum_over_paths"]["value"]);
  double sum = 0;
  for (const auto& [key, value] : expected_["shapley_rate_game"].items())
    sum += value.get<double>();
  nlohmann::json shares;
  for (const auto& [key, value] : expected_["shapley_rate_game"].items()) {
    shares[key] = value.get<double>() / sum;
  }
  Expect(Run(AttributionModel::kShapleyRate), "share", shares);
}

TEST_F(AttributionVectorsTest, OrderedShapleyValues) {
  const Table table = Run(AttributionModel::kShapleyOrdered);
  std::map<std::string, std::map<std::string, double>> found;
  for (const auto& row : RowsOf(table)) {
    found[std::get<std::string>(row[0])][std::to_string(std::get<int64_t>(row[1]))] =
        std::get<double>(row[2]);
  }
  for (const auto& [key, positions] : expected_["shapley_ordered_by_position"].items()) {
    for (const auto& [position, value] : positions.items()) {
      EXPECT_NEAR(found[key][position], value.get<double>(), 1e-9) << key << " at " << position;
    }
  }
}

}  // namespace
}  // namespace throughline
