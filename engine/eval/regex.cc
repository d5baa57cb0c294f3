// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#define PCRE2_CODE_UNIT_WIDTH 8
#include "engine/eval/regex.h"

#include <pcre2.h>

#include <re2/re2.h>

#include "engine/eval/utf8.h"

namespace saker {

namespace {

// RE2's memory for one pattern and its automata; the library's default is 8 MiB.
constexpr std::int64_t kRe2MaxBytes = 8 << 20;
// Bounds of one PCRE2 match: steps, nesting (not counted by the JIT code, whose stack of 32 KiB
// ends it) and heap. What exceeds them does not match. Source: man 3 pcre2api (its default is ten
// million steps), man 3 pcre2jit.
constexpr std::uint32_t kPcre2MatchLimit = 100000;
constexpr std::uint32_t kPcre2DepthLimit = 1000;
constexpr std::uint32_t kPcre2HeapLimitKb = 1024;
constexpr std::uint32_t kPcre2Options =
    PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C;

struct Pcre2Deleter {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

struct Regex::Impl {
  std::unique_ptr<re2::RE2> re2;
  std::unique_ptr<pcre2_code, Pcre2Deleter> pcre2;
  std::unique_ptr<pcre2_match_context, Pcre2Deleter> context;
};

Regex::Regex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(std::string_view pattern, bool allow_pcre2) {
  re2::RE2::Options options(re2::RE2::POSIX);
  options.set_log_errors(false);
  options.set_max_mem(kRe2MaxBytes);
  auto impl = std::make_unique<Impl>();
  impl->re2 = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (impl->re2->ok()) {
    return Regex(std::move(impl));
  }
  if (allow_pcre2) {
    int code = 0;
    PCRE2_SIZE offset = 0;
    impl->pcre2.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                    kPcre2Options, &code, &offset, nullptr));
    if (impl->pcre2) {
      pcre2_jit_compile(impl->pcre2.get(), PCRE2_JIT_COMPLETE);  // slower without, but the same
      impl->context.reset(pcre2_match_context_create(nullptr));
      pcre2_set_match_limit(impl->context.get(), kPcre2MatchLimit);
      pcre2_set_depth_limit(impl->context.get(), kPcre2DepthLimit);
      pcre2_set_heap_limit(impl->context.get(), kPcre2HeapLimitKb);
      impl->re2.reset();
      return Regex(std::move(impl));
    }
  }
  return fail(ErrorCode::kInvalidArgument, impl->re2->error());
}

bool Regex::is_pcre2() const {
  return impl_->pcre2 != nullptr;
}

bool Regex::matches(std::string_view text, Arena& arena) const {
  text = repair_utf8(text, arena);
  if (impl_->re2) {
    return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *impl_->re2);
  }
  const std::unique_ptr<pcre2_match_data, Pcre2Deleter> data(
      pcre2_match_data_create_from_pattern(impl_->pcre2.get(), nullptr));
  return pcre2_match(impl_->pcre2.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                     0, data.get(), impl_->context.get()) >= 0;
}

}  // namespace saker
