-- For wrk: asks for the lines of a file one after another, each "PATH TOKEN". REQUESTS names the file.
local requests = {}
for line in io.lines(os.getenv("REQUESTS")) do
  local path, token = line:match("^(%S+) (%S+)$")
  requests[#requests + 1] = wrk.format("GET", path, { ["Authorization"] = "Bearer " .. token })
end
local next_one = 0
request = function()
  next_one = next_one % #requests + 1
  return requests[next_one]
end
done = function(summary, latency, _)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\n{"requests": %d, "us": %d, "errors": %d, "p50_us": %d, "p99_us": %d}\n',
    summary.requests, summary.duration, errors, latency:percentile(50), latency:percentile(99)))
end
