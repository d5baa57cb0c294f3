// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/constants.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <charconv>

namespace saker {

namespace {

// From here on a hash set answers faster than a walk.
constexpr std::size_t kHashedTexts = 8;

tl::unexpected<Error> bad(std::string message) {
  return fail(ErrorCode::kInvalidArgument, std::move(message));
}

// A decimal integer with optional sign; nothing else. Values beyond the type's range become its
// nearest end.
bool parse_integer(std::string_view text, bool is_signed, std::uint64_t& bits) {
  const bool is_negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    text.remove_prefix(1);
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return false;
  }
  std::uint64_t magnitude = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), magnitude);
  const bool is_too_large = parsed.ec == std::errc::result_out_of_range;
  if (is_signed) {
    const std::uint64_t limit = std::uint64_t{0x7fffffffffffffff} + (is_negative ? 1 : 0);
    magnitude = is_too_large ? limit : std::min(magnitude, limit);
  } else if (is_too_large) {
    bits = ~std::uint64_t{0};
    return true;
  }
  bits = is_negative ? ~magnitude + 1 : magnitude;
  return true;
}

// Keeps the bits of the type's own width; sign-extended for signed types.
std::uint64_t narrow(std::uint64_t bits, ParamType type) {
  const std::size_t size = fixed_size(type);
  if (size == 0 || size >= 8) {
    return bits;
  }
  const unsigned shift = static_cast<unsigned>(64 - size * 8);
  if (value_class(type) == ValueClass::kSigned) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(bits << shift) >> shift);
  }
  return bits << shift >> shift;
}

Result<std::uint64_t> parse_number(std::string_view text, ParamType type) {
  std::uint64_t bits = 0;
  if (!parse_integer(text, value_class(type) == ValueClass::kSigned, bits)) {
    return bad(std::string(text) + " is not a valid number");
  }
  return narrow(bits, type);
}

Result<std::uint64_t> parse_port(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    std::uint64_t bits = 0;
    if (!parse_integer(text, false, bits)) {
      return bad(std::string(text) + " is not a valid number");
    }
    return bits & 0xffff;
  }
  std::array<char, 4096> buffer{};
  servent entry{};
  servent* found = nullptr;
  if (getservbyname_r(std::string(text).c_str(), nullptr, &entry, buffer.data(), buffer.size(),
                      &found) != 0 ||
      found == nullptr) {
    return bad("unrecognized protocol " + std::string(text));
  }
  return ntohs(static_cast<std::uint16_t>(entry.s_port));
}

Result<std::uint64_t> parse_bool(std::string_view text) {
  if (text != "true" && text != "false") {
    return bad("filter error: unrecognized boolean value " + std::string(text));
  }
  return text == "true" ? 1 : 0;
}

Result<IpConstant> parse_address(std::string_view text) {
  IpConstant address;
  address.is_ipv6 = text.find('.') == std::string_view::npos;
  if (inet_pton(address.is_ipv6 ? AF_INET6 : AF_INET, std::string(text).c_str(),
                address.bytes.data()) != 1) {
    return bad(std::string("unrecognized ") + (address.is_ipv6 ? "IPv6" : "IPv4") + " address " +
               std::string(text));
  }
  return address;
}

Result<NetConstant> parse_net(std::string_view text) {
  NetConstant net;
  net.address.is_ipv6 = text.find('.') == std::string_view::npos;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return bad(net.address.is_ipv6 ? "invalid v6 netmask: " + std::string(text)
                                   : "unrecognized IP network " + std::string(text));
  }
  const std::string host(text.substr(0, slash));
  if (inet_pton(net.address.is_ipv6 ? AF_INET6 : AF_INET, host.c_str(), net.address.bytes.data()) !=
      1) {
    return bad("unrecognized IP network " + std::string(text));
  }
  const std::string_view length = text.substr(slash + 1);
  std::uint64_t bits = 0;
  if (!parse_integer(length, false, bits) || bits > (net.address.is_ipv6 ? 128U : 32U)) {
    return bad("invalid netmask " + std::string(length));
  }
  net.prefix_length = static_cast<std::uint8_t>(bits);
  return net;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Result<std::string> parse_hex(std::string_view text) {
  const auto fault = [] {
    return bad("filter error: bcontains and bstartswith operator support hex strings only");
  };
  if (text.size() % 2 != 0) {
    return fault();
  }
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) {
      return fault();
    }
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

