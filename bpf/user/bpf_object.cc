// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/bpf_object.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "bpf/shared/record.h"
#include "bpf/user/compat_calls.h"
#include "engine/event/catalogue.h"
#include "sensor.skel.h"

namespace saker::sensor {
namespace {

constexpr const char* kKernelTypes = "/sys/kernel/btf/vmlinux";
constexpr std::size_t kLogBytes = 1 << 16;
// Of a refused program's log: the end, where the reason stands.
constexpr std::size_t kShownLogBytes = 1500;

struct SkeletonDeleter {
  void operator()(sensor_bpf* skeleton) const noexcept { sensor_bpf::destroy(skeleton); }
};
using Skeleton = std::unique_ptr<sensor_bpf, SkeletonDeleter>;

struct DestroyLink {
  void operator()(bpf_link* link) const noexcept { bpf_link__destroy(link); }
};
using UniqueLink = std::unique_ptr<bpf_link, DestroyLink>;

class UniqueFd {
public:
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  [[nodiscard]] int get() const { return fd_; }

private:
  int fd_;
};

int stay_silent(enum libbpf_print_level /*level*/, const char* /*format*/, va_list /*args*/) {
  return 0;  // failures are reported through Result, with the verifier's log
}

// A program with what its name says; see bpf/kernel/sensor.bpf.c.
struct NamedProgram {
  bpf_program* program = nullptr;
  std::string_view name;
  std::unique_ptr<char[]> log;
};

// A program on its tracepoint.
struct Attached {
  UniqueLink link;
  const NamedProgram* program = nullptr;
  std::uint32_t program_id = 0;
};

std::uint32_t id_of(const bpf_program* program) {
  bpf_prog_info info{};
  __u32 length = sizeof(info);
  return bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &length) == 0 ? info.id : 0;
}

std::int32_t syscall_number(std::string_view name) {
  const SyscallInfo* info = syscall_by_name(name);
  return info == nullptr ? -1 : info->x86_64_number;
}

std::uint32_t count_cpus() {
  return static_cast<std::uint32_t>(std::max(libbpf_num_possible_cpus(), 1));
}

std::uint32_t round_ring_bytes(std::uint32_t bytes) {
  const auto page = static_cast<std::uint32_t>(::sysconf(_SC_PAGESIZE));
  return std::bit_ceil(std::clamp(bytes, page, 1U << 30));
}

// The event whose enter record a call can have; kGenericX: none.
EventType enter_event(EventType exit) {
  switch (exit) {
    case EventType::kSyscallOpenX:
      return EventType::kSyscallOpenE;
    case EventType::kSyscallCreatX:
      return EventType::kSyscallCreatE;
    case EventType::kSyscallOpenatV2X:
      return EventType::kSyscallOpenatV2E;
    case EventType::kSyscallOpenat2X:
      return EventType::kSyscallOpenat2E;
    default:
      return EventType::kGenericX;
  }
}

// Where each slot of the ledger goes.
struct SlotMembers {
  std::uint64_t Ledger::*total;
  std::uint64_t ClassLedger::*of_class;  // null: flaws
};
constexpr SlotMembers kSlots[] = {
    {&Ledger::seen, &ClassLedger::seen},
    {&Ledger::submitted, &ClassLedger::submitted},
    {&Ledger::filtered_own, &ClassLedger::filtered},
    {&Ledger::filtered_unwanted, &ClassLedger::filtered},
    {&Ledger::filtered_failed, &ClassLedger::filtered},
    {&Ledger::filtered_redundant, &ClassLedger::filtered},
    {&Ledger::lost_ring_full, &ClassLedger::lost_ring_full},
    {&Ledger::lost_scratch, &ClassLedger::lost_other},
    {&Ledger::lost_tail_call, &ClassLedger::lost_other},
    {&Ledger::lost_nested, &ClassLedger::lost_other},
    {&Ledger::lost_internal, &ClassLedger::lost_other},
    {&Ledger::flaw_page_fault, nullptr},
    {&Ledger::flaw_truncated, nullptr},
};
static_assert(std::size(kSlots) == SAKER_LEDGER_SLOTS);
static_assert(kEventClassCount == SAKER_EVENT_CLASSES);

void add_row(const saker_ledger_row& row, Ledger& ledger) {
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    for (std::size_t slot = 0; slot < std::size(kSlots); ++slot) {
      // The kernel writes while we read.
      const auto count = *const_cast<const volatile saker_u64*>(&row.count[i][slot]);  // NOLINT
      ledger.*kSlots[slot].total += count;
      if (kSlots[slot].of_class != nullptr) {
        ledger.by_class[i].*kSlots[slot].of_class += count;
      }
    }
  }
}

