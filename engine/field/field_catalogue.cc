// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/field_catalogue.h"

#include <deque>
#include <limits>
#include <unordered_map>

#include "engine/field/field_rows.h"
#include "engine/field/number_text.h"

namespace saker {

namespace {

using RowsFunction = field_rows::Rows (*)();

struct ClassRow {
  std::string_view name;
  std::string_view description;
  bool is_plugin;
  std::vector<RowsFunction> files;
};

// In the order in which names are looked up and listed.
std::vector<ClassRow> class_rows() {
  using namespace field_rows;
  return {
      {"evt", "What every event has.", false, {&any_event}},
      {"evt",
       "System call events. Their parameters are evt.arg.NAME, for example evt.arg.flags.",
       false,
       {&event_times, &event, &event_params, &event_io, &event_open, &event_count}},
      {"process",
       "The process and the thread that caused the event.",
       false,
       {&process, &process_ids, &process_times, &thread, &ancestors}},
      {"user", "The user as whom the thread runs.", false, {&user}},
      {"group", "The group as which the thread runs.", false, {&group}},
      {"fd", "The file descriptor that the call works on.", false, {&fd, &fd_socket}},
      {"fs.path",
       "Paths that calls work on without opening them, such as unlink and rename.",
       false,
       {&fs_path}},
      {"util", "Helpers.", false, {&util}},
      {"fdlist", "The file descriptors of poll.", false, {&fd_list}},
      {"container", "The container of the process, and its pod.", true, {&container, &kubernetes}},
  };
}

std::string full_text(std::string_view name, bool has_argument, std::string_view argument) {
  std::string text(name);
  if (has_argument) {
    text += '[';
    text += argument;
    text += ']';
  }
  return text;
}

tl::unexpected<Error> unknown_field(std::string_view text) {
  return fail(ErrorCode::kNotFound,
              "filter_check called with nonexistent field " + std::string(text));
}

// Stores an argument of a field without rules of its own.
Status bind_plain_argument(BoundField& field, std::string_view argument, bool is_dot) {
  const FieldInfo& info = *field.info;
  if (!info.has(is_dot ? field_flag::kDotArgument : field_flag::kBracketArgument)) {
    return fail(ErrorCode::kNotFound, "");
  }
  const auto number =
      info.has(field_flag::kIndexArgument) ? parse_unsigned(argument) : std::nullopt;
  if (number && *number <= std::numeric_limits<std::int32_t>::max()) {
    field.has_index = true;
    field.index = static_cast<std::int64_t>(*number);
    return {};
  }
  if (!info.has(field_flag::kKeyArgument)) {
    return fail(ErrorCode::kNotFound, "");
  }
  field.key = argument;
  return {};
}

Value static_value(const FieldContext&, const BoundField& field) {
  return Value::text(field.key);
}

}  // namespace

struct FieldCatalogue::Impl {
  std::vector<FieldClass> classes;
  std::vector<const FieldInfo*> all;
  std::unordered_map<std::string_view, const FieldInfo*> by_name;
  std::deque<std::string> static_names;
  std::deque<FieldInfo> static_rows;
  std::unordered_map<const FieldInfo*, std::string> static_values;

  void add(FieldClass& in, const FieldInfo& row) {
    in.fields.push_back(&row);
    all.push_back(&row);
    by_name.emplace(row.name, &row);
  }

  // The row of `name`, or the one with the longest name that takes the rest as its dot argument.
  const FieldInfo* find(std::string_view name, std::string_view& dot_argument) const {
    const auto exact = by_name.find(name);
    if (exact != by_name.end()) {
      return exact->second;
    }
    for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot > 0;
         dot = name.rfind('.', dot - 1)) {
      const auto found = by_name.find(name.substr(0, dot));
      if (found != by_name.end()) {
        dot_argument = name.substr(dot + 1);
        return found->second->has(field_flag::kDotArgument) ? found->second : nullptr;
      }
    }
    return nullptr;
  }

  // Whether the longest field name that `name` begins with owns everything behind it.
  bool is_owned_prefix(std::string_view name) const {
    for (std::size_t size = name.size(); size > 0; --size) {
      const auto found = by_name.find(name.substr(0, size));
      if (found != by_name.end()) {
        return found->second->has(field_flag::kOwnsPrefix);
      }
    }
    return false;
  }
};

