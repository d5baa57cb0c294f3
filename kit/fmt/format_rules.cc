// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/fmt/format_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "kit/base/text.h"
#include "kit/fmt/wrap.h"
#include "rules/loader/yaml_source.h"

namespace saker::kit {

namespace {

constexpr std::array<std::string_view, 21> kKeyOrder = {"required_engine_version",
                                                        "required_plugin_versions",
                                                        "rule",
                                                        "macro",
                                                        "list",
                                                        "desc",
                                                        "condition",
                                                        "items",
                                                        "output",
                                                        "priority",
                                                        "source",
                                                        "enabled",
                                                        "tags",
                                                        "exceptions",
                                                        "warn_evttypes",
                                                        "skip-if-unknown-filter",
                                                        "capture",
                                                        "capture_duration",
                                                        "append",
                                                        "override",
                                                        ""};

using Lines = std::vector<std::string>;

std::string right_trimmed(std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \t\r");
  return end == std::string_view::npos ? "" : std::string(line.substr(0, end + 1));
}

std::size_t indent_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == std::string_view::npos ? 0 : at;
}

bool is_empty(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

bool is_comment(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at != std::string_view::npos && line[at] == '#';
}

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    lines.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// A key of an item with everything that belongs to it, moved so that the key stands at column 2.
struct Block {
  std::string key;
  Lines comments;  // above the key
  Lines lines;     // the first is the key's
};

struct Item {
  std::vector<Block> blocks;
  Lines tail;  // comments behind the last key
};

// "key:" at the beginning of `text`; empty when there is none.
std::string key_of(std::string_view text) {
  const std::size_t end = text.find(':');
  if (end == std::string_view::npos || end == 0 ||
      (end + 1 < text.size() && text[end + 1] != ' ')) {
    return {};
  }
  const std::string_view key = text.substr(0, end);
  const bool is_word = std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return is_word ? std::string(key) : std::string();
}

std::string moved(std::string_view line, std::size_t from, std::size_t to) {
  if (is_empty(line)) {
    return {};
  }
  const std::size_t indent = indent_of(line);
  const std::size_t fresh = indent >= from ? indent - from + to : to;
  return std::string(fresh, ' ') + std::string(line.substr(indent));
}

// Splits the lines of an item ("- key: ..." and what follows). False when it is not plain enough.
bool read_item(const Lines& lines, std::size_t indent, Item& item) {
  std::string first = lines.front();
  const std::size_t column = first.find_first_not_of(' ', indent + 1);
  if (column == std::string::npos || key_of(std::string_view(first).substr(column)).empty()) {
    return false;
  }
  first[indent] = ' ';
  Lines comments;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = moved(i == 0 ? first : lines[i], column, 2);
    const std::size_t at = i == 0 ? column : indent_of(lines[i]);
    const bool is_inside = !item.blocks.empty() &&
                           (at > column || (at == column && lines[i].compare(at, 2, "- ") == 0));
    if (is_empty(line) || (is_comment(line) && !is_inside)) {
      comments.push_back(line);
      continue;
    }
    if (is_inside) {
      Lines& body = item.blocks.back().lines;
      body.insert(body.end(), comments.begin(), comments.end());
      comments.clear();
      body.push_back(line);
      continue;
    }
    const std::string key = key_of(std::string_view(line).substr(2));
    if (at != column || key.empty()) {
      return false;
    }
    std::erase(comments, "");
    item.blocks.push_back({key, std::move(comments), {line}});
    comments.clear();
  }
  std::erase(comments, "");
  item.tail = std::move(comments);
  return true;
}

// The block's text behind "key:", from the first line on.
std::string value_text(const Block& block) {
  std::string text = block.lines.front().substr(2 + block.key.size() + 1);
  for (std::size_t i = 1; i < block.lines.size(); ++i) {
    text += "\n" + block.lines[i];
  }
  const std::size_t begin = text.find_first_not_of(" \n");
  return begin == std::string::npos ? "" : right_trimmed(std::string_view(text).substr(begin));
}

void format_condition(Block& block) {
  const auto yaml = YamlFile::parse(join(block.lines, "\n") + "\n");
  const std::string value = value_text(block);
  if (!yaml || yaml->documents().size() != 1 || value.find('&') == 0 || value.find('!') == 0) {
    return;
  }
  const YamlNode* node = yaml->documents().front()->find(block.key);
  const bool is_block = value.starts_with('>') || value.starts_with('|');
  if (node == nullptr || !node->is_scalar() ||
      (!is_block && value.find(" #") != std::string::npos) ||
      (is_block && value.substr(0, value.find('\n')).find('#') != std::string::npos)) {
    return;
  }
  const auto words = condition_words(node->text);
  if (!words || words->empty()) {
    return;
  }
  const std::string flat = join(*words, " ");
  const bool is_plain = !is_block && !value.starts_with('"') && !value.starts_with('\'');
  if (is_plain && block.lines.size() == 1 &&
      2 + block.key.size() + 2 + flat.size() <= kMaxColumns) {
    block.lines = {"  " + block.key + ": " + flat};
    return;
  }
  block.lines = {"  " + block.key + ": >"};
  for (const std::string& line : wrap_words(*words, 4)) {
    block.lines.push_back("    " + line);
  }
}

void format_flow(Block& block) {
  const auto items = flow_items(value_text(block));
  if (!items) {
    return;
  }
  Lines words;
  for (std::size_t i = 0; i < items->size(); ++i) {
    words.push_back((*items)[i] + (i + 1 < items->size() ? "," : ""));
  }
  std::string line = "  " + block.key + ": [";
  const std::string prefix = line;
  Lines out;
  for (const std::string& word : words) {
    const bool is_first = line == prefix || line == "    ";
    if (!is_first && line.size() + 1 + word.size() + 1 > kMaxColumns) {
      out.push_back(line);
      line = "    " + word;
    } else {
      line += (is_first ? "" : " ") + word;
    }
  }
  out.push_back(line + "]");
  block.lines = std::move(out);
}

void format_block(Block& block) {
  const std::string value = value_text(block);
  if (block.key == "condition") {
    format_condition(block);
  } else if (value.starts_with('[')) {
    format_flow(block);
  } else if (block.lines.size() == 1 && !value.empty()) {
    block.lines = {"  " + block.key + ": " + value};
  }
}

std::size_t rank_of(const Block& block) {
  const auto* const found = std::ranges::find(kKeyOrder, std::string_view(block.key));
  return static_cast<std::size_t>(found - kKeyOrder.begin());
}

std::string render(Item& item, bool keeps_order) {
  if (!keeps_order) {
    std::ranges::stable_sort(item.blocks, {}, rank_of);
  }
  // Comments above the first key stand above the item.
  Lines lines;
  bool is_first = true;
  for (Block& block : item.blocks) {
    format_block(block);
    for (const std::string& comment : block.comments) {
      lines.push_back(right_trimmed(is_first ? comment.substr(2) : comment));
    }
    // Blanks at line ends of a block scalar are part of it.
    const std::string value = value_text(block);
    const bool keeps_blanks =
        block.key != "desc" && (value.starts_with('>') || value.starts_with('|'));
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
      std::string line = i > 0 && keeps_blanks ? block.lines[i] : right_trimmed(block.lines[i]);
      if (is_first) {
        line[0] = '-';
        is_first = false;
      }
      lines.push_back(std::move(line));
    }
  }
  for (const std::string& line : item.tail) {
    lines.push_back(right_trimmed(line));
  }
  while (!lines.empty() && lines.back().empty()) {
    lines.pop_back();
  }
  return join(lines, "\n") + "\n";
}