class LoadedObject final : public BpfObject {
public:
  explicit LoadedObject(Skeleton skeleton) : skeleton_(std::move(skeleton)) {}

  Status prepare(const LiveOptions& options, std::uint64_t boot_epoch_ns);
  Status load_programs();
  void exclude_self();
  Status fill_maps();
  Status attach();

  Status select(const Selection& selection) override;
  [[nodiscard]] std::vector<std::string> inspect() override;
  void detach() override {
    const std::lock_guard lock(mutex_);
    enter_.link.reset();
    attached_.clear();
  }
  [[nodiscard]] Ledger ledger() const override;
  [[nodiscard]] std::vector<Ledger> ledgers() const override;
  [[nodiscard]] const std::vector<int>& ring_fds() const override { return ring_fd_numbers_; }
  [[nodiscard]] std::uint32_t ring_bytes() const override { return ring_bytes_; }
  [[nodiscard]] std::vector<ProgramReport> programs() const override;
  [[nodiscard]] const std::vector<std::string>& missing() const override { return missing_; }

private:
  Status fill_calls(bpf_map* map, std::string_view prefix);
  Result<Attached> attach_program(const bpf_program* program) const;
  Status attach_enter(bool is_wanted);
  void inspect_choice(std::vector<std::string>& signs);
  void leave_out_missing();
  tl::unexpected<Error> load_failure(int error) const;

  Skeleton skeleton_;
  std::vector<NamedProgram> programs_;
  // What follows is used by the thread that reads, and by the one that looks for interference.
  std::mutex mutex_;
  std::vector<Attached> attached_;  // gone before the programs
  Attached enter_;
  // As written into the programs' data.
  std::uint32_t own_tgid_ = 0;
  std::uint32_t tracepoints_ = 0;
  std::array<std::uint8_t, SAKER_MAX_SYSCALLS> actions_{};
  bool counts_own_hits_ = true;
  std::vector<UniqueFd> ring_fds_;
  std::vector<int> ring_fd_numbers_;
  std::uint32_t ring_bytes_ = 0;
  std::vector<std::string> missing_;
};

// A tracepoint without which the others still tell enough.
struct OptionalTracepoint {
  const char* type;  // in the kernel's BTF
  std::string_view program;
  std::string_view tail_calls;  // beginning of the names of programs that only it reaches
  const char* sentence;
};
constexpr OptionalTracepoint kOptional[] = {
    {"btf_trace_sys_enter", "d_enter", "n_",
     "this kernel has no tracepoint sys_enter for programs: arguments of open are not "
     "seen before the call"},
    {"btf_trace_signal_deliver", "t_signal", "",
     "this kernel has no tracepoint signal_deliver for programs: signals are not seen"},
};

// Programs for tracepoints that the kernel does not have are not loaded: one of them would stop
// all.
void LoadedObject::leave_out_missing() {
  const std::unique_ptr<btf, decltype(&btf__free)> types(btf__load_vmlinux_btf(), &btf__free);
  if (types == nullptr) {
    return;  // loading says why it fails
  }
  for (const OptionalTracepoint& optional : kOptional) {
    if (btf__find_by_name_kind(types.get(), optional.type, BTF_KIND_TYPEDEF) >= 0) {
      continue;
    }
    missing_.emplace_back(optional.sentence);
    for (const NamedProgram& named : programs_) {
      if (named.name == optional.program ||
          (!optional.tail_calls.empty() && named.name.starts_with(optional.tail_calls))) {
        bpf_program__set_autoload(named.program, false);
      }
    }
  }
}