FieldCatalogue::FieldCatalogue(const std::map<std::string, std::string>& static_fields)
    : impl_(std::make_unique<Impl>()) {
  for (const ClassRow& row : class_rows()) {
    FieldClass& in = impl_->classes.emplace_back();
    in.name = row.name;
    in.description = row.description;
    in.is_plugin = row.is_plugin;
    for (const RowsFunction rows : row.files) {
      for (const FieldInfo& info : rows()) {
        impl_->add(in, info);
      }
    }
  }
  if (static_fields.empty()) {
    return;
  }
  FieldClass& in = impl_->classes.emplace_back();
  in.name = "static";
  in.description = "Fields that the configuration defines.";
  for (const auto& [key, value] : static_fields) {
    const std::string& name = impl_->static_names.emplace_back("static." + key);
    const FieldInfo& row = impl_->static_rows.emplace_back(
        FieldInfo{.name = name,
                  .class_name = "static",
                  .type = ParamType::kCharbuf,
                  .flags = field_flag::kSuggested,
                  .scope = FieldScope::kConstant,
                  .meaning = "A value that the configuration defines.",
                  .extract = &static_value});
    impl_->static_values.emplace(&row, value);
    impl_->add(in, row);
  }
}

FieldCatalogue::FieldCatalogue(const std::function<void(FieldInfo&)>& change)
    : impl_(std::make_unique<Impl>()) {
  for (const ClassRow& row : class_rows()) {
    FieldClass& in = impl_->classes.emplace_back();
    in.name = row.name;
    in.description = row.description;
    in.is_plugin = row.is_plugin;
    for (const RowsFunction rows : row.files) {
      for (const FieldInfo& info : rows()) {
        FieldInfo& copy = impl_->static_rows.emplace_back(info);
        change(copy);
        impl_->add(in, copy);
      }
    }
  }
}

FieldCatalogue::~FieldCatalogue() = default;

Result<BoundField> FieldCatalogue::bind(std::string_view name, bool has_argument,
                                        std::string_view argument) const {
  BoundField field;
  field.text = full_text(name, has_argument, argument);
  std::string_view dot_argument;
  field.info = impl_->find(name, dot_argument);
  if (field.info == nullptr) {
    return impl_->is_owned_prefix(name)
               ? fail(ErrorCode::kInvalidArgument, "filter syntax error: " + field.text)
               : unknown_field(field.text);
  }
  const FieldInfo& info = *field.info;
  const bool is_dot = info.name.size() < name.size();
  if (is_dot && has_argument) {
    return unknown_field(field.text);
  }
  field.type = info.type;
  field.format = info.format;
  field.scope = info.scope;
  field.has_argument = is_dot || has_argument;
  field.quantifier = field.has_argument && info.quantifier == Quantifier::kAncestors
                         ? Quantifier::kNone
                         : info.quantifier;
  if (field.has_argument) {
    const ArgumentBinder bind_argument =
        info.bind_argument != nullptr ? info.bind_argument : &bind_plain_argument;
    if (Status status = bind_argument(field, is_dot ? dot_argument : argument, is_dot); !status) {
      return status.error().code == ErrorCode::kNotFound
                 ? unknown_field(field.text)
                 : tl::unexpected(std::move(status).error());
    }
  } else if (info.argument == ArgumentRule::kRequired) {
    const std::string text(name);
    return fail(ErrorCode::kInvalidArgument,
                info.has(field_flag::kOwnsPrefix)
                    ? "filter syntax error: " + text
                    : "filter " + text + " " + text + " requires an argument but none provided");
  }
  const auto value = impl_->static_values.find(field.info);
  if (value != impl_->static_values.end()) {
    field.key = value->second;
  }
  return field;
}

bool FieldCatalogue::is_field_name(std::string_view text) const {
  return impl_->by_name.contains(text);
}

std::span<const FieldInfo* const> FieldCatalogue::all() const {
  return impl_->all;
}

std::span<const FieldClass> FieldCatalogue::classes() const {
  return impl_->classes;
}

std::vector<std::string_view> FieldCatalogue::names() const {
  std::vector<std::string_view> names;
  for (const FieldInfo* info : impl_->all) {
    if (!info->has(field_flag::kHidden)) {
      names.push_back(info->name);
    }
  }
  return names;
}

}  // namespace saker
