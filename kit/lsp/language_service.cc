// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/lsp/language_service.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <span>

#include "engine/event/catalogue.h"
#include "kit/base/files.h"
#include "kit/base/text.h"
#include "kit/fmt/format_rules.h"
#include "kit/lint/lint_rules.h"
#include "rules/loader/item_keys.h"
#include "rules/loader/item_names.h"

namespace saker::kit {

namespace {

std::string value_of(const Document& document, const ItemRegion& item, std::string_view key) {
  const auto found = std::ranges::find(item.keys, key, &KeyRegion::key);
  if (found == item.keys.end()) {
    return "";
  }
  std::string text =
      squeeze(std::string_view(document.text()).substr(found->begin, found->end - found->begin));
  if (text.ends_with(" -")) {  // of the item behind it
    text.resize(text.size() - 2);
  }
  return text;
}

// The last word of `text` (letters), without what is not a letter behind it.
std::string_view last_word(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  const std::size_t end = text.find_last_of(kLetters);
  if (end == std::string_view::npos) {
    return {};
  }
  const std::size_t before = text.find_last_not_of(kLetters, end);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(begin, end + 1 - begin);
}

// Whether what stands behind `before` in a condition is a constant: then it is not the macro that
// has the same name.
bool is_constant_behind(std::string_view before) {
  constexpr std::string_view kBlank = " \t\r\n";
  constexpr std::string_view kOperators[] = {"contains",    "icontains", "bcontains", "startswith",
                                             "bstartswith", "endswith",  "glob",      "iglob",
                                             "regex",       "in",        "pmatch",    "intersects"};
  const auto trim = [&] { before = before.substr(0, before.find_last_not_of(kBlank) + 1); };
  trim();
  if (before.ends_with('"') || before.ends_with('\'')) {
    before.remove_suffix(1);
    trim();
  }
  if (before.empty()) {
    return false;
  }
  const char last = before.back();
  if (std::string_view("=<>,[").find(last) != std::string_view::npos) {
    return true;
  }
  if (last == '(') {
    before.remove_suffix(1);
    trim();
  }
  const std::string_view word = last_word(before);
  return before.ends_with(word) && std::ranges::find(kOperators, word) != std::end(kOperators);
}

// Whether the words before `at` are a comparison of evt.type.
bool is_event_type_place(const Document& document, std::size_t at) {
  const std::size_t begin = at > 300 ? at - 300 : 0;
  const std::string_view before = std::string_view(document.text()).substr(begin, at - begin);
  const std::size_t field = before.rfind("evt.type");
  if (field == std::string_view::npos) {
    return false;
  }
  const std::string_view between = before.substr(field + 8);
  return between.find(')') == std::string_view::npos &&
         between.find(" and ") == std::string_view::npos &&
         between.find(" or ") == std::string_view::npos &&
         between.find_first_of("=n") != std::string_view::npos;
}

std::string field_text(const FieldInfo& info) {
  return "**" + std::string(info.name) + "** (" + std::string(to_text(info.type)) +
         (info.has(field_flag::kList) ? ", list" : "") + ")\n\n" + std::string(info.meaning);
}

// The field that a word begins with: proc.aname of proc.aname[2], evt.arg of evt.arg.flags.
const FieldInfo* field_of(const FieldCatalogue& fields, std::string_view word) {
  const FieldInfo* best = nullptr;
  for (const FieldInfo* info : fields.all()) {
    const bool fits =
        word == info->name || (word.starts_with(info->name) && word.size() > info->name.size() &&
                               word[info->name.size()] == '.');
    if (fits && (best == nullptr || info->name.size() > best->name.size())) {
      best = info;
    }
  }
  return best;
}

std::string event_text(std::string_view name) {
  for (const EventInfo& info : all_events()) {
    if (info.name == name && info.is_current() && reaches_rules(info.type)) {
      std::string out = "**" + std::string(name) + "**, event\n\n";
      for (const ParamInfo& param : info.params) {
        out += "- `evt.arg." + std::string(param.name) + "` " + std::string(to_text(param.type)) +
               "\n";
      }
      return out;
    }
  }
  return syscall_by_name(name) != nullptr ? "**" + std::string(name) + "**, system call" : "";
}

}  // namespace

LanguageService::LanguageService(std::vector<std::string> rule_files)
    : rule_files_(std::move(rule_files)) {
  for (const std::string& path : rule_files_) {
    if (auto text = read_file(path)) {
      context_[path] = std::make_unique<Document>(path, std::move(*text));
    }
  }
}

void LanguageService::open(const std::string& path, std::string text) {
  open_[path] = std::make_unique<Document>(path, std::move(text));
}

void LanguageService::close(const std::string& path) {
  open_.erase(path);
}

const Document* LanguageService::find(const std::string& path) const {
  const auto opened = open_.find(path);
  if (opened != open_.end()) {
    return opened->second.get();
  }
  const auto known = context_.find(path);
  return known == context_.end() ? nullptr : known->second.get();
}

std::vector<const Document*> LanguageService::visible_from(const std::string& path) const {
  std::vector<const Document*> documents;
  for (const std::string& file : rule_files_) {
    if (file == path) {
      break;
    }
    if (const Document* document = find(file); document != nullptr) {
      documents.push_back(document);
    }
  }
  if (const Document* document = find(path); document != nullptr) {
    documents.push_back(document);
  }
  return documents;
}

std::vector<LspDiagnostic> LanguageService::diagnose(const std::string& path) const {
  const Document* document = find(path);
  if (document == nullptr) {
    return {};
  }
  std::vector<RuleFile> files;
  for (const Document* visible : visible_from(path)) {
    files.push_back({visible->path(), visible->text()});
  }
  const CheckedRules checked = lint_rules(files);
  std::vector<LspDiagnostic> out;
  for (const Finding& finding : checked.findings) {
    const SourceMap& sources = checked.loaded.sources;
    if (sources.name(finding.span.source) != path) {
      continue;
    }
    std::string message = finding.message;
    message += finding.hint.empty() ? "" : "\nhint: " + finding.hint;
    message += finding.witness.empty() ? "" : "\nwitness: " + finding.witness;
    out.push_back(
        {document->range_of(finding.span.begin, std::max(finding.span.end, finding.span.begin + 1)),
         finding.severity, finding.code, std::move(message)});
  }
  return out;
}

std::vector<Completion> LanguageService::complete(const std::string& path, LspPosition at) const {
  const Document* document = find(path);
  if (document == nullptr) {
    return {};
  }
  const std::size_t offset = document->offset_of(at);
  std::size_t begin = 0;
  const std::string_view word = document->word_at(offset, begin);
  const std::string prefix(word.substr(0, offset - begin));
  const std::string key = document->key_at(offset);
  std::vector<Completion> out;
  const auto add = [&](std::string_view label, CompletionKind kind, std::string detail) {
    if (label.starts_with(prefix)) {
      out.push_back({std::string(label), kind, std::move(detail)});
    }
  };
  const std::size_t line = document->text().rfind('\n', begin == 0 ? 0 : begin - 1);
  const std::string_view before =
      std::string_view(document->text()).substr(line + 1, begin - line - 1);
  if (before.find_first_not_of("- ") == std::string_view::npos && before.size() <= 2) {
    std::set<std::string_view> keys;
    for (const std::span<const std::string_view> some :
         std::initializer_list<std::span<const std::string_view>>{
             kRuleKeys, kMacroKeys, kListKeys, kEngineVersionKeys, kPluginVersionsKeys}) {
      keys.insert(some.begin(), some.end());
    }
    for (const std::string_view item : keys) {
      add(item, CompletionKind::kKey, "key");
    }
    return out;
  }
  if (key == "condition" && is_event_type_place(*document, begin)) {
    for (const EventInfo& info : all_events()) {
      if (info.is_current() && reaches_rules(info.type)) {
        add(info.name, CompletionKind::kEvent, "event");
      }
    }
  } else if (key == "condition" || key == "output" || key == "exceptions") {
    for (const FieldInfo* info : fields_.all()) {
      if (!info->has(field_flag::kHidden)) {
        add(info->name, CompletionKind::kField, std::string(info->meaning));
      }
    }
  }
  if (key == "condition" || key == "items" || key == "exceptions") {
    for (const Document* visible : visible_from(path)) {
      for (const ItemRegion& item : visible->items()) {
        if (item.kind == "macro" && key == "condition") {
          add(item.name, CompletionKind::kMacro, value_of(*visible, item, "condition"));
        } else if (item.kind == "list") {
          add(item.name, CompletionKind::kList, value_of(*visible, item, "items"));
        }
      }
    }
  }
  std::ranges::sort(out, {}, &Completion::label);
  const auto same = std::ranges::unique(out, {}, &Completion::label);
  out.erase(same.begin(), same.end());
  return out;
}

std::pair<const Document*, const ItemRegion*> LanguageService::find_item(
    const std::string& path, std::string_view name) const {
  for (const Document* document : visible_from(path)) {
    for (const ItemRegion& item : document->items()) {
      if (item.kind != "rule" && !item.kind.empty() && item.name == name) {
        return {document, &item};
      }
    }
  }
  return {nullptr, nullptr};
}

std::string LanguageService::hover(const std::string& path, LspPosition at) const {
  const Document* document = find(path);
  if (document == nullptr) {
    return {};
  }
  std::size_t begin = 0;
  const std::string word(document->word_at(document->offset_of(at), begin));
  if (word.empty()) {
    return {};
  }
  const auto [where, item] = find_item(path, word);
  if (item != nullptr) {
    return "**" + item->kind + " " + word + "**\n\n```\n" +
           value_of(*where, *item, item->kind == "list" ? "items" : "condition") + "\n```";
  }
  if (const FieldInfo* info = field_of(fields_, word); info != nullptr) {
    return field_text(*info);
  }
  return event_text(word);
}

std::optional<LspLocation> LanguageService::definition(const std::string& path,
                                                       LspPosition at) const {
  const Document* document = find(path);
  if (document == nullptr) {
    return std::nullopt;
  }
  std::size_t begin = 0;
  const std::string word(document->word_at(document->offset_of(at), begin));
  const auto [where, item] = find_item(path, word);
  if (item == nullptr) {
    return std::nullopt;
  }
  return LspLocation{where->path(),
                     where->range_of(item->name_begin, item->name_begin + item->name.size())};
}

std::map<std::string, std::vector<LspEdit>> LanguageService::rename(const std::string& path,
                                                                    LspPosition at,
                                                                    const std::string& name) const {
  const Document* document = find(path);
  if (document == nullptr) {
    return {};
  }
  std::size_t begin = 0;
  const std::string word(document->word_at(document->offset_of(at), begin));
  const auto [where, item] = find_item(path, word);
  const bool is_usable =
      item != nullptr && (item->kind == "macro" ? is_macro_name(name) : is_list_name(name));
  if (!is_usable || find_item(path, name).second != nullptr) {
    return {};
  }
  std::map<std::string, std::vector<LspEdit>> edits;
  std::vector<const Document*> documents;
  for (const auto& [file, known] : context_) {
    documents.push_back(find(file));
  }
  for (const auto& [file, opened] : open_) {
    if (context_.find(file) == context_.end()) {
      documents.push_back(opened.get());
    }
  }
  for (const Document* one : documents) {
    std::vector<std::size_t> places = one->uses_of(word);
    if (item->kind == "macro") {
      std::erase_if(places, [&](std::size_t place) {
        return is_constant_behind(std::string_view(one->text()).substr(0, place));
      });
    }
    for (const ItemRegion& other : one->items()) {
      if (other.kind == item->kind && other.name == word) {
        places.push_back(other.name_begin);
      }
    }
    std::ranges::sort(places);
    for (const std::size_t place : places) {
      edits[one->path()].push_back({one->range_of(place, place + word.size()), name});
    }
  }
  return edits;
}

std::vector<LspEdit> LanguageService::format(const std::string& path) const {
  const Document* document = find(path);
  if (document == nullptr) {
    return {};
  }
  const Formatted formatted = format_rules(document->text());
  if (formatted.text == document->text()) {
    return {};
  }
  return {{document->range_of(0, document->text().size()), formatted.text}};
}

}  // namespace saker::kit