Status LoadedObject::prepare(const LiveOptions& options, std::uint64_t boot_epoch_ns) {
  const std::uint32_t cpus = count_cpus();
  SAKER_RETURN_IF_ERROR(check_cpu_count(cpus));
  auto& kernel_options = skeleton_->rodata->saker_options;
  kernel_options.boot_epoch_ns = boot_epoch_ns;
  kernel_options.snaplen = std::min<std::uint32_t>(options.snaplen, SAKER_MAX_DATA_BYTES);
  kernel_options.cpus_per_ring =
      options.cpus_per_ring == 0 ? cpus : std::min(options.cpus_per_ring, cpus);
  kernel_options.ring_count =
      (cpus + kernel_options.cpus_per_ring - 1) / kernel_options.cpus_per_ring;
  kernel_options.drop_failed_exit = options.drop_failed_exit ? 1 : 0;
  kernel_options.only_cgroup = options.only_cgroup;
  counts_own_hits_ = options.only_cgroup == 0;
  for (const EventInfo& event : all_events()) {
    skeleton_->rodata->saker_class_of_event[index_of(event.type)] =
        static_cast<saker_u8>(class_of(event.type));
  }
  for (const SyscallInfo& call : all_syscalls()) {
    if (call.x86_64_number >= 0 && call.x86_64_number < SAKER_MAX_SYSCALLS) {
      skeleton_->rodata->saker_syscall_code[call.x86_64_number] = call.code;
      skeleton_->rodata->saker_class_of_call[call.x86_64_number] =
          static_cast<saker_u8>(class_of(call.exit_event));
    }
  }
  for (std::size_t i = 0; i < SAKER_MAX_SYSCALLS; ++i) {
    skeleton_->rodata->saker_compat_call[i] = compat_call(static_cast<std::uint32_t>(i));
  }
  for (std::uint32_t i = 0; i < SAKER_SUB_CALLS; ++i) {
    skeleton_->rodata->saker_socket_call[i] = socket_call(i);
    skeleton_->rodata->saker_ipc_call[i] = ipc_call(i);
  }
  for (std::uint32_t i = 0; i < SAKER_X32_CALLS; ++i) {
    skeleton_->rodata->saker_x32_call[i] = x32_call(SAKER_X32_FIRST + i);
  }
  bpf_map__set_max_entries(skeleton_->maps.scratches, cpus);
  bpf_map__set_max_entries(skeleton_->maps.rings, kernel_options.ring_count);
  ring_bytes_ = round_ring_bytes(options.ring_bytes);
  for (std::uint32_t i = 0; i < kernel_options.ring_count; ++i) {
    const int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "saker_ring", 0, 0, ring_bytes_, nullptr);
    if (fd < 0) {
      return fail_errno(errno == EPERM
                            ? "the bpf system call is refused (root, or CAP_BPF and CAP_PERFMON, "
                              "is needed)"
                            : "cannot create a BPF ring buffer (kernel 5.8 or newer is needed)",
                        errno);
    }
    ring_fds_.emplace_back(fd);
    ring_fd_numbers_.push_back(fd);
  }
  bpf_map__set_inner_map_fd(skeleton_->maps.rings, ring_fd_numbers_.front());
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, skeleton_->obj) {
    NamedProgram named{program, bpf_program__name(program), std::make_unique<char[]>(kLogBytes)};
    // Level 4: statistics only; a refused program is loaded again with the full log by libbpf.
    bpf_program__set_log_level(program, 4);
    bpf_program__set_log_buf(program, named.log.get(), kLogBytes);
    programs_.push_back(std::move(named));
  }
  leave_out_missing();
  return {};
}