bool has_same_value(const YamlNode& a, const YamlNode& b, bool is_prose) {
  if (a.kind != b.kind || a.items.size() != b.items.size()) {
    return false;
  }
  if (a.is_scalar()) {
    return is_prose ? squeeze(a.text) == squeeze(b.text) : a.text == b.text;
  }
  if (a.is_map()) {
    for (std::size_t i = 0; i + 1 < a.items.size(); i += 2) {
      const std::string& key = a.items[i]->text;
      const YamlNode* other = b.find(key);
      if (other == nullptr ||
          !has_same_value(*a.items[i + 1], *other, key == "condition" || key == "desc")) {
        return false;
      }
    }
    return true;
  }
  return std::ranges::equal(a.items, b.items, [](const YamlNode* x, const YamlNode* y) {
    return has_same_value(*x, *y, false);
  });
}

class Formatter {
public:
  explicit Formatter(std::string_view text) : lines_(split_lines(text)) {
    keeps_order_ = text.find(" &") != std::string_view::npos ||
                   text.find(" *") != std::string_view::npos ||
                   text.find("<<") != std::string_view::npos;
  }

  std::string run() {
    std::size_t at = 0;
    while (at < lines_.size()) {
      const std::string& line = lines_[at];
      const std::size_t indent = indent_of(line);
      if (is_empty(line) || is_comment(line)) {
        add_gap(line);
        ++at;
      } else if (line.compare(indent, 2, "- ") == 0) {
        at = add_item(at, indent);
      } else {
        add_gap(line);  // document markers
        ++at;
      }
    }
    while (out_.ends_with("\n\n")) {
      out_.pop_back();
    }
    return out_;
  }

private:
  void add_gap(const std::string& line) {
    if (!is_empty(line)) {
      separate(is_after_item_);
      out_ += right_trimmed(line.substr(is_comment(line) ? indent_of(line) : 0)) + "\n";
      is_after_item_ = false;
      is_after_blank_ = false;
    } else {
      is_after_blank_ = true;
    }
  }

