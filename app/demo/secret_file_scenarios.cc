// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Reading what is secret: password hashes, keys, credentials, the sudo policy. All files are
// made-up ones.
#include <fcntl.h>
#include <unistd.h>

#include "app/demo/actions.h"
#include "app/demo/scenario.h"

namespace saker::demo {
namespace {

Status read_shadow() {
  return read_file("/etc/shadow");
}

Status read_shadow_by_relative_path() {
  if (chdir("/etc") != 0) {
    return failed("cannot enter /etc");
  }
  return read_file("../etc/./shadow");
}

Status read_shadow_below_descriptor() {
  const OwnedFd folder(open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const OwnedFd file(openat(folder.get(), "gshadow", O_RDONLY | O_CLOEXEC));
  return file.get() >= 0 ? Status{} : failed("cannot read gshadow");
}

Status read_shadow_without_permission() {
  SAKER_RETURN_IF_ERROR(become_nobody());
  return fail_to_read_file("/etc/shadow");
}

Status read_file_named_shadow() {
  return read_file("/mnt/shadow");
}

Status read_sudoers() {
  return read_file("/etc/sudoers.d/admins");
}

Status read_pam_with_cat() {
  return run_program("/bin/cat", {"cat", "/etc/pam.d/login"});
}

Status read_pam() {
  return read_file("/etc/pam.d/login");
}

Status read_ssh_key() {
  return read_file("/mnt/home/.ssh/id_ed25519");
}

Status read_ssh_public_key() {
  return read_file("/mnt/home/.ssh/id_ed25519.pub");
}

Status read_cloud_credentials() {
  for (const char* file : {"/mnt/home/.aws/credentials", "/mnt/home/.config/gcloud/credentials.db",
                           "/mnt/home/.azure/msal_token_cache.json", "/mnt/home/.kube/config"}) {
    SAKER_RETURN_IF_ERROR(read_file(file));
  }
  return {};
}

Status read_cloud_settings() {
  return read_file("/mnt/home/.aws/config");
}

Status read_application_secret() {
  return run_program("/bin/cat", {"cat", "/mnt/home/.netrc"});
}

Status read_service_token() {
  const std::string file = "/mnt/secrets/kubernetes.io/serviceaccount/x/token";
  return run_program("/bin/cat", {"cat", file});
}

Status link_to_shadow() {
  return symlink("/etc/shadow", "/mnt/innocent") == 0 ? Status{} : failed("cannot link");
}

}  // namespace

std::vector<Scenario> secret_file_scenarios() {
  return {
      {.name = "read-shadow",
       .what = "a program that is none of the login tools reads the password hashes",
       .expected = {"Password hashes read"},
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/shadow"},
       .is_shown_by_default = true,
       .run = read_shadow},
      {.name = "read-shadow-relative",
       .what = "the same by a relative path",
       .expected = {"Password hashes read"},
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/shadow"},
       .run = read_shadow_by_relative_path},
      {.name = "read-shadow-dirfd",
       .what = "the same below an open folder",
       .expected = {"Password hashes read"},
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/gshadow"},
       .run = read_shadow_below_descriptor},
      {.name = "read-shadow-refused",
       .what = "the kernel refuses to open the password hashes",
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/shadow"},
       .run = read_shadow_without_permission},
      {.name = "read-shadow-as-passwd",
       .what = "the passwd program reads the password hashes",
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/shadow"},
       .disguise = "/usr/bin/passwd",
       .run = read_shadow},
      {.name = "read-file-named-shadow",
       .what = "a file that is only named shadow is read",
       .prepared_files = {"/mnt/shadow"},
       .run = read_file_named_shadow},
      {.name = "read-sudoers",
       .what = "a program reads who may use sudo",
       .expected = {"Sudo policy read"},
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/sudoers.d/admins"},
       .run = read_sudoers},
      {.name = "read-pam-with-cat",
       .what = "cat reads the PAM configuration",
       .expected = {"PAM configuration read by an unusual program"},
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/pam.d/login"},
       .run = read_pam_with_cat},
      {.name = "read-pam",
       .what = "an ordinary program reads the PAM configuration, as every login does",
       .private_folders = {"/etc"},
       .prepared_files = {"/etc/pam.d/login"},
       .run = read_pam},
      {.name = "read-ssh-key",
       .what = "a program that is no SSH tool reads a private key",
       .expected = {"SSH private key read"},
       .prepared_files = {"/mnt/home/.ssh/id_ed25519"},
       .is_shown_by_default = true,
       .run = read_ssh_key},
      {.name = "read-ssh-key-as-ssh",
       .what = "ssh reads a private key",
       .prepared_files = {"/mnt/home/.ssh/id_ed25519"},
       .disguise = "/usr/bin/ssh",
       .run = read_ssh_key},
      {.name = "read-ssh-public-key",
       .what = "a public key is read",
       .prepared_files = {"/mnt/home/.ssh/id_ed25519.pub"},
       .run = read_ssh_public_key},
      {.name = "read-cloud-credentials",
       .what = "a program reads credentials of AWS, Google Cloud, Azure and Kubernetes",
       .expected = {"Cloud credentials read", "Cloud credentials read", "Cloud credentials read",
                    "Cloud credentials read"},
       .prepared_files = {"/mnt/home/.aws/credentials", "/mnt/home/.config/gcloud/credentials.db",
                          "/mnt/home/.azure/msal_token_cache.json", "/mnt/home/.kube/config"},
       .is_shown_by_default = true,
       .run = read_cloud_credentials},
      {.name = "read-cloud-settings",
       .what = "settings beside the credentials are read",
       .prepared_files = {"/mnt/home/.aws/config"},
       .run = read_cloud_settings},
      {.name = "read-application-secret",
       .what = "cat reads a file with passwords of other machines",
       .expected = {"Stored application secret read"},
       .prepared_files = {"/mnt/home/.netrc"},
       .run = read_application_secret},
      {.name = "read-service-token",
       .what = "cat reads the token of a Kubernetes service account",
       .expected = {"Service account token read by a tool"},
       .prepared_files = {"/mnt/secrets/kubernetes.io/serviceaccount/x/token"},
       .run = read_service_token},
      {.name = "link-to-shadow",
       .what = "a symbolic link to the password hashes is made",
       .expected = {"Link to a sensitive file"},
       .run = link_to_shadow},
  };
}

}  // namespace saker::demo
