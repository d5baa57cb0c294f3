// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The language server, message by message. tests/integration/kit drives the program over stdio.
#include "kit/lsp/lsp_server.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace saker::kit {
namespace {

using nlohmann::json;

constexpr const char* kUri = "file:///rules/a%20b.yaml";
constexpr const char* kText =
    "- list: my_shells\n"                                                    // 0
    "  items: [sh, bash]\n"                                                  // 1
    "- macro: started\n"                                                     // 2
    "  condition: (evt.type = execve and proc.name in (my_shells))\n"        // 3
    "- rule: R\n"                                                            // 4
    "  desc: A rule for the language server.\n"                              // 5
    "  condition: started and proc.pname = \"\xc3\xa4\" and proc.nme = x\n"  // 6
    "  output: seen %proc.name\n"                                            // 7
    "  priority: INFO\n";                                                    // 8

class Lsp : public ::testing::Test {
protected:
  json ask(const std::string& method, json params) {
    const auto out = server_.handle(json{
        {"jsonrpc", "2.0"},
        {"id", ++id_},
        {"method", method},
        {"params", std::move(params)}}.dump());
    EXPECT_EQ(out.size(), 1U);
    const json answer = json::parse(out.front());
    EXPECT_EQ(answer["id"], id_);
    return answer;
  }
  json tell(const std::string& method, json params) {
    const auto out = server_.handle(
        json{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}.dump());
    return out.empty() ? json() : json::parse(out.front());
  }
  json open(const std::string& text = kText) {
    return tell("textDocument/didOpen", {{"textDocument", {{"uri", kUri}, {"text", text}}}});
  }
  static json at(int line, int character) {
    return {{"textDocument", {{"uri", kUri}}},
            {"position", {{"line", line}, {"character", character}}}};
  }

