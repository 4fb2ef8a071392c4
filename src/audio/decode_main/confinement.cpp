#include "audio/decode_main/confinement.h"

#include <array>
#include <cerrno>
#include <memory>

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace speechcoach::audio {
namespace {

struct FilterRelease {
  void operator()(scmp_filter_ctx filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterRelease>;

int Limit(__rlimit_resource resource, rlim_t value) {
  rlimit current{};
  if (getrlimit(resource, &current) != 0) return errno;
  // A hard limit that is lower already stays: only a privileged process may raise one.
  if (current.rlim_max != RLIM_INFINITY && current.rlim_max < value) value = current.rlim_max;
  const rlimit limit{value, value};
  return setrlimit(resource, &limit) == 0 ? 0 : errno;
}

int SetLimits(const ConfinementLimits& limits) {
  for (const int fault : {Limit(RLIMIT_DATA, limits.memory_bytes), Limit(RLIMIT_CPU, limits.cpu_seconds), Limit(RLIMIT_CORE, 0),
                          Limit(RLIMIT_FSIZE, 0), Limit(RLIMIT_NPROC, 0), Limit(RLIMIT_NOFILE, 0)}) {
    if (fault != 0) return fault;
  }
  return 0;
}

int Allow(scmp_filter_ctx filter, int call) { return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0); }

int Refuse(scmp_filter_ctx filter, int call) { return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0); }

int FillFilter(scmp_filter_ctx filter) {
  // Memory, the end, time, and what the C library does around them.
  constexpr std::array kAllowed = {
      SCMP_SYS(brk),          SCMP_SYS(munmap),         SCMP_SYS(mremap),         SCMP_SYS(madvise),      SCMP_SYS(exit),
      SCMP_SYS(exit_group),   SCMP_SYS(futex),          SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday), SCMP_SYS(setitimer),
      SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall)};
  for (const int call : kAllowed) {
    if (const int fault = Allow(filter, call); fault != 0) return fault;
  }
  // Libraries ask these to tune themselves and take no for an answer.
  constexpr std::array kRefused = {SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo), SCMP_SYS(getrandom), SCMP_SYS(prctl)};
  for (const int call : kRefused) {
    if (const int fault = Refuse(filter, call); fault != 0) return fault;
  }
  const std::array rules = {
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO)),
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO)),
      // Private memory only, never shared, never from a file, never executable.
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                       SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_PRIVATE | MAP_SHARED | MAP_ANONYMOUS, MAP_PRIVATE | MAP_ANONYMOUS)),
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)),
  };
  for (const int fault : rules) {
    if (fault != 0) return fault;
  }
  return 0;
}

}  // namespace

int ConfineThisProcess(const ConfinementLimits& limits) {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return errno;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return ENOSYS;
  if (const int fault = FillFilter(filter.get()); fault != 0) return -fault;
  // The filter forbids setting limits, so they come first.
  if (const int fault = SetLimits(limits); fault != 0) return fault;
  const int fault = seccomp_load(filter.get());
  return fault == 0 ? 0 : -fault;
}

}  // namespace speechcoach::audio
