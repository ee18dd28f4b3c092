// SPDX-License-Identifier: Apache-2.0
// Every file in data/models, and the sizes that are known of these models.
#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "catalog/embedded.hpp"
#include "core/csv.hpp"
#include "core/faults.hpp"
#include "core/shared_data.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::catalog {
namespace {

namespace fs = std::filesystem;
using ridgepoint::testing::faults_of;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ModelFiles, AreAllEmbeddedWordForWord) {
  std::set<std::string> on_disk;
  for (const auto& entry : fs::directory_iterator(RIDGEPOINT_DATA "/models")) {
    if (entry.path().extension() == ".json") on_disk.insert(entry.path().stem().string());
  }
  std::set<std::string> embedded;
  for (const EmbeddedFile& file : embedded_models()) {
    embedded.emplace(file.name);
    const std::string path =
        std::string(RIDGEPOINT_DATA "/models/") + std::string(file.name) + ".json";
    EXPECT_EQ(file.text, read_file(path).value_or("")) << path;
  }
  EXPECT_EQ(embedded, on_disk);
  EXPECT_GE(embedded.size(), 60u);
}

TEST(ModelFiles, LeaveNothingToAssumptionsAndNameTheirSource) {
  for (const EmbeddedFile& file : embedded_models()) {
    const auto model = model::read_architecture(file.text, file.name);
    ASSERT_EQ(faults_of(model), "");
    // What is said of quantisation or an encoder fills in no key.
    EXPECT_THAT(model->assumptions, Each(Not(HasSubstr("absent")))) << file.name;
    EXPECT_TRUE(model->max_position_embeddings) << file.name;
  }
  const std::vector<ModelEntry> entries = models();
  EXPECT_EQ(entries.size(), embedded_models().size());
  for (const ModelEntry& entry : entries) {
    EXPECT_NE(entry.source, "") << entry.name;
    EXPECT_NE(entry.title, entry.name);
    EXPECT_FALSE(entry.aliases.empty()) << entry.name;
  }
}

TEST(ModelFiles, HaveNamesThatMeanOneModelEach) {
  std::map<std::string, std::string> owners;
  for (const ModelEntry& entry : models()) {
    std::set<std::string> names{normalized(entry.name)};
    for (const std::string& alias : entry.aliases) names.insert(normalized(alias));
    for (const std::string& name : names) {
      const auto [owner, is_new] = owners.emplace(name, entry.name);
      EXPECT_TRUE(is_new) << name << " means " << owner->second << " and " << entry.name;
    }
  }
}

TEST(Llama2With13B, HasTheLecturesParametersAndItsNorms) {
  // The lecture's 13,015,449,600 leave out the norms: (2 · 40 + 1) · 5120 = 414,720.
  const auto model = find_model("llama-2-13b");
  EXPECT_EQ(model::total_parameters(*model).value(), 13'015'449'600 + 414'720);
  // 2 · 40 layers · 40 heads · 128 · 2 bytes.
  EXPECT_EQ(model::kv_bytes_per_token(*model, {2, 1}), Count(819'200));
}

/// Real configurations of the same models.
class KnownSizes : public ridgepoint::testing::SharedData {};

TEST_F(KnownSizes, AgreeWithTheModelFiles) {
  const auto truth = ridgepoint::testing::csv_rows(text_of("model-configs/truth.csv"));
  std::set<std::string> compared;
  for (const ModelEntry& entry : models()) {
    for (const auto& row : truth) {
      std::string hub_id = row.at("file").substr(0, row.at("file").rfind(".json"));
      hub_id.replace(hub_id.find("__"), 2, "/");
      if (std::find(entry.aliases.begin(), entry.aliases.end(), hub_id) == entry.aliases.end()) {
        continue;
      }
      const auto total = model::total_parameters(entry.architecture);
      EXPECT_EQ(std::to_string(total.value()), row.at("total_params")) << hub_id;
      const Count cache = model::kv_bytes_per_token(entry.architecture, {2, 1});
      EXPECT_EQ(std::to_string(cache.to_integer().value()), row.at("kv_bytes_per_token_bf16"))
          << hub_id;
      compared.insert(entry.name);
    }
  }
  EXPECT_GE(compared.size(), 60u);
}

}  // namespace
}  // namespace ridgepoint::catalog
