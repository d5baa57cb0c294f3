// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/field_catalogue.h"

#include <map>
#include <set>

#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

struct BindCase {
  const char* text;
  const char* expected;  // "FIELD key=… index=…", or the error's text
};

std::string described(const BoundField& field) {
  std::string text(field.info->name);
  if (!field.key.empty()) {
    text += " key=" + field.key;
  }
  if (field.has_index) {
    text += " index=" + std::to_string(field.index);
  }
  return text;
}

class Binding : public ::testing::TestWithParam<BindCase> {};

TEST_P(Binding, FindsRowAndArgument) {
  const FieldCatalogue fields;
  const auto field = bind_text(fields, GetParam().text);
  EXPECT_EQ(field ? described(*field) : field.error().message, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Names, Binding,
    ::testing::Values(
        BindCase{"proc.name", "proc.name"}, BindCase{"evt.args", "evt.args"},
        BindCase{"thread.cgroups", "thread.cgroups"}, BindCase{"fd.types", "fd.types"},
        BindCase{"proc.nam", "filter_check called with nonexistent field proc.nam"},
        BindCase{"proc.names", "filter_check called with nonexistent field proc.names"},
        BindCase{"proc.name.x", "filter_check called with nonexistent field proc.name.x"},
        BindCase{"proc.name[1]", "filter_check called with nonexistent field proc.name[1]"},
        BindCase{"syslog.message", "filter_check called with nonexistent field syslog.message"}));

INSTANTIATE_TEST_SUITE_P(
    Parameters, Binding,
    ::testing::Values(
        BindCase{"evt.arg.flags", "evt.arg key=flags"}, BindCase{"evt.arg[2]", "evt.arg index=2"},
        BindCase{"evt.rawarg.fd", "evt.rawarg key=fd"},
        BindCase{"evt.arg", "filter syntax error: evt.arg"},
        BindCase{"evt.argx", "filter syntax error: evt.argx"},
        BindCase{"evt.argsx", "filter_check called with nonexistent field evt.argsx"},
        BindCase{"evt.arg.nosuch", "unknown event argument nosuch"},
        BindCase{"evt.arg.flagsx", "filter_check called with nonexistent field evt.arg.flagsx"},
        BindCase{"evt.arg[x]", "x is not a valid number"},
        BindCase{"evt.rawarg[1]", "evt.arg fields must be expressed explicitly"},
        BindCase{"evt.type.is.openat", "evt.type.is"},
        BindCase{"evt.type.is.3", "evt.type.is key=3"},
        BindCase{"evt.type.is[execve]", "filter syntax error: evt.type.is[execve]"},
        BindCase{"evt.type.is.nosuch",
                 "filter_check called with nonexistent field evt.type.is.nosuch"},
        BindCase{"evt.around[1000]", "evt.around index=1000"},
        BindCase{"evt.around", "filter syntax error: evt.around"},
        BindCase{"evt.abspath", "evt.abspath"}, BindCase{"evt.abspath.dst", "evt.abspath"},
        BindCase{"evt.abspath.path",
                 "filter_check called with nonexistent field evt.abspath.path"}));

INSTANTIATE_TEST_SUITE_P(
    Arguments, Binding,
    ::testing::Values(
        BindCase{"proc.aname", "proc.aname"}, BindCase{"proc.aname[2]", "proc.aname index=2"},
        BindCase{"proc.aname[x]", "filter_check called with nonexistent field proc.aname[x]"},
        BindCase{"proc.aname[-1]", "filter_check called with nonexistent field proc.aname[-1]"},
        BindCase{"proc.aname.2", "filter_check called with nonexistent field proc.aname.2"},
        BindCase{"proc.env[HOME]", "proc.env key=HOME"},
        BindCase{"proc.aenv[HOME]", "proc.aenv key=HOME"},
        BindCase{"proc.aenv[1]", "proc.aenv index=1"},
        BindCase{"thread.cgroup.cpu", "thread.cgroup key=cpu"},
        BindCase{"thread.cgroup", "filter syntax error: thread.cgroup"},
        BindCase{"fd.types[0]", "fd.types index=0"},
        BindCase{"container.mount.dest[/etc/*]", "container.mount.dest key=/etc/*"},
        BindCase{"container.mount.dest.0", "container.mount.dest index=0"},
        BindCase{"container.label.io.kubernetes.pod.name",
                 "container.label key=io.kubernetes.pod.name"},
        BindCase{"container.label",
                 "filter container.label container.label requires an argument but none provided"}));

TEST(FieldCatalogue, TextIsTheOneThatWasBound) {
  const FieldCatalogue fields;
  EXPECT_EQ(bind_text(fields, "proc.aname[2]")->text, "proc.aname[2]");
  EXPECT_EQ(bind_text(fields, "evt.arg.flags")->text, "evt.arg.flags");
}

TEST(FieldCatalogue, RawParameterHasTheTypeOfTheFirstOfItsName) {
  const FieldCatalogue fields;
  EXPECT_EQ(bind_text(fields, "evt.rawarg.flags")->type, ParamType::kFlags32);
  EXPECT_EQ(bind_text(fields, "evt.rawarg.fd")->type, ParamType::kFd);
}

struct QuantifierCase {
  const char* text;
  Quantifier expected;
};

TEST(FieldCatalogue, OnlyFieldsWithoutLevelLookAtAllAncestors) {
  const FieldCatalogue fields;
  for (const QuantifierCase& row : {QuantifierCase{"proc.aname", Quantifier::kAncestors},
                                    QuantifierCase{"proc.aname[1]", Quantifier::kNone},
                                    QuantifierCase{"proc.aenv[1]", Quantifier::kAncestors},
                                    QuantifierCase{"proc.aenv[HOME]", Quantifier::kNone},
                                    QuantifierCase{"proc.aargs", Quantifier::kNone},
                                    QuantifierCase{"fd.ip", Quantifier::kEitherEnd},
                                    QuantifierCase{"fd.sip.name", Quantifier::kHostName},
                                    QuantifierCase{"evt.around[1]", Quantifier::kDistance}}) {
    EXPECT_EQ(bind_text(fields, row.text)->quantifier, row.expected) << row.text;
  }
}

TEST(FieldCatalogue, StaticFieldsHaveTheirValues) {
  const std::map<std::string, std::string> configured = {{"site", "north"}};
  const FieldCatalogue fields(configured);
  const auto field = fields.bind("static.site", false, "");
  ASSERT_TRUE(field.has_value());
  EXPECT_EQ(field->key, "north");
  EXPECT_EQ(field->scope, FieldScope::kConstant);
  EXPECT_EQ(fields.classes().back().name, "static");
  EXPECT_TRUE(field->info->has(field_flag::kSuggested));
  EXPECT_FALSE(FieldCatalogue().bind("static.site", false, "").has_value());
}

TEST(FieldCatalogue, RowsAreComplete) {
  const FieldCatalogue fields;
  std::set<std::string_view> names;
  for (const FieldInfo* info : fields.all()) {
    EXPECT_TRUE(names.insert(info->name).second) << info->name << " twice";
    EXPECT_NE(info->extract, nullptr) << info->name;
    EXPECT_TRUE(info->meaning.ends_with('.')) << info->name;
    EXPECT_NE(info->type, ParamType::kNone) << info->name;
    EXPECT_FALSE(info->class_name.empty()) << info->name;
    EXPECT_TRUE(fields.is_field_name(info->name));
  }
  EXPECT_EQ(names.size(), 295U);
  EXPECT_FALSE(fields.is_field_name("proc.aname[1]"));
}

struct ScopeCase {
  const char* text;
  EventType type;
  FieldScope expected;
};

TEST(FieldCatalogue, ScopeIsTheTypeWhereTheTypeDecides) {
  const FieldCatalogue fields;
  using enum FieldScope;
  for (const ScopeCase& row :
       {ScopeCase{"evt.type", kSyscallOpenX, FieldScope::kEventType},
        ScopeCase{"evt.type", kGenericX, kEvent}, ScopeCase{"evt.arg.name", kSyscallOpenX, kEvent},
        ScopeCase{"evt.arg.name", kSyscallCloseX, FieldScope::kEventType},
        ScopeCase{"evt.is_open_read", kSyscallOpenX, kEvent},
        ScopeCase{"evt.is_open_read", kSyscallReadX, FieldScope::kEventType},
        ScopeCase{"fd.name", kSyscallReadX, FieldScope::kFd},
        ScopeCase{"fd.name", kSyscallExecveV19X, FieldScope::kEventType},
        ScopeCase{"proc.name", kSyscallReadX, kImage},
        ScopeCase{"proc.aname[2]", kSyscallReadX, kLineage}}) {
    EXPECT_EQ(scope_for(*bind_text(fields, row.text), row.type), row.expected) << row.text;
  }
}

}  // namespace
}  // namespace saker::testing
