// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/field_places.h"
#include "engine/alert/render_formats.h"
#include "engine/alert/time_text.h"

namespace saker {

namespace {

using Form = FieldPlace::Form;

// Source: Elastic Common Schema 8.11, field reference.
constexpr FieldPlace kPlaces[] = {
    {"proc.pid", "process.pid", Form::kInteger},
    {"proc.name", "process.name"},
    {"proc.exepath", "process.executable"},
    {"proc.cmdline", "process.command_line"},
    {"proc.cwd", "process.working_directory"},
    {"thread.tid", "process.thread.id", Form::kInteger},
    {"proc.ppid", "process.parent.pid", Form::kInteger},
    {"proc.pname", "process.parent.name"},
    {"proc.pexepath", "process.parent.executable"},
    {"proc.pcmdline", "process.parent.command_line"},
    {"user.uid", "user.id"},
    {"user.name", "user.name"},
    {"group.gid", "group.id"},
    {"group.name", "group.name"},
    {"fs.path.name", "file.path", Form::kPath},
    {"fd.name", "file.path", Form::kPath},
    {"fd.filename", "file.name"},
    {"fd.directory", "file.directory", Form::kPath},
    {"fd.cip", "source.ip", Form::kAddress},
    {"fd.cport", "source.port", Form::kInteger},
    {"fd.sip", "destination.ip", Form::kAddress},
    {"fd.sport", "destination.port", Form::kInteger},
    {"fd.l4proto", "network.transport"},
    {"evt.type", "event.action"},
    {"container.id", "container.id"},
    {"container.name", "container.name"},
    {"container.image.repository", "container.image.name"},
    {"container.image.tag", "container.image.tag", Form::kTexts},
    {"k8s.ns.name", "orchestrator.namespace"},
    {"k8s.pod.name", "orchestrator.resource.name"},
};

// Source: ECS, allowed values of event.category.
std::vector<std::string> categories(const JsonTree& tree) {
  std::vector<std::string> result;
  if (tree.has("destination.ip") || tree.has("source.ip")) {
    result.emplace_back("network");
  }
  if (tree.has("file.path")) {
    result.emplace_back("file");
  }
  if (tree.has("process")) {
    result.emplace_back("process");
  }
  return result;
}

}  // namespace

void render_ecs(std::string& out, const AlertFacts& facts) {
  JsonTree tree;
  std::string time;
  append_iso_time(time, facts.ts_ns, "Z");
  tree.text("@timestamp", time);
  tree.text("ecs.version", "8.11.0");
  tree.text("event.kind", "alert");
  tree.text("event.module", "saker");
  tree.text("event.dataset", "saker.alerts");
  tree.text("event.id", facts.id);
  tree.number("event.severity", static_cast<std::int64_t>(facts.priority));
  tree.text("rule.name", facts.rule);
  tree.text("rule.ruleset", facts.source);
  tree.text("message", facts.message);
  tree.text("host.name", facts.hostname);
  tree.text("host.hostname", facts.hostname);
  tree.text("log.level", to_text(facts.priority));
  tree.texts("tags", facts.tags);
  place_fields(tree, facts, kPlaces);
  tree.texts("event.category", categories(tree));
  tree.texts("event.type", {"info"});
  tree.object("saker.fields", nested_fields(facts));
  tree.write(out);
}

}  // namespace saker
