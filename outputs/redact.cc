// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/redact.h"

#include <initializer_list>

#include <re2/re2.h>

namespace saker {

namespace {

constexpr std::int64_t kRegexMemoryBytes = 8 << 20;

// Parts of patterns.
constexpr std::string_view kBegin = "(?is)";
// No piece of a URL's query, and no path.
constexpr std::string_view kBefore = R"((?:^|[^?&/\w.-]))";
constexpr std::string_view kName =
    R"([\w.-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|credentials?|_pwd|\bpass|_pass))";
// In quotes, up to the end where they are not closed, with what a shell would join to it. A
// backslash before the first quote: a text within a text.
constexpr std::string_view kQuoted =
    R"((?:\\["'][^"']*(?:["']|\z)|"(?:[^"\\]|\\.)*(?:"|\\?\z)|'[^']*(?:'|\z))[^\s"'&,;:)\]}\\]*)";

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += part;
  }
  return text;
}

}  // namespace

struct Redactor::Impl {
  std::vector<std::unique_ptr<re2::RE2>> patterns;
  std::string replacement;

  // Replaces the first group of each match, or all of it where there is no group.
  [[nodiscard]] std::string replace(const re2::RE2& pattern, std::string_view text) const {
    const re2::StringPiece whole(text.data(), text.size());
    re2::StringPiece found[2];
    const int group_count = pattern.NumberOfCapturingGroups() > 0 ? 2 : 1;
    std::string out;
    std::size_t copied = 0;
    std::size_t at = 0;
    while (at <= text.size() &&
           pattern.Match(whole, at, text.size(), re2::RE2::UNANCHORED, found, group_count)) {
      const re2::StringPiece& secret =
          group_count == 2 && found[1].data() != nullptr ? found[1] : found[0];
      const auto begin = static_cast<std::size_t>(secret.data() - text.data());
      if (secret.empty() || begin < copied) {
        // Nothing to hide; go on behind it.
        at = static_cast<std::size_t>(found[0].data() - text.data()) +
             std::max<std::size_t>(found[0].size(), 1);
        continue;
      }
      out += text.substr(copied, begin - copied);
      out += replacement;
      copied = begin + secret.size();
      at = copied;
    }
    out += text.substr(copied);
    return out;
  }
};

Redactor::Redactor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;
Redactor::~Redactor() = default;

const std::vector<std::string>& default_redaction_patterns() {
  // No text matches two of the first five, or the second would see what the first one wrote.
  static const std::vector<std::string> kPatterns = {
      // ?token=x&… in URLs: what follows is evidence
      joined({kBegin, "[?&]", kName, R"(=([^\s&]+))"}),
      // {"password": "x"}, {'password':x}, {\"password\":\"x\"}
      joined({kBegin, kBefore, kName, R"(\\?["']\s*[=:]\s*()", kQuoted, R"(|[^\s"',}\]\\]+))"}),
      // PASSWORD=x, --password=x, token: x
      joined({kBegin, kBefore, kName, R"(\s*[=:]\s*()", kQuoted, R"(|[^\s"'\\]\S*))"}),
      // …/password=x; /etc/passwd:/mnt is no secret
      joined({kBegin, "/", kName, "=(", kQuoted, R"(|[^\s"'\\]\S*))"}),
      // --password x; without the dash the word says nothing of the next one (cat /etc/passwd x)
      joined(
          {kBegin, R"((?:^|[\s"'])-)", kName, R"(["']?\s+()", kQuoted, R"(|-?[^\s"'\\=:-]\S*))"}),
      R"((?i)authorization["']?\s*[=:]\s*["']?(?:(?:basic|bearer|digest|token|negotiate|ntlm|apikey)\s+)?([^\s"']+))",
      R"((?i)\bbearer\s+([A-Za-z0-9._~+/=-]{8,}))",
      // user:password@host in URLs
      R"(://[^\s/:@]*:([^\s/@]+)@)",
      // Source: AWS, formats of access key ids; GitHub, formats of tokens.
      R"(\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)",
      R"(\bgh[pousr]_[A-Za-z0-9]{20,}\b)",
      R"((?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z))",
  };
  return kPatterns;
}

Result<Redactor> Redactor::create(const RedactionOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->replacement = options.replacement;
  const auto& patterns = options.patterns.empty() ? default_redaction_patterns() : options.patterns;
  for (const std::string& text : patterns) {
    re2::RE2::Options settings;
    settings.set_log_errors(false);
    settings.set_max_mem(kRegexMemoryBytes);
    // Names that processes choose are bytes, not always UTF-8.
    settings.set_encoding(re2::RE2::Options::EncodingLatin1);
    auto pattern = std::make_unique<re2::RE2>(text, settings);
    if (!pattern->ok()) {
      return fail(ErrorCode::kInvalidArgument,
                  "redaction pattern '" + text + "': " + pattern->error());
    }
    impl->patterns.push_back(std::move(pattern));
  }
  return Redactor(std::move(impl));
}

std::string Redactor::apply(std::string_view text) const {
  std::string result(text);
  for (const auto& pattern : impl_->patterns) {
    result = impl_->replace(*pattern, result);
  }
  return result;
}

OutputMessage Redactor::apply(const OutputMessage& message) const {
  if (const Alert* alert = message.alert(); alert != nullptr) {
    return OutputMessage(alert->with_texts([this](std::string_view text) { return apply(text); }));
  }
  Notice notice = *message.notice();
  notice.fixed_id = notice.id();
  notice.message = apply(notice.message);
  for (auto& [name, value] : notice.fields) {
    if (auto* text = std::get_if<std::string>(&value)) {
      *text = apply(*text);
    }
  }
  return OutputMessage(std::move(notice));
}

}  // namespace saker
