#include "stt/internal/machine.h"

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "stt/internal/test_folder.h"

namespace speechcoach::stt {
namespace {

void Write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

TEST(Machine, TellsWhatThisOneHas) {
  EXPECT_GT(AvailableMemoryBytes(), 1'000'000U);
  EXPECT_LT(AvailableMemoryBytes(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_GE(AvailableCores(), 1);
}

TEST(Machine, KnowsNothingWhereNothingIsTold) {
  const TestFolder empty;
  EXPECT_EQ(AvailableMemoryBytes(empty.path()), std::numeric_limits<std::uint64_t>::max());
  EXPECT_GE(AvailableCores(empty.path()), 1);
}

TEST(Machine, TakesTheSmallerOfKernelAndControlGroup) {
  const TestFolder root;
  Write(root.path() / "proc/meminfo", "MemTotal:       24000000 kB\nMemFree:  10 kB\nMemAvailable:    2000 kB\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 2'048'000U);
  Write(root.path() / "sys/fs/cgroup/memory.max", "max\n");
  Write(root.path() / "sys/fs/cgroup/memory.current", "500\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 2'048'000U);
  Write(root.path() / "sys/fs/cgroup/memory.max", "1500\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 1000U);
  Write(root.path() / "sys/fs/cgroup/memory.current", "2000\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 0U);
}

TEST(Machine, UnderstandsTheOlderControlGroups) {
  const TestFolder root;
  Write(root.path() / "sys/fs/cgroup/memory/memory.limit_in_bytes", "9000\n");
  Write(root.path() / "sys/fs/cgroup/memory/memory.usage_in_bytes", "4000\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 5000U);
}

TEST(Machine, KeepsToItsShareOfTheCores) {
  const TestFolder root;
  Write(root.path() / "sys/fs/cgroup/cpu.max", "50000 100000\n");
  EXPECT_EQ(AvailableCores(root.path()), 1);
  const int all = AvailableCores("/nowhere");
  Write(root.path() / "sys/fs/cgroup/cpu.max", "max 100000\n");
  EXPECT_EQ(AvailableCores(root.path()), all);
}

TEST(Machine, GivesThreadsOnlyCoresThatNobodyElseUses) {
  const TestFolder root;
  Write(root.path() / "proc/stat", "cpu  1 2 3 4\ncpu0 1 2 3 4\nintr 5 0 0 6\nctxt 7\nprocs_running 1000\nprocs_blocked 0\n");
  EXPECT_EQ(ThreadsWithACore(8, root.path()), 1);
  Write(root.path() / "proc/stat", "cpu  1 2 3 4\nprocs_running 1\n");
  EXPECT_EQ(ThreadsWithACore(1, root.path()), 1);
  EXPECT_EQ(ThreadsWithACore(1000, root.path()), ThreadsWithACore(1000, "/nowhere")) << "alone on the machine";
  EXPECT_GE(ThreadsWithACore(1000, root.path()), AvailableCores());
}

}  // namespace
}  // namespace speechcoach::stt