  LspServer server_{{}};
  int id_ = 0;
};

std::vector<std::string> labels(const json& answer) {
  std::vector<std::string> out;
  for (const json& item : answer["result"]["items"]) {
    out.push_back(item["label"].get<std::string>());
  }
  return out;
}

TEST_F(Lsp, LifeOfASession) {
  EXPECT_TRUE(ask("initialize", json::object())["result"]["capabilities"]["hoverProvider"]);
  EXPECT_TRUE(ask("shutdown", json::object())["result"].is_null());
  tell("exit", json::object());
  EXPECT_TRUE(server_.is_done());
  EXPECT_TRUE(server_.was_shut_down());
}

TEST_F(Lsp, DiagnosticsCountUtf16) {
  const json message = open();
  EXPECT_EQ(message["method"], "textDocument/publishDiagnostics");
  EXPECT_EQ(message["params"]["uri"], kUri);
  const json& list = message["params"]["diagnostics"];
  ASSERT_EQ(list.size(), 1U) << list.dump(2);
  EXPECT_EQ(list[0]["code"], "unknown-field");
  EXPECT_EQ(list[0]["severity"], 1);
  EXPECT_EQ(list[0]["range"]["start"], (json{{"line", 6}, {"character", 46}}));
}

TEST_F(Lsp, ChangesReplaceTheText) {
  open();
  const json message = tell("textDocument/didChange",
                            {{"textDocument", {{"uri", kUri}}},
                             {"contentChanges", json::array({{{"text", "- rule: [\n"}}})}});
  EXPECT_EQ(message["params"]["diagnostics"][0]["code"], "yaml-syntax");
}

TEST_F(Lsp, CompletesFieldsMacrosListsEventsAndKeys) {
  open();
  const auto in_condition = labels(ask("textDocument/completion", at(6, 17)));
  EXPECT_TRUE(std::ranges::count(in_condition, "started") == 1);
  const auto fields = labels(ask("textDocument/completion", at(6, 31)));
  EXPECT_TRUE(std::ranges::count(fields, "proc.pname") == 1);
  EXPECT_TRUE(std::ranges::count(fields, "proc.name") == 0);
  const auto events = labels(ask("textDocument/completion", at(3, 28)));
  EXPECT_TRUE(std::ranges::count(events, "execve") == 1);
  EXPECT_TRUE(std::ranges::count(events, "proc.name") == 0);
  const auto lists = labels(ask("textDocument/completion", at(3, 54)));
  EXPECT_TRUE(std::ranges::count(lists, "my_shells") == 1);
  const auto keys = labels(ask("textDocument/completion", at(8, 4)));
  EXPECT_EQ(keys, (std::vector<std::string>{"priority"}));
}

TEST_F(Lsp, HoverShowsFieldsMacrosListsAndEvents) {
  open();
  const auto text = [&](int line, int character) {
    return ask("textDocument/hover", at(line, character))["result"]["contents"]["value"]
        .get<std::string>();
  };
  EXPECT_NE(text(3, 40).find("**proc.name**"), std::string::npos);
  EXPECT_NE(text(6, 15).find("macro started"), std::string::npos);
  EXPECT_NE(text(3, 52).find("[sh, bash]"), std::string::npos);
  EXPECT_NE(text(3, 27).find("evt.arg.filename"), std::string::npos);
  EXPECT_TRUE(ask("textDocument/hover", at(5, 12))["result"].is_null());
}

TEST_F(Lsp, GoesToDefinitions) {
  open();
  const json macro = ask("textDocument/definition", at(6, 15))["result"];
  EXPECT_EQ(macro["uri"], kUri);
  EXPECT_EQ(macro["range"]["start"], (json{{"line", 2}, {"character", 9}}));
  EXPECT_EQ(ask("textDocument/definition", at(3, 52))["result"]["range"]["start"]["line"], 0);
  EXPECT_TRUE(ask("textDocument/definition", at(3, 40))["result"].is_null());
}

TEST_F(Lsp, RenamesEverywhere) {
  open();
  json params = at(3, 52);
  params["newName"] = "shell_names";
  const json edits = ask("textDocument/rename", params)["result"]["changes"][kUri];
  ASSERT_EQ(edits.size(), 2U) << edits.dump();
  EXPECT_EQ(edits[0]["range"]["start"], (json{{"line", 0}, {"character", 8}}));
  EXPECT_EQ(edits[1]["range"]["start"]["line"], 3);
  params["newName"] = "not a name";
  EXPECT_TRUE(ask("textDocument/rename", params)["result"].is_null());
}

// A constant may have the name of a macro.
TEST_F(Lsp, RenamesMacrosButNoConstants) {
  open(
      "- macro: m\n  condition: \"evt.type = open\"\n"
      "- macro: n\n  condition: \"m and (m or not m) and proc.name = m and proc.name in (m, m)\"\n"
      "- macro: o\n  condition: (m and proc.name startswith m and proc.name = 'm' and "
      "proc.aname[m] = x)\n");
  json params = at(0, 9);
  params["newName"] = "mm";
  const json edits = ask("textDocument/rename", params)["result"]["changes"][kUri];
  ASSERT_EQ(edits.size(), 5U) << edits.dump();
  EXPECT_EQ(edits[3]["range"]["start"], (json{{"line", 3}, {"character", 30}}));
  EXPECT_EQ(edits[4]["range"]["start"], (json{{"line", 5}, {"character", 14}}));
}

TEST_F(Lsp, HoverEndsWithTheValue) {
  open("- macro: m\n  condition: evt.type = open\n- macro: n\n  condition: m\n");
  const std::string text = ask("textDocument/hover", at(3, 13))["result"].dump();
  EXPECT_NE(text.find("evt.type = open\\n```"), std::string::npos) << text;
}

TEST_F(Lsp, Formats) {
  open("- macro: m\n  condition:   evt.type =  open\n");
  const json edits = ask("textDocument/formatting", at(0, 0))["result"];
  ASSERT_EQ(edits.size(), 1U);
  EXPECT_EQ(edits[0]["newText"], "- macro: m\n  condition: evt.type = open\n");
}

TEST_F(Lsp, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(ask("workspace/nothing", json::object())["error"]["code"], -32601);
  EXPECT_EQ(ask("textDocument/hover", at(0, 0))["error"]["code"], -32602);
  EXPECT_EQ(json::parse(server_.handle("{").front())["error"]["code"], -32700);
}

}  // namespace
}  // namespace saker::kit
