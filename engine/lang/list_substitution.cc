// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The definition rescans the text for every list. The same result comes from a linked list of
// pieces (words, blanks, commas, other delimiters): a name without delimiters can only match a
// whole word, and neither the blanks put around a replacement nor a removed comma ever join two
// words. So each word is looked up once, when it comes into the text, and waits for the turn of its
// list. Lists take turns in index order; the occurrences of one list are replaced from left to
// right as far as they touch each other, because there the blanks and the comma that they share go
// to the left one.
//
// A name with a delimiter in it (the loader warns of it) can match across words: for its turn the
// text is put together, searched, and cut into pieces again.
#include "engine/lang/list_substitution.h"

#include <algorithm>
#include <deque>
#include <queue>
#include <unordered_map>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/growth_limit.h"

namespace saker {

namespace {

constexpr std::uint32_t kNone = 0xffffffff;
// Text that lists with odd names may look through for one condition: many such lists and a long
// condition would take for ever.
constexpr std::size_t kMaxSearchedBytes = growth_limit(std::size_t{256} << 20);
constexpr std::string_view kBlanks = " \t\n\r";
constexpr std::string_view kDelimiters = " \t\n\r(),=";

bool is_list_blank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

bool is_delimiter(char c) {
  return kDelimiters.find(c) != std::string_view::npos;
}

enum class PieceKind : std::uint8_t { kWord, kBlank, kComma, kOther };

// A token of a text: a word, a run of blanks, or one delimiter.
struct Token {
  PieceKind kind = PieceKind::kOther;
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  std::uint32_t list = kNone;  // kWord: the list of this name
};

struct Piece {
  const SpannedText* from = nullptr;  // null: a blank put beside a replacement
  Token token;
  std::uint32_t use = kNone;
  std::uint32_t previous = kNone;
  std::uint32_t next = kNone;
};

// Calls `visit` with each token of `text`.
template <typename Visit>
void for_each_token(std::string_view text, const Visit& visit) {
  std::size_t at = 0;
  while (at < text.size()) {
    Token token{.begin = static_cast<std::uint32_t>(at)};
    std::size_t end = at + 1;
    if (!is_delimiter(text[at])) {
      token.kind = PieceKind::kWord;
      end = std::min(text.find_first_of(kDelimiters, at), text.size());
    } else if (is_list_blank(text[at])) {
      token.kind = PieceKind::kBlank;
      end = std::min(text.find_first_not_of(kBlanks, at), text.size());
    } else if (text[at] == ',') {
      token.kind = PieceKind::kComma;
    }
    token.length = static_cast<std::uint32_t>(end - at);
    at = end;
    visit(token);
  }
}

}  // namespace

struct PreparedLists {
  std::vector<ListDefinition> lists;
  std::vector<SpannedText> texts;          // the items, joined
  std::vector<std::vector<Token>> tokens;  // of the texts
  std::vector<std::uint32_t> odd_lists;    // those whose name has a delimiter, in index order
  std::unordered_map<std::string_view, std::uint32_t> words;  // the other names

  [[nodiscard]] std::uint32_t list_of(std::string_view word) const {
    const auto found = words.find(word);
    return found == words.end() ? kNone : found->second;
  }

  [[nodiscard]] std::vector<Token> tokenize(std::string_view text) const {
    std::vector<Token> out;
    for_each_token(text, [&](Token token) {
      if (token.kind == PieceKind::kWord) {
        token.list = list_of(text.substr(token.begin, token.length));
      }
      out.push_back(token);
    });
    return out;
  }

  [[nodiscard]] bool may_concern(std::string_view text) const {
    bool found = !odd_lists.empty();
    for_each_token(text, [&](const Token& token) {
      found = found || (token.kind == PieceKind::kWord &&
                        words.contains(text.substr(token.begin, token.length)));
    });
    return found;
  }
};

namespace {

// The work on one condition.
class Substitution {
public:
  Substitution(const PreparedLists& prepared, const SpannedText& condition) : prepared_(prepared) {
    insert_before(kNone, condition, prepared.tokenize(condition.text()), kNone);
  }