tl::unexpected<Error> LoadedObject::load_failure(int error) const {
  for (const NamedProgram& named : programs_) {
    const std::string_view log = named.log.get();
    // A program that was accepted leaves statistics; the refused one is the last with a log.
    if (log.empty() || &named == &programs_.back() ||
        programs_[static_cast<std::size_t>(&named - programs_.data() + 1)].log[0] == '\0') {
      const std::string_view tail =
          log.substr(log.size() > kShownLogBytes ? log.size() - kShownLogBytes : 0);
      return fail_errno("the kernel refused BPF program " + std::string(named.name) + " (" +
                            std::string(tail) + ")",
                        error);
    }
  }
  return fail_errno("the kernel refused the BPF programs", error);
}

Status LoadedObject::load_programs() {
  const int result = sensor_bpf::load(skeleton_.get());
  if (result != 0) {
    return load_failure(-result);
  }
  return {};
}

Status LoadedObject::fill_calls(bpf_map* map, std::string_view prefix) {
  const int map_fd = bpf_map__fd(map);
  for (const NamedProgram& named : programs_) {
    if (!named.name.starts_with(prefix) || !bpf_program__autoload(named.program)) {
      continue;
    }
    const std::int32_t number = syscall_number(named.name.substr(prefix.size()));
    if (number < 0 || number >= SAKER_MAX_SYSCALLS) {
      continue;
    }
    const int program_fd = bpf_program__fd(named.program);
    if (bpf_map_update_elem(map_fd, &number, &program_fd, BPF_ANY) != 0) {
      return fail_errno("cannot enter BPF program " + std::string(named.name) + " into its table",
                        errno);
    }
  }
  return {};
}

// Tells the programs which thread group is ours. In a pid namespace getpid() is not the number that
// the kernel side sees, so a program is run in our name; before 5.10 that is not possible.
void LoadedObject::exclude_self() {
  LIBBPF_OPTS(bpf_test_run_opts, run);
  skeleton_->bss->saker_own_tgid = 0;
  const int failed = bpf_prog_test_run_opts(bpf_program__fd(skeleton_->progs.s_self), &run);
  if (failed != 0 || skeleton_->bss->saker_own_tgid == 0) {
    skeleton_->bss->saker_own_tgid = static_cast<std::uint32_t>(::getpid());
  }
  own_tgid_ = skeleton_->bss->saker_own_tgid;
}

Status LoadedObject::fill_maps() {
  for (std::uint32_t i = 0; i < ring_fd_numbers_.size(); ++i) {
    if (bpf_map_update_elem(bpf_map__fd(skeleton_->maps.rings), &i, &ring_fd_numbers_[i],
                            BPF_ANY) != 0) {
      return fail_errno("cannot enter a ring buffer into its table", errno);
    }
  }
  // First the generic program everywhere, then the particular ones over it.
  const int generic = bpf_program__fd(skeleton_->progs.x_generic);
  for (std::uint32_t number = 0; number < SAKER_MAX_SYSCALLS; ++number) {
    if (bpf_map_update_elem(bpf_map__fd(skeleton_->maps.exit_programs), &number, &generic,
                            BPF_ANY) != 0) {
      return fail_errno("cannot enter the generic BPF program into its table", errno);
    }
  }
  SAKER_RETURN_IF_ERROR(fill_calls(skeleton_->maps.exit_programs, "x_"));
  SAKER_RETURN_IF_ERROR(fill_calls(skeleton_->maps.enter_programs, "n_"));
  // Nobody, ourselves included, changes these tables from outside any more. A kernel that cannot do
  // that runs the sensor all the same.
  for (const bpf_map* map :
       {skeleton_->maps.exit_programs, skeleton_->maps.enter_programs, skeleton_->maps.rings}) {
    static_cast<void>(bpf_map_freeze(bpf_map__fd(map)));
  }
  return {};
}

Result<Attached> LoadedObject::attach_program(const bpf_program* program) const {
  const auto named =
      std::find_if(programs_.begin(), programs_.end(),
                   [program](const NamedProgram& one) { return one.program == program; });
  Attached attached{UniqueLink(bpf_program__attach(program)), &*named, id_of(program)};
  if (attached.link == nullptr) {
    return fail_errno("cannot attach BPF program " + std::string(named->name), errno);
  }
  return attached;
}

