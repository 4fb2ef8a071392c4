// What this machine, or the container this process runs in, has to offer.
#pragma once

#include <cstdint>
#include <filesystem>

namespace speechcoach::stt {

// Bytes that can be taken without pushing others out: the kernel's estimate, less where a control group (v1 or v2; in
// v2 the process's own or one that holds it) allows less.
// The largest number where the system tells nothing. `root` stands before /proc and /sys in tests.
std::uint64_t AvailableMemoryBytes(const std::filesystem::path& root = "/");

// Cores this process may use, at least 1: its CPU affinity, less where its control group (v2) or one that holds it has a quota.
int AvailableCores(const std::filesystem::path& root = "/");

// Threads for each of `parallel` recordings worked on at once: `configured`, or where that is 0 a fair share of the cores, 8 at most.
int ThreadsForEach(int configured, int parallel);

// How many of `limit` threads find a core of their own at this moment, at least 1: `limit` less what others are running on the
// machine's last cores. Threads that wait for one another run no faster than the slowest, so one that has to share its core with
// others' work makes all of them wait.
int ThreadsWithACore(int limit, const std::filesystem::path& root = "/");

}  // namespace speechcoach::stt
