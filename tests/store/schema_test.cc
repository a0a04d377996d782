#include "store/schema.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "model/golden.h"

namespace throughline {
namespace {

std::string_view NameOfType(ColumnType type) {
  switch (type) {
    case ColumnType::kInteger:
      return "INTEGER";
    case ColumnType::kReal:
      return "REAL";
    case ColumnType::kText:
      return "TEXT";
    case ColumnType::kBlob:
      return "BLOB";
  }
  return "?";
}

std::string Describe(const TableSchema& table) {
  std::string text = table.name + (table.derived ? "" : " (primary)") + "\n";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const ColumnSchema& column = table.columns[i];
    text += "  " + column.name + " " + std::string(NameOfType(column.type));
    text += column.nullable ? "" : " NOT NULL";
    text += static_cast<int>(i) < table.key_columns ? " KEY\n" : "\n";
  }
  for (const IndexSchema& index : table.indexes) {
    text += "  index " + index.name + ":";
    for (const int column : index.columns) {
      text += " " + table.columns[static_cast<size_t>(column)].name;
    }
    text += "\n";
  }
  return text;
}

// A change of this file is a change of the layout: it takes a new version of the schema.
TEST(Schema, IsAsWrittenDown) {
  std::string text = "version " + std::to_string(LedgerSchema().version) + "\n";
  for (const TableSchema& table : LedgerSchema().tables) text += Describe(table);
  EXPECT_EQ(text, testing::GoldenOf("tests/store/golden/schema.txt", text));
}

TEST(Schema, NumbersTablesByRow) {
  const auto& tables = LedgerSchema().tables;
  ASSERT_EQ(tables.size(), kTableCount);
  EXPECT_EQ(kTableOf<AccountRow>, 0);
  EXPECT_EQ(tables[kTableOf<LeadRow>].name, "lead");
  EXPECT_EQ(tables[kTableOf<ContactProfileRow>].name, "contact_profile");
  EXPECT_EQ(tables[kTableOf<LedgerSettingRow>].name, "ledger_setting");
}

TEST(Schema, NamesIndexesByPosition) {
  const auto name = [](TableNumber table, int index) {
    return LedgerSchema()
        .tables.at(static_cast<size_t>(table))
        .indexes.at(static_cast<size_t>(index))
        .name;
  };
  EXPECT_EQ(name(kTableOf<AccountDomainRow>, AccountDomainIndex::kByDomain),
            "account_domain_by_domain");
  EXPECT_EQ(name(kTableOf<ExternalIdRow>, ExternalIdIndex::kById), "external_id_by_entity_id");
  EXPECT_EQ(name(kTableOf<ContactRow>, ContactIndex::kByAccount), "contact_by_account");
  EXPECT_EQ(name(kTableOf<LeadRow>, LeadIndex::kByAccount), "lead_by_account");
  EXPECT_EQ(name(kTableOf<LeadRow>, LeadIndex::kByStage), "lead_by_stage");
  EXPECT_EQ(name(kTableOf<LeadRow>, LeadIndex::kByPhase), "lead_by_phase");
  EXPECT_EQ(name(kTableOf<LeadRow>, LeadIndex::kByOwner), "lead_by_owner");
  EXPECT_EQ(name(kTableOf<LeadRow>, LeadIndex::kByOriginalChannel), "lead_by_original_channel");
  EXPECT_EQ(name(kTableOf<LeadRow>, LeadIndex::kByReturnOn), "lead_by_return_on");
  EXPECT_EQ(name(kTableOf<OpportunityRow>, OpportunityIndex::kByAccount), "opportunity_by_account");
  EXPECT_EQ(name(kTableOf<OpportunityRow>, OpportunityIndex::kByStage), "opportunity_by_stage");
  EXPECT_EQ(name(kTableOf<OpportunityRow>, OpportunityIndex::kByPhase), "opportunity_by_phase");
  EXPECT_EQ(name(kTableOf<OpportunityRow>, OpportunityIndex::kByOwner), "opportunity_by_owner");
  EXPECT_EQ(name(kTableOf<OpportunityRow>, OpportunityIndex::kByOriginalChannel),
            "opportunity_by_original_channel");
  EXPECT_EQ(name(kTableOf<OpportunityRow>, OpportunityIndex::kByCloseDate),
            "opportunity_by_close_date");
  EXPECT_EQ(name(kTableOf<OpportunityLeadRow>, OpportunityLeadIndex::kByLead),
            "opportunity_lead_by_lead");
  EXPECT_EQ(name(kTableOf<OpportunityRoleRow>, OpportunityRoleIndex::kByContact),
            "opportunity_role_by_contact");
  EXPECT_EQ(name(kTableOf<ContactProfileRow>, ContactProfileIndex::kByEmailKey),
            "contact_profile_by_email_key");
  EXPECT_EQ(name(kTableOf<ContactExternalIdRow>, ContactExternalIdIndex::kByContact),
            "contact_external_id_by_contact");
}

TEST(Schema, NamesAreUnique) {
  std::set<std::string> names;
  for (const TableSchema& table : LedgerSchema().tables) {
    EXPECT_TRUE(names.insert(table.name).second) << table.name;
    std::set<std::string> columns;
    for (const ColumnSchema& column : table.columns) {
      EXPECT_TRUE(columns.insert(column.name).second) << table.name << "." << column.name;
    }
    for (const IndexSchema& index : table.indexes) {
      EXPECT_TRUE(names.insert(index.name).second) << index.name;
    }
  }
}

}  // namespace
}  // namespace throughline
