// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Real containers for live tests. Their image has nothing but folders and /opt/tool, a program that
// does nothing; all other programs come from the host's /usr, read-only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace saker::test {

class PodmanContainer {
public:
  // Podman keeps everything in `folder`. `environment`: entries of every process that it starts,
  // outside and inside.
  PodmanContainer(std::filesystem::path folder, std::vector<std::string> environment);
  ~PodmanContainer();
  PodmanContainer(const PodmanContainer&) = delete;
  PodmanContainer& operator=(const PodmanContainer&) = delete;

  // Why there is no container, or an empty text.
  [[nodiscard]] std::string prepare();
  // Runs `program` of the host, which the container sees as /work/harness, with all capabilities
  // and without a network. Its environment has also `more`. Returns its exit status, or -1.
  int run(const std::string& program, const std::vector<std::string>& words,
          const std::vector<std::string>& more);
  // Of the last run.
  [[nodiscard]] std::string output() const;

private:
  int command(const std::vector<std::string>& words);

  std::filesystem::path folder_;
  std::vector<std::string> environment_;
};

}  // namespace saker::test
