// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/yaml_source.h"

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace saker {

namespace {

YamlMark to_mark(const YAML::Mark& mark) {
  const auto at_least_zero = [](int value) {
    return static_cast<std::uint32_t>(std::max(value, 0));
  };
  return YamlMark{at_least_zero(mark.line), at_least_zero(mark.column), at_least_zero(mark.pos)};
}

// yaml-cpp calls back into the builder below; what it finds wrong it reports as yaml-cpp does.
class LimitReached : public YAML::ParserException {
public:
  using YAML::ParserException::ParserException;
};

}  // namespace

class YamlTreeBuilder : public YAML::EventHandler {
public:
  explicit YamlTreeBuilder(YamlFile& file) : file_(file) {}

  // Before some texts (",- x") yaml-cpp 0.7 says for ever that a document begins, and reads
  // nothing.
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (mark.pos <= last_start_) {
      throw YAML::ParserException(mark, "no value can begin here");
    }
    last_start_ = mark.pos;
    anchors_.clear();
    root_ = nullptr;
  }
  void OnDocumentEnd() override {
    if (root_ != nullptr) {
      file_.documents_.push_back(root_);
      total_ += root_->size;
    }
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    attach(mark, add(mark, YamlKind::kNull, anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    const auto is_same = [&](const Open& open) { return open.node == found->second; };
    if (found == anchors_.end() || std::any_of(open_.begin(), open_.end(), is_same)) {
      throw YAML::ParserException(mark, "the alias stands inside the node that it names");
    }
    attach(mark, found->second);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode* node = add(mark, YamlKind::kScalar, anchor);
    node->text = value;
    node->is_plain = tag == "?";
    attach(mark, node);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(Open{add(mark, YamlKind::kSequence, anchor), mark});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(Open{add(mark, YamlKind::kMap, anchor), mark});
  }
  void OnMapEnd() override { close(); }

private:
  struct Open {
    YamlNode* node = nullptr;
    YAML::Mark mark;
  };

  YamlNode* add(const YAML::Mark& mark, YamlKind kind, YAML::anchor_t anchor) {
    YamlNode& node = file_.nodes_.emplace_back();
    node.kind = kind;
    node.mark = to_mark(mark);
    if (anchor != YAML::NullAnchor) {
      anchors_[anchor] = &node;
    }
    return &node;
  }

  void attach(const YAML::Mark& mark, const YamlNode* node) {
    if (open_.empty()) {
      root_ = node;
      return;
    }
    YamlNode* parent = open_.back().node;
    parent->items.push_back(node);
    if (total_ + parent->size + node->size > YamlFile::kMaxNodes) {
      throw LimitReached(mark, "the file holds more than " + std::to_string(YamlFile::kMaxNodes) +
                                   " values, when every alias is written out");
    }
    parent->size += node->size;
  }

  void close() {
    const Open closed = open_.back();
    open_.pop_back();
    attach(closed.mark, closed.node);
  }

  YamlFile& file_;
  const YamlNode* root_ = nullptr;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, const YamlNode*> anchors_;
  std::size_t total_ = 0;
  int last_start_ = -1;  // of a document
};

const YamlNode* YamlNode::find(std::string_view key) const {
  if (kind != YamlKind::kMap) {
    return nullptr;
  }
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->is_scalar() && items[i]->text == key) {
      return items[i + 1];
    }
  }
  return nullptr;
}

tl::expected<YamlFile, YamlError> YamlFile::parse(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return tl::unexpected(
        YamlError{"the file is larger than " + std::to_string(kMaxBytes >> 20) + " MiB", {}, true});
  }
  YamlFile file;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    YamlTreeBuilder builder(file);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const LimitReached& error) {
    return tl::unexpected(YamlError{error.what(), to_mark(error.mark), true});
  } catch (const YAML::DeepRecursion& error) {
    return tl::unexpected(
        YamlError{"the values are nested more than 500 levels deep", to_mark(error.mark), true});
  } catch (const YAML::Exception& error) {
    return tl::unexpected(YamlError{error.what(), to_mark(error.mark), false});
  }
  return file;
}

}  // namespace saker