  // A blank line before what follows, if there was one or one is due.
  void separate(bool is_due) {
    if ((is_due || is_after_blank_) && !out_.empty()) {
      out_ += "\n";
    }
    is_after_blank_ = false;
  }

  std::size_t add_item(std::size_t at, std::size_t indent) {
    std::size_t end = at + 1;
    std::size_t last = end;  // behind the last line that surely belongs to the item
    while (end < lines_.size()) {
      const std::string& line = lines_[end];
      if (!is_empty(line) && indent_of(line) <= indent) {
        if (!is_comment(line)) {
          break;
        }
      } else if (!is_empty(line)) {
        last = end + 1;
      }
      ++end;
    }
    const Lines lines(lines_.begin() + static_cast<std::ptrdiff_t>(at),
                      lines_.begin() + static_cast<std::ptrdiff_t>(last));
    Item item;
    separate(is_after_item_);
    if (read_item(lines, indent, item)) {
      out_ += render(item, keeps_order_);
    } else {
      for (const std::string& line : lines) {
        out_ += line + "\n";
      }
    }
    is_after_item_ = true;
    return last;
  }

  Lines lines_;
  std::string out_;
  bool keeps_order_ = false;  // aliases must stay behind their anchors
  bool is_after_item_ = false;
  bool is_after_blank_ = false;
};

}  // namespace

bool has_same_items(std::string_view a, std::string_view b) {
  const auto old_file = YamlFile::parse(a);
  const auto new_file = YamlFile::parse(b);
  return old_file && new_file &&
         std::ranges::equal(
             old_file->documents(), new_file->documents(),
             [](const YamlNode* x, const YamlNode* y) { return has_same_value(*x, *y, false); });
}

Formatted format_rules(std::string_view text) {
  const auto yaml = YamlFile::parse(text);
  if (!yaml) {
    return {std::string(text), "it is not YAML: " + yaml.error().message};
  }
  std::string formatted = Formatter(text).run();
  if (!has_same_items(text, formatted)) {
    return {std::string(text), "its layout is too unusual to be changed safely"};
  }
  return {std::move(formatted), ""};
}

}  // namespace saker::kit