  ListSubstitution run() && {
    auto odd = prepared_.odd_lists.begin();
    while (!is_too_long() && (!turns_.empty() || odd != prepared_.odd_lists.end())) {
      if (turns_.empty() || (odd != prepared_.odd_lists.end() && *odd < turns_.top())) {
        turn_ = *odd++;
        replace_odd();
        continue;
      }
      turn_ = turns_.top();
      turns_.pop();
      const std::vector<std::uint32_t> waiting = std::move(waiting_[turn_]);
      waiting_.erase(turn_);
      for (const std::uint32_t piece : waiting) {
        if (added_bytes_ > kMaxSubstitutedBytes) {
          break;
        }
        replace_touching(piece);
      }
    }
    return finish();
  }

private:
  [[nodiscard]] bool is_too_long() const {
    return added_bytes_ > kMaxSubstitutedBytes || searched_bytes_ > kMaxSearchedBytes;
  }

  // Puts the tokens of `text` before the piece `next` (kNone: at the end). Words that name a list
  // whose turn is still to come will wait for it.
  void insert_before(std::uint32_t next, const SpannedText& text, const std::vector<Token>& tokens,
                     std::uint32_t use) {
    // A piece is larger than most of its texts, so an item counts at least its own size.
    added_bytes_ += text.size() + tokens.size() * sizeof(Piece) / 8;
    has_joined_ = false;
    for (const Token& token : tokens) {
      const std::uint32_t added =
          insert_piece(next, Piece{.from = &text, .token = token, .use = use});
      Token& kept = pieces_[added].token;
      if (kept.list != kNone && turn_ != kNone && kept.list <= turn_) {
        kept.list = kNone;
      }
      if (kept.list != kNone) {
        std::vector<std::uint32_t>& waiting = waiting_[kept.list];
        if (waiting.empty()) {
          turns_.push(kept.list);
        }
        waiting.push_back(added);
      }
    }
  }

  std::uint32_t insert_piece(std::uint32_t next, Piece piece) {
    const auto added = static_cast<std::uint32_t>(pieces_.size());
    piece.next = next;
    piece.previous = next == kNone ? last_ : pieces_[next].previous;
    (piece.previous == kNone ? first_ : pieces_[piece.previous].next) = added;
    (next == kNone ? last_ : pieces_[next].previous) = added;
    pieces_.push_back(piece);
    return added;
  }

  void remove(std::uint32_t at) {
    const Piece& piece = pieces_[at];
    (piece.previous == kNone ? first_ : pieces_[piece.previous].next) = piece.next;
    (piece.next == kNone ? last_ : pieces_[piece.next].previous) = piece.previous;
  }

  [[nodiscard]] bool is_kind(std::uint32_t at, PieceKind kind) const {
    return at != kNone && pieces_[at].token.kind == kind;
  }

  // Returns the occurrence of the same list to the left that has blanks or a comma in common with
  // the one at `at`, or kNone.
  [[nodiscard]] std::uint32_t touching_left(std::uint32_t at) const {
    const auto skip_blanks = [this](std::uint32_t i) {
      while (is_kind(i, PieceKind::kBlank)) {
        i = pieces_[i].previous;
      }
      return i;
    };
    std::uint32_t left = skip_blanks(pieces_[at].previous);
    if (is_kind(left, PieceKind::kComma)) {
      left = skip_blanks(pieces_[left].previous);
    }
    return left != kNone && pieces_[left].token.list == turn_ ? left : kNone;
  }

  void replace_touching(std::uint32_t at) {
    if (pieces_[at].token.list != turn_) {
      return;
    }
    std::vector<std::uint32_t> chain;
    for (; at != kNone; at = touching_left(at)) {
      chain.push_back(at);
    }
    for (; !chain.empty(); chain.pop_back()) {
      replace(chain.back());
    }
  }

