// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/lsp/lsp_server.h"

#include <nlohmann/json.hpp>

#include "engine/base/json_depth.h"

namespace saker::kit {

namespace {

using nlohmann::json;

constexpr int kParseError = -32700;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;

json data_of(LspPosition position) {
  return {{"line", position.line}, {"character", position.character}};
}

json data_of(const LspRange& range) {
  return {{"start", data_of(range.begin)}, {"end", data_of(range.end)}};
}

json data_of(const LspEdit& edit) {
  return {{"range", data_of(edit.range)}, {"newText", edit.text}};
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string path_of(const std::string& uri) {
  constexpr std::string_view kScheme = "file://";
  const std::string text = uri.starts_with(kScheme) ? uri.substr(kScheme.size()) : uri;
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                           hex_value(text[i + 2]) >= 0;
    if (is_escape) {
      path += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      path += text[i];
    }
  }
  return path;
}

std::string uri_of(const std::string& path) {
  std::string uri = "file://";
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("/._-~").find(c) != std::string_view::npos;
    if (is_plain) {
      uri += c;
    } else {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += kDigits[byte >> 4U];
      uri += kDigits[byte & 15U];
    }
  }
  return uri;
}

// Text of a member; empty when it is absent or no text.
std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& member(const json& object, const char* key) {
  static const json kNothing = json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kNothing;
}

std::uint32_t number_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint32_t>() : 0;
}

LspPosition position_in(const json& params) {
  const json& position = member(params, "position");
  return {number_in(position, "line"), number_in(position, "character")};
}

std::string path_in(const json& params) {
  return path_of(text_in(member(params, "textDocument"), "uri"));
}

json capabilities() {
  return {{"capabilities",
           {{"textDocumentSync", {{"openClose", true}, {"change", 1}}},
            {"completionProvider", {{"triggerCharacters", {".", "(", " "}}}},
            {"hoverProvider", true},
            {"definitionProvider", true},
            {"renameProvider", true},
            {"documentFormattingProvider", true}}},
          {"serverInfo", {{"name", "saker"}}}};
}

int severity_number(Severity severity) {
  return severity == Severity::kError ? 1 : severity == Severity::kWarning ? 2 : 3;
}

int completion_number(CompletionKind kind) {
  switch (kind) {
    case CompletionKind::kField:
      return 5;
    case CompletionKind::kMacro:
      return 3;
    case CompletionKind::kList:
      return 13;
    case CompletionKind::kEvent:
      return 23;
    case CompletionKind::kKey:
      return 14;
  }
  return 1;
}

json diagnostics_message(const LanguageService& service, const std::string& path) {
  json list = json::array();
  for (const LspDiagnostic& one : service.diagnose(path)) {
    list.push_back({{"range", data_of(one.range)},
                    {"severity", severity_number(one.severity)},
                    {"code", one.code},
                    {"source", "saker"},
                    {"message", one.message}});
  }
  return {{"jsonrpc", "2.0"},
          {"method", "textDocument/publishDiagnostics"},
          {"params", {{"uri", uri_of(path)}, {"diagnostics", std::move(list)}}}};
}

json complete(const LanguageService& service, const json& params) {
  json items = json::array();
  for (const Completion& one : service.complete(path_in(params), position_in(params))) {
    items.push_back(
        {{"label", one.label}, {"kind", completion_number(one.kind)}, {"detail", one.detail}});
  }
  return {{"isIncomplete", false}, {"items", std::move(items)}};
}

json hover(const LanguageService& service, const json& params) {
  const std::string text = service.hover(path_in(params), position_in(params));
  return text.empty() ? json() : json{{"contents", {{"kind", "markdown"}, {"value", text}}}};
}

json define(const LanguageService& service, const json& params) {
  const auto found = service.definition(path_in(params), position_in(params));
  return found ? json{{"uri", uri_of(found->path)}, {"range", data_of(found->range)}} : json();
}

json rename(const LanguageService& service, const json& params) {
  json changes = json::object();
  const auto edits =
      service.rename(path_in(params), position_in(params), text_in(params, "newName"));
  for (const auto& [path, list] : edits) {
    for (const LspEdit& edit : list) {
      changes[uri_of(path)].push_back(data_of(edit));
    }
  }
  return edits.empty() ? json() : json{{"changes", std::move(changes)}};
}

json format(const LanguageService& service, const json& params) {
  json edits = json::array();
  for (const LspEdit& edit : service.format(path_in(params))) {
    edits.push_back(data_of(edit));
  }
  return edits;
}

struct RequestRow {
  std::string_view method;
  json (*answer)(const LanguageService& service, const json& params);
};

constexpr RequestRow kRequests[] = {
    {"textDocument/completion", &complete}, {"textDocument/hover", &hover},
    {"textDocument/definition", &define},   {"textDocument/rename", &rename},
    {"textDocument/formatting", &format},
};

std::string dump(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string failure(const json& id, int code, const std::string& message) {
  return dump({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}});
}

std::string answer(const json& id, json result) {
  return dump({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
}

// The whole text after a change: the last change's.
std::string changed_text(const json& params) {
  const auto changes = params.find("contentChanges");
  return changes != params.end() && changes->is_array() && !changes->empty() &&
                 changes->back().is_object()
             ? text_in(changes->back(), "text")
             : "";
}

}  // namespace

std::vector<std::string> LspServer::handle(const std::string& message) {
  const json request = is_nested_deeper(message) ? json() : json::parse(message, nullptr, false);
  if (!request.is_object()) {
    return {failure(json(), kParseError, "no JSON object")};
  }
  const std::string method = text_in(request, "method");
  const json& params = member(request, "params");
  const auto id = request.find("id");
  const bool is_request = id != request.end();
  const std::string path = path_in(params);
  if (method == "initialize") {
    return is_request ? std::vector{answer(*id, capabilities())} : std::vector<std::string>{};
  }
  if (method == "shutdown") {
    was_shut_down_ = true;
    return is_request ? std::vector{answer(*id, json())} : std::vector<std::string>{};
  }
  if (method == "exit") {
    is_done_ = true;
    return {};
  }
  if (method == "textDocument/didOpen" || method == "textDocument/didChange") {
    service_.open(path, method == "textDocument/didOpen"
                            ? text_in(member(params, "textDocument"), "text")
                            : changed_text(params));
    return {dump(diagnostics_message(service_, path))};
  }
  if (method == "textDocument/didClose") {
    service_.close(path);
    return {};
  }
  for (const RequestRow& row : kRequests) {
    if (row.method == method && is_request) {
      return {service_.find(path) == nullptr
                  ? failure(*id, kInvalidParams, "the document is not open")
                  : answer(*id, row.answer(service_, params))};
    }
  }
  return is_request ? std::vector{failure(*id, kMethodNotFound, "unknown method " + method)}
                    : std::vector<std::string>{};
}

}  // namespace saker::kit
