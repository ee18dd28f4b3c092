// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/csv.hpp"

#include <gtest/gtest.h>

namespace ridgepoint::csv {
namespace {

using Fields = std::vector<std::string>;

TEST(Csv, ReadsQuotedFieldsAsTheStandardHasThem) {
  const auto table = read("a,b,c\r\n1,\"x, \"\"y\"\"\nz\",\r\n\r\n,\"\",3\n", "t.csv").value();
  EXPECT_EQ(table.columns, (Fields{"a", "b", "c"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].fields, (Fields{"1", "x, \"y\"\nz", ""}));
  EXPECT_EQ(table.rows[1].fields, (Fields{"", "", "3"}));
  EXPECT_EQ(table.rows[0].line, 2U);
  EXPECT_EQ(table.rows[1].line, 5U);
  EXPECT_TRUE(table.bad_rows.empty());
}

TEST(Csv, TakesALastLineWithoutAnEndAndAByteOrderMark) {
  const auto table = read(
                         "\xEF\xBB\xBF"
                         "a,b\n1,2",
                         "t.csv")
                         .value();
  EXPECT_EQ(table.column("a"), 0U);
  EXPECT_EQ(table.column("b"), 1U);
  EXPECT_EQ(table.column("c"), 2U);
  EXPECT_EQ(table.rows.size(), 1U);
}

TEST(Csv, NamesEveryBadRowAndKeepsTheOthers) {
  const auto table = read("a,b\n1\n1,2\n1,2,3\n1\"2,3\n\"1\"2,3\n", "t.csv").value();
  EXPECT_EQ(table.rows.size(), 1U);
  ASSERT_EQ(table.bad_rows.size(), 4U);
  EXPECT_EQ(table.bad_rows[0],
            (Diagnostic{"t.csv: line 2", "1 fields", "the first line names 2 columns"}));
  EXPECT_EQ(table.bad_rows[1].where, "t.csv: line 4");
  EXPECT_EQ(table.bad_rows[2].where, "t.csv: line 5");
  EXPECT_EQ(table.bad_rows[3].where, "t.csv: line 6");
}

TEST(Csv, RefusesWhatIsNoTable) {
  EXPECT_EQ(read("", "t.csv").error()[0].what, "has no first line");
  EXPECT_EQ(read("a,b,a\n", "t.csv").error()[0].what, "two columns are called a");
  const auto open = read("a\n1\n\"2\n3\n", "t.csv");
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error()[0].where, "t.csv: line 3");
}

}  // namespace
}  // namespace ridgepoint::csv