  void replace(std::uint32_t at) {
    has_joined_ = false;
    Piece& piece = pieces_[at];
    piece.token.list = kNone;
    const std::uint32_t use = add_use(origin_of(piece), piece.use);
    while (is_kind(pieces_[at].previous, PieceKind::kBlank)) {
      remove(pieces_[at].previous);
    }
    while (is_kind(pieces_[at].next, PieceKind::kBlank)) {
      remove(pieces_[at].next);
    }
    if (prepared_.lists[turn_].items.empty()) {
      if (is_kind(pieces_[at].previous, PieceKind::kComma)) {
        remove(pieces_[at].previous);
      } else if (is_kind(pieces_[at].next, PieceKind::kComma)) {
        remove(pieces_[at].next);
      }
    }
    const std::uint32_t next = pieces_[at].next;
    remove(at);
    const Piece blank{.token = {.kind = PieceKind::kBlank, .length = 1}, .use = use};
    if ((next == kNone ? last_ : pieces_[next].previous) != kNone) {
      insert_piece(next, blank);
    }
    insert_before(next, prepared_.texts[turn_], prepared_.tokens[turn_], use);
    insert_piece(next, blank);
  }

  std::uint32_t add_use(SourceSpan name, std::uint32_t parent) {
    uses_.push_back(ListUse{.list = turn_, .name = name, .parent = parent});
    return static_cast<std::uint32_t>(uses_.size() - 1);
  }

  [[nodiscard]] SourceSpan origin_of(const Piece& piece) const {
    return piece.from->origin_of(piece.token.begin, piece.token.begin + piece.token.length);
  }

  // The turn of a list whose name has a delimiter. What was put in before loses its place in
  // `uses`.
  void replace_odd() {
    if (!has_joined_) {
      joined_ = put_together();
      has_joined_ = true;
    }
    searched_bytes_ += joined_.size();
    SpannedText out;
    if (!replace_all_odd(joined_, out)) {
      return;
    }
    texts_.push_back(std::move(out));
    pieces_.clear();
    first_ = kNone;
    last_ = kNone;
    waiting_.clear();
    turns_ = {};
    insert_before(kNone, texts_.back(), prepared_.tokenize(texts_.back().text()), kNone);
  }

  // Copies `in` to `out` with each name that stands between delimiters replaced, from left to
  // right; false: there is none.
  bool replace_all_odd(const SpannedText& in, SpannedText& out) {
    const std::string& name = prepared_.lists[turn_].name;
    const std::string& text = in.text();
    std::size_t done = 0;  // how far `in` is in `out`
    std::size_t found = text.find(name);
    while (found != std::string::npos && added_bytes_ <= kMaxSubstitutedBytes) {
      const std::size_t end = found + name.size();
      const bool begins = found > done ? is_delimiter(text[found - 1])
                                       : out.empty() || is_delimiter(out.text().back());
      if (!begins || (end < text.size() && !is_delimiter(text[end]))) {
        found = text.find(name, found + 1);
        continue;
      }
      out.append(in, done, found - done);
      done = end;
      replace_odd_at_end(out, text, done, in.origin_of(found, end));
      found = text.find(name, done);
    }
    if (done == 0) {
      return false;
    }
    out.append(in, done, text.size() - done);
    return true;
  }

  // Puts the list behind `out`; `done` is where `text` goes on behind the name.
  void replace_odd_at_end(SpannedText& out, const std::string& text, std::size_t& done,
                          SourceSpan name) {
    add_use(name, kNone);
    std::size_t size = out.size();
    while (size > 0 && is_list_blank(out.text()[size - 1])) {
      --size;
    }
    while (done < text.size() && is_list_blank(text[done])) {
      ++done;
    }
    if (prepared_.lists[turn_].items.empty()) {
      if (size > 0 && out.text()[size - 1] == ',') {
        --size;
      } else if (done < text.size() && text[done] == ',') {
        ++done;
      }
    }
    out.truncate(size);
    if (size > 0) {
      out.append(" ", name);
    }
    out.append(prepared_.texts[turn_]);
    out.append(" ", name);
    added_bytes_ += prepared_.texts[turn_].size() + 2;
  }

