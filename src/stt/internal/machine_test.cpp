#include "stt/internal/machine.h"

#include <algorithm>
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

// A service without a control group namespace: nothing stands at the root.
TEST(Machine, TakesTheLeastOfItsOwnControlGroupAndThoseAroundIt) {
  const TestFolder root;
  const auto slice = root.path() / "sys/fs/cgroup/system.slice";
  const auto service = slice / "speechcoach.service";
  Write(root.path() / "proc/self/cgroup", "1:name=systemd:/elsewhere\n0::/system.slice/speechcoach.service\n");
  Write(service / "memory.max", "4000\n");
  Write(service / "memory.current", "1500\n");
  Write(service / "memory.stat", "anon 1000\ninactive_file 500\n");
  Write(service / "cpu.max", "150000 100000\n");
  Write(slice / "memory.max", "max\n");
  Write(slice / "memory.current", "9000\n");
  Write(slice / "cpu.max", "max 100000\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 3000U);
  const int all = AvailableCores("/nowhere");
  EXPECT_EQ(AvailableCores(root.path()), std::min(2, all));
  Write(slice / "memory.max", "10000\n");
  Write(slice / "cpu.max", "100000 100000\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 1000U) << "others of the slice have used more";
  EXPECT_EQ(AvailableCores(root.path()), 1);
}

// A container that sees only its own part of the tree, but the name that its host gives it.
TEST(Machine, TakesTheRootsLimitsWhereItsOwnGroupIsNotSeen) {
  const TestFolder root;
  Write(root.path() / "proc/self/cgroup", "0::/docker/0123\n");
  Write(root.path() / "sys/fs/cgroup/memory.max", "700\n");
  Write(root.path() / "sys/fs/cgroup/memory.current", "100\n");
  EXPECT_EQ(AvailableMemoryBytes(root.path()), 600U);
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
