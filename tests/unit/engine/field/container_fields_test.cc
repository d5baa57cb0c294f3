// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

constexpr const char* kId = "3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e";

class OneContainer : public ContainerMetadata {
public:
  [[nodiscard]] const ContainerInfo* find(std::string_view full_id) const override {
    return full_id == kId ? &info : nullptr;
  }
  [[nodiscard]] std::uint64_t generation() const override { return 1; }
  ContainerInfo info;
};

class ContainerFields : public FieldFixture {
protected:
  ContainerFields() {
    Snapshot snapshot = small_system();
    snapshot.threads[1].cgroups = pieces({"cpuset=/docker/" + std::string(kId)});
    state.reset(snapshot);
    known_.info.name = "web";
    known_.info.image = "nginx:1.25";
    known_.info.image_repository = "nginx";
    known_.info.is_privileged = true;
    known_.info.mounts = {{.source = "/etc",
                           .destination = "/host/etc",
                           .mode = "ro",
                           .propagation = "rprivate",
                           .is_writable = false},
                          {.source = "/var/data",
                           .destination = "/data",
                           .mode = "",
                           .propagation = "rslave",
                           .is_writable = true}};
    known_.info.labels = {
        {"a", "1"}, {"io.kubernetes.pod.name", "web-0"}, {"io.kubernetes.pod.namespace", "prod"}};
    known_.info.pod_full_sandbox_id = "0123456789abcdef";
  }
  void show_thread(std::int64_t tid) { show(EventBuilder(kSyscallCloseX).tid(tid).with("fd", 0)); }

  OneContainer known_;
};

TEST_F(ContainerFields, OnTheHost) {
  show_thread(kServer);
  expect({{"container.id", "host"},
          {"container.full_id", "host"},
          {"container.name", "host"},
          {"container.type", "host"},
          {"container.image", ""},
          {"container.privileged", "false"},
          {"container.mounts", ""},
          {"container.labels", ""},
          {"container.label[a]", "<NA>"},
          {"container.mount[0]", "<NA>"},
          {"k8s.pod.name", "<NA>"},
          {"k8s.pod.labels", ""},
          {"k8s.pod.sandbox_id", ""},
          {"k8s.rc.name", "<NA>"},
          {"fd.containername", ":/dev/null"}});
}

TEST_F(ContainerFields, InAContainerOfWhichOnlyTheIdIsKnown) {
  show_thread(kShell);
  expect({{"container.id", "3ad7b26ded6d"},
          {"container.full_id", "<NA>"},
          {"container.name", "<NA>"},
          {"container.type", "<NA>"},
          {"container.image", "<NA>"},
          {"container.privileged", "<NA>"},
          {"container.mounts", "<NA>"},
          {"k8s.pod.labels", "<NA>"},
          {"fd.containername", "3ad7b26ded6d:/dev/null"}});
}

TEST_F(ContainerFields, InAKnownContainer) {
  containers_ = &known_;
  show_thread(kShell);
  expect(
      {{"container.id", "3ad7b26ded6d"},
       {"container.full_id", kId},
       {"container.name", "web"},
       {"container.type", "docker"},
       {"container.image", "nginx:1.25"},
       {"container.image.repository", "nginx"},
       {"container.privileged", "true"},
       {"container.host_pid", "false"},
       {"container.mounts", "/etc:/host/etc:ro:false:rprivate,/var/data:/data::true:rslave"},
       {"container.mount[1]", "/var/data:/data::true:rslave"},
       {"container.mount[/etc*]", "/etc:/host/etc:ro:false:rprivate"},
       {"container.mount[2]", "<NA>"},
       {"container.mount.dest[/var/*]", "/data"},
       {"container.mount.source[/data]", "/var/data"},
       {"container.mount.rdwr.0", "false"},
       {"container.label.a", "1"},
       {"container.label[b]", "<NA>"},
       {"container.labels", "a:1, io.kubernetes.pod.name:web-0, io.kubernetes.pod.namespace:prod"},
       {"k8s.pod.name", "web-0"},
       {"k8s.ns.name", "prod"},
       {"k8s.pod.sandbox_id", "0123456789ab"},
       {"k8s.pod.full_sandbox_id", "0123456789abcdef"}});
}

}  // namespace
}  // namespace saker::testing
