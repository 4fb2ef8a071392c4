#include "audio/decode_main/confinement.h"

#include <csignal>
#include <functional>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace speechcoach::audio {
namespace {

constexpr ConfinementLimits kLimits{256 * 1024 * 1024, 5};
constexpr int kCouldNotConfine = 100;

// How a confined child process ends that does `action` and then exits with 0.
int StatusAfter(const std::function<void()>& action) {
  const pid_t child = fork();
  if (child == 0) {
    if (ConfineThisProcess(kLimits) != 0) _exit(kCouldNotConfine);
    action();
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

void ExpectKilled(const char* what, const std::function<void()>& action) {
  const int status = StatusAfter(action);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) << what << ", wait status " << status;
}

TEST(Confinement, LeavesComputingAndMemory) {
  const int status = StatusAfter([] {
    std::vector<std::vector<char>> blocks;
    for (int i = 0; i < 100; ++i) blocks.emplace_back(static_cast<std::size_t>(1) << (i % 20), 'x');
  });
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "wait status " << status;
}

TEST(Confinement, KillsWhatReachesOut) {
  ExpectKilled("open", [] { syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); });
  ExpectKilled("socket", [] { syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); });
  ExpectKilled("fork", [] { syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr); });
  ExpectKilled("exec", [] { syscall(SYS_execve, "/bin/true", nullptr, nullptr); });
  ExpectKilled("kill", [] { syscall(SYS_kill, getppid(), SIGKILL); });
  ExpectKilled("ptrace", [] { syscall(SYS_ptrace, 0, 0, nullptr, nullptr); });
  ExpectKilled("rename", [] { syscall(SYS_renameat2, AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", 0); });
  ExpectKilled("io_uring", [] { syscall(SYS_io_uring_setup, 1, nullptr); });
  ExpectKilled("write elsewhere", [] { syscall(SYS_write, STDERR_FILENO, "x", 1); });
  ExpectKilled("read elsewhere", [] { syscall(SYS_read, 5, nullptr, 0); });
}

TEST(Confinement, KillsWhatMakesCode) {
  ExpectKilled("executable memory",
               [] { syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); });
  ExpectKilled("shared memory",
               [] { syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); });
  ExpectKilled("memory made executable", [] {
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    syscall(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC);
  });
}

TEST(Confinement, LimitsMemory) {
  const int status = StatusAfter([] {
    void* block = mmap(nullptr, kLimits.memory_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    _exit(block == MAP_FAILED ? 7 : 8);
  });
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << "wait status " << status;
}

}  // namespace
}  // namespace speechcoach::audio