  // Joins the pieces and notes which bytes came from which use.
  SpannedText put_together() {
    SpannedText out;
    for (std::uint32_t at = first_; at != kNone; at = pieces_[at].next) {
      const Piece& piece = pieces_[at];
      const auto begin = static_cast<std::uint32_t>(out.size());
      if (piece.from == nullptr) {
        out.append(" ", uses_[piece.use].name);
      } else {
        out.append(*piece.from, piece.token.begin, piece.token.length);
      }
      if (piece.use != kNone) {
        widen(uses_[piece.use], begin, static_cast<std::uint32_t>(out.size()));
      }
    }
    return out;
  }

  static void widen(ListUse& use, std::uint32_t begin, std::uint32_t end) {
    use.begin = use.end == 0 ? begin : std::min(use.begin, begin);
    use.end = std::max(use.end, end);
  }

  ListSubstitution finish() {
    for (ListUse& use : uses_) {
      use.begin = 0;
      use.end = 0;
    }
    ListSubstitution out{.text = put_together()};
    for (std::size_t i = uses_.size(); i-- > 0;) {
      const ListUse& use = uses_[i];
      if (use.parent != kNone && use.end != 0) {
        widen(uses_[use.parent], use.begin, use.end);
      }
    }
    out.uses = std::move(uses_);
    out.is_too_long = is_too_long();
    return out;
  }

  const PreparedLists& prepared_;
  std::deque<SpannedText> texts_;  // put together for lists with odd names
  std::vector<Piece> pieces_;
  std::uint32_t first_ = kNone;
  std::uint32_t last_ = kNone;
  std::uint32_t turn_ = kNone;  // the list being replaced; kNone before the first
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> waiting_;  // list -> words
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> turns_;
  std::vector<ListUse> uses_;
  std::size_t added_bytes_ = 0;
  std::size_t searched_bytes_ = 0;
  // What put_together() gives, as long as nothing changes.
  SpannedText joined_;
  bool has_joined_ = false;
};

}  // namespace

ListSubstituter::ListSubstituter(std::vector<ListDefinition> lists) {
  auto prepared = std::make_unique<PreparedLists>();
  prepared->lists = std::move(lists);
  for (std::uint32_t i = 0; i < prepared->lists.size(); ++i) {
    const std::string& name = prepared->lists[i].name;
    SAKER_CHECK(!name.empty());
    if (name.find_first_of(kDelimiters) == std::string::npos) {
      prepared->words.emplace(name, i);
    } else {
      prepared->odd_lists.push_back(i);
    }
  }
  for (const ListDefinition& list : prepared->lists) {
    append_items(prepared->texts.emplace_back(), list.items);
    prepared->tokens.push_back(prepared->tokenize(prepared->texts.back().text()));
  }
  prepared_ = std::move(prepared);
}

ListSubstituter::ListSubstituter(ListSubstituter&&) noexcept = default;
ListSubstituter& ListSubstituter::operator=(ListSubstituter&&) noexcept = default;
ListSubstituter::~ListSubstituter() = default;

const std::vector<ListDefinition>& ListSubstituter::lists() const {
  return prepared_->lists;
}

ListSubstitution ListSubstituter::substitute(const SpannedText& condition) const {
  if (!prepared_->may_concern(condition.text())) {
    return ListSubstitution{.text = condition};
  }
  return Substitution(*prepared_, condition).run();
}

std::uint32_t ListSubstitution::use_at(std::size_t at) const {
  // Children stand behind their parents, so the last one that covers the byte is the innermost.
  for (std::size_t i = uses.size(); i-- > 0;) {
    if (uses[i].begin <= at && at < uses[i].end) {
      return static_cast<std::uint32_t>(i);
    }
  }
  return ListUse::kNone;
}

void append_item(SpannedText& out, const SourceText& item) {
  const bool has_quote = !item.text.empty() && (item.text[0] == '"' || item.text[0] == '\'');
  if (item.text.find(' ') == std::string::npos || has_quote) {
    out.append(item);
    return;
  }
  out.append("\"", item.span);
  out.append(item);
  out.append("\"", item.span);
}

void append_items(SpannedText& out, const std::vector<SourceText>& items) {
  for (const SourceText& item : items) {
    if (&item != &items.front()) {
      out.append(", ", item.span);
    }
    append_item(out, item);
  }
}

}  // namespace saker