Status LoadedObject::attach() {
  for (const NamedProgram& named : programs_) {
    const bool is_tracepoint = named.name.starts_with("d_") || named.name.starts_with("t_");
    if (is_tracepoint && named.program != skeleton_->progs.d_enter &&
        bpf_program__autoload(named.program)) {
      SAKER_ASSIGN_OR_RETURN(Attached attached, attach_program(named.program));
      attached_.push_back(std::move(attached));
    }
  }
  return {};
}

// A program on sys_enter costs every system call of the machine, so it is there only when somebody
// wants enter events.
Status LoadedObject::attach_enter(bool is_wanted) {
  if (!is_wanted) {
    enter_.link.reset();
  } else if (enter_.link == nullptr && bpf_program__autoload(skeleton_->progs.d_enter)) {
    SAKER_ASSIGN_OR_RETURN(enter_, attach_program(skeleton_->progs.d_enter));
  }
  return {};
}

Status LoadedObject::select(const Selection& selection) {
  std::array<std::uint8_t, SAKER_MAX_SYSCALLS> actions{};
  std::uint32_t tracepoints = 0;
  const auto is_wanted = [&selection](EventType type) {
    return selection.all || std::find(selection.events.begin(), selection.events.end(), type) !=
                                selection.events.end();
  };
  for (const SyscallInfo& call : all_syscalls()) {
    if (call.x86_64_number < 0 || call.x86_64_number >= SAKER_MAX_SYSCALLS) {
      continue;
    }
    auto& action = actions[static_cast<std::size_t>(call.x86_64_number)];
    if (selection.all || std::find(selection.syscall_codes.begin(), selection.syscall_codes.end(),
                                   call.code) != selection.syscall_codes.end()) {
      action |= SAKER_WANT_EXIT;
    }
    const EventType enter = enter_event(call.exit_event);
    if (enter != EventType::kGenericX && is_wanted(enter)) {
      action |= SAKER_WANT_ENTER;
    }
  }
  if (is_wanted(EventType::kProcexitV1E)) {
    tracepoints |= SAKER_WANT_PROCEXIT;
  }
  if (is_wanted(EventType::kSignaldeliverE)) {
    tracepoints |= SAKER_WANT_SIGNAL;
  }
  const std::lock_guard lock(mutex_);
  actions_ = actions;
  tracepoints_ = tracepoints;
  std::copy(actions.begin(), actions.end(), skeleton_->bss->saker_action);
  skeleton_->bss->saker_tracepoints = tracepoints;
  return attach_enter(std::any_of(actions.begin(), actions.end(), [](std::uint8_t action) {
    return (action & SAKER_WANT_ENTER) != 0;
  }));
}

// Whether the link is still ours and holds our program. A descriptor that somebody closed in our
// process may by now be anything else.
bool is_in_place(const Attached& attached) {
  bpf_link_info info{};
  __u32 length = sizeof(info);
  return bpf_obj_get_info_by_fd(bpf_link__fd(attached.link.get()), &info, &length) == 0 &&
         info.type != BPF_LINK_TYPE_UNSPEC && info.prog_id == attached.program_id;
}

// The programs' data are a map, which root can open by its id and write to.
void LoadedObject::inspect_choice(std::vector<std::string>& signs) {
  auto& data = *skeleton_->bss;
  if (data.saker_own_tgid != own_tgid_) {
    signs.emplace_back("another process told the kernel side to leave out process " +
                       std::to_string(data.saker_own_tgid) + "; undone");
    data.saker_own_tgid = own_tgid_;
  }
  if (data.saker_tracepoints != tracepoints_ ||
      !std::equal(actions_.begin(), actions_.end(), data.saker_action)) {
    signs.emplace_back("another process changed which calls the kernel side reports; undone");
    data.saker_tracepoints = tracepoints_;
    std::copy(actions_.begin(), actions_.end(), data.saker_action);
  }
}