Status add_text(Constants& constants, CompareOp op, std::string_view text, bool allow_pcre2) {
  if (text.size() > kMaxConstantBytes) {
    return bad("filter parameter too long (used=" + std::to_string(text.size() + 1) +
               ", available=256):" + std::string(text));
  }
  if (op == CompareOp::kRegex) {
    auto regex = Regex::compile(text, allow_pcre2);
    if (!regex) {
      return bad("invalid regex pattern: " + regex.error().message);
    }
    constants.regexes.push_back(std::move(*regex));
  }
  if (op == CompareOp::kPmatch) {
    constants.paths.add(text);
  }
  constants.texts.emplace_back(text);
  return {};
}

Status add_constant(Constants& constants, ParamType type, CompareOp op, std::string_view text,
                    bool allow_pcre2) {
  const ValueClass value = value_class(type);
  if (value != ValueClass::kBytes && text.find('\0') != std::string_view::npos) {
    return bad("filter error: filter value cannot contain a NUL byte (\\x00)");
  }
  switch (value) {
    case ValueClass::kSigned:
    case ValueClass::kUnsigned:
    case ValueClass::kDouble: {
      SAKER_ASSIGN_OR_RETURN(const std::uint64_t bits, parse_number(text, type));
      constants.numbers.push_back(bits);
      return {};
    }
    case ValueClass::kPort: {
      SAKER_ASSIGN_OR_RETURN(const std::uint64_t bits, parse_port(text));
      constants.numbers.push_back(bits);
      return {};
    }
    case ValueClass::kBool: {
      SAKER_ASSIGN_OR_RETURN(const std::uint64_t bits, parse_bool(text));
      constants.numbers.push_back(bits);
      return {};
    }
    case ValueClass::kText:
      return add_text(constants, op, text, allow_pcre2);
    case ValueClass::kBytes: {
      if (op == CompareOp::kBcontains || op == CompareOp::kBstartswith) {
        SAKER_ASSIGN_OR_RETURN(std::string bytes, parse_hex(text));
        constants.texts.push_back(std::move(bytes));
        return {};
      }
      return add_text(constants, op, text, false);
    }
    case ValueClass::kIp: {
      SAKER_ASSIGN_OR_RETURN(const IpConstant address, parse_address(text));
      constants.addresses.push_back(address);
      return {};
    }
    case ValueClass::kNet: {
      SAKER_ASSIGN_OR_RETURN(const NetConstant net, parse_net(text));
      constants.nets.push_back(net);
      return {};
    }
    case ValueClass::kOther:
      break;
  }
  return {};
}

}  // namespace

std::size_t Constants::count(ValueClass value) const {
  switch (value) {
    case ValueClass::kText:
    case ValueClass::kBytes:
      return texts.size();
    case ValueClass::kIp:
      return addresses.size();
    case ValueClass::kNet:
      return nets.size();
    default:
      return numbers.size();
  }
}

bool Constants::has_text(std::string_view text) const {
  if (!text_set.empty()) {
    return text_set.contains(text);
  }
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

Result<Constants> make_constants(ParamType type, CompareOp op,
                                 std::span<const std::string_view> texts, bool allow_pcre2) {
  Constants constants;
  constants.texts.reserve(texts.size());  // the set borrows, so they must not move
  for (const std::string_view text : texts) {
    SAKER_RETURN_IF_ERROR(add_constant(constants, type, op, text, allow_pcre2));
  }
  if (constants.texts.size() >= kHashedTexts) {
    constants.text_set.insert(constants.texts.begin(), constants.texts.end());
  }
  return constants;
}

}  // namespace saker
