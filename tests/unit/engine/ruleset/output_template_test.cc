// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/output_template.h"

#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

// The pieces as text: literals as they are, expressions in braces, with their width.
std::string shape_of(const OutputTemplate& output) {
  std::string shape;
  for (const OutputTemplate::Piece& piece : output.pieces) {
    shape += piece.literal;
    if (piece.expression >= 0) {
      shape += "{" + (piece.width == 0 ? "" : std::to_string(piece.width) + ":") +
               output.expressions[static_cast<std::size_t>(piece.expression)].text + "}";
    }
  }
  return shape;
}

class Templates : public ::testing::Test {
protected:
  FieldCatalogue fields_;
};

TEST_F(Templates, AreReadByLongestPrefixThatCompiles) {
  struct Row {
    std::string_view text;
    std::string_view shape;
  };
  const Row rows[] = {
      {"plain", "plain"},
      {"a %proc.name b", "a {proc.name} b"},
      {"%proc.names", "{proc.name}s"},
      {"%proc.name.", "{proc.name}."},
      {"%proc.aname[2]x", "{proc.aname[2]}x"},
      {"%proc.pname[0]", "{proc.pname}[0]"},
      {"%10proc.name|", "{10:proc.name}|"},
      {"%toupper(proc.name)!", "{toupper(proc.name)}!"},
      {"*%proc.name", "{proc.name}"},
      {"%proc.name%fd.name", "{proc.name}{fd.name}"},
      {"", ""},
  };
  for (const Row& row : rows) {
    const auto output = compile_output(row.text, SourceId::kNone, fields_);
    ASSERT_TRUE(output.has_value()) << row.text << ": " << output.error().message;
    EXPECT_EQ(shape_of(*output), row.shape) << row.text;
  }
}

TEST_F(Templates, AreRefusedWithFalcosTexts) {
  struct Row {
    std::string_view text;
    std::string_view message;
  };
  const Row rows[] = {
      {"ends %", "invalid formatting syntax: formatting cannot end with a %"},
      {"ends %12", "invalid formatting syntax: formatting cannot end with a number"},
      {"%%", "unknown filter: "},
      {"%no.such", "unknown filter: "},
  };
  for (const Row& row : rows) {
    const auto output = compile_output(row.text, SourceId::kNone, fields_);
    ASSERT_FALSE(output.has_value()) << row.text;
    EXPECT_TRUE(output.error().message.starts_with(row.message)) << output.error().message;
  }
}

TEST_F(Templates, ListPlainFieldsOnceAndSorted) {
  const auto output = compile_output("%user.name %toupper(proc.name) %fd.name %user.name",
                                     SourceId::kNone, fields_);
  ASSERT_TRUE(output.has_value());
  std::string keys;
  for (const OutputTemplate::Field& field : output->fields) {
    keys += field.key + " ";
  }
  EXPECT_EQ(keys, "fd.name proc.name user.name ");
}

}  // namespace
}  // namespace saker