std::vector<std::string> LoadedObject::inspect() {
  // Own calls that must be counted.
  constexpr std::int64_t kCalls = 16;
  constexpr std::int64_t kEnough = kCalls / 2;
  const std::lock_guard lock(mutex_);
  std::vector<std::string> signs;
  if (attached_.empty()) {
    return signs;  // the collection has ended
  }
  for (const Attached& attached : attached_) {
    if (!is_in_place(attached)) {
      signs.emplace_back("program " + std::string(attached.program->name) +
                         " was taken off its tracepoint");
    }
  }
  if (enter_.link != nullptr && !is_in_place(enter_)) {
    signs.emplace_back("program d_enter was taken off its tracepoint");
  }
  inspect_choice(signs);
  if (counts_own_hits_) {
    const std::uint64_t before = ledger().filtered_own;
    for (std::int64_t i = 0; i < kCalls; ++i) {
      static_cast<void>(::getppid());
    }
    if (static_cast<std::int64_t>(ledger().filtered_own - before) < kEnough) {
      signs.emplace_back("the kernel side does not see system calls any more");
    }
  }
  return signs;
}

Ledger LoadedObject::ledger() const {
  Ledger sum;
  for (std::uint32_t cpu = 0; cpu < count_cpus(); ++cpu) {
    add_row(skeleton_->bss->saker_ledger[cpu], sum);
  }
  return sum;
}

std::vector<Ledger> LoadedObject::ledgers() const {
  std::vector<Ledger> ledgers(count_cpus());
  for (std::size_t cpu = 0; cpu < ledgers.size(); ++cpu) {
    add_row(skeleton_->bss->saker_ledger[cpu], ledgers[cpu]);
  }
  return ledgers;
}

std::vector<ProgramReport> LoadedObject::programs() const {
  std::vector<ProgramReport> reports;
  for (const NamedProgram& named : programs_) {
    unsigned long long count = 0;  // NOLINT(google-runtime-int): sscanf's type
    const char* text = std::strstr(named.log.get(), "processed ");
    if (text != nullptr && std::sscanf(text, "processed %llu", &count) != 1) {  // NOLINT
      count = 0;
    }
    bpf_prog_info info{};
    __u32 length = sizeof(info);
    // Without it the run counts stay 0.
    static_cast<void>(bpf_obj_get_info_by_fd(bpf_program__fd(named.program), &info, &length));
    reports.push_back({std::string(named.name), count, info.run_cnt, info.run_time_ns});
  }
  return reports;
}

}  // namespace

Status check_cpu_count(std::uint32_t cpus) {
  if (cpus <= SAKER_MAX_CPUS) {
    return {};
  }
  return fail(
      ErrorCode::kLimit,
      "this machine can have " + std::to_string(cpus) + " CPUs, and the sensor watches at most " +
          std::to_string(SAKER_MAX_CPUS) +
          "; what happens on the others would be lost (nr_cpus= on the kernel's command line "
          "lowers their number)");
}

Result<std::unique_ptr<BpfObject>> BpfObject::load(const LiveOptions& options,
                                                   std::uint64_t boot_epoch_ns) {
  libbpf_set_print(stay_silent);
  // With a BTF file of our choice libbpf does not look for types in modules when the kernel itself
  // lacks one (the programs ask for types of several versions): listing modules' BTF needs
  // CAP_SYS_ADMIN, and libbpf 1.1 fails without it. Seen on Linux 6.1.
  LIBBPF_OPTS(bpf_object_open_opts, open_options, .btf_custom_path = kKernelTypes);
  const bool has_types = ::access(kKernelTypes, R_OK) == 0;
  Skeleton skeleton(sensor_bpf::open(has_types ? &open_options : nullptr));
  if (skeleton == nullptr) {
    return fail_errno("cannot open the sensor's BPF programs", errno);
  }
  auto object = std::make_unique<LoadedObject>(std::move(skeleton));
  SAKER_RETURN_IF_ERROR(object->prepare(options, boot_epoch_ns));
  SAKER_RETURN_IF_ERROR(object->load_programs());
  object->exclude_self();
  SAKER_RETURN_IF_ERROR(object->fill_maps());
  SAKER_RETURN_IF_ERROR(object->select(options.selection));
  SAKER_RETURN_IF_ERROR(object->attach());
  return std::unique_ptr<BpfObject>(std::move(object));
}

}  // namespace saker::sensor
