-- Replays a file of ready-made HTTP requests through wrk, each once, and stops when all are answered.
-- Arguments: FILE CONNECTIONS [PACE], PACE being "rate:seconds,rate:seconds,..." (requests a second; without it,
-- as fast as the answers come).  The last line of the output is one JSON object.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanos; } moment;
  int clock_gettime(int clock, moment *now);
  int getpid(void);
  int kill(int pid, int signal);
]]
local INTERRUPT, REALTIME = 2, 0
local stamp = ffi.new("moment")
local threads = {}

-- wrk keeps its threads' numbers in globals of this script.
records, sent, taken, written, parked, first, last = {}, {}, 0, 0, 0, 0, 0

local function now() -- milliseconds since 1970
  ffi.C.clock_gettime(REALTIME, stamp)
  return tonumber(stamp.seconds) * 1000 + tonumber(stamp.nanos) / 1e6
end

local function read(name)
  local file = assert(io.open(name, "rb"))
  while true do
    local size = file:read(8)
    if not size then break end
    records[#records + 1] = file:read(tonumber(size))
  end
  file:close()
end

local function schedule(pace) -- when each record is due, in milliseconds after the first
  local due, at = {}, 0
  for rate, seconds in pace:gmatch("([%d.]+):([%d.]+)") do
    local count = math.floor(tonumber(rate) * tonumber(seconds) + 0.5)
    for position = 0, count - 1 do due[#due + 1] = at + position * 1000 / tonumber(rate) end
    at = at + tonumber(seconds) * 1000
  end
  return due
end

function setup(thread) table.insert(threads, thread) end

local function report(name) -- when each request was due and when it was sent, in the order of the file
  local file = assert(io.open(name, "w"))
  for position = 1, #records do
    local at = sent[position] or 0
    file:write(string.format("%.3f %.3f\n", due and first + (due[position] or 0) or at, at))
  end
  file:close()
end

function init(arguments)
  source = arguments[1]
  read(source)
  connections = tonumber(arguments[2])
  due = arguments[3] and schedule(arguments[3])
end

-- Asked before every request: the one moment at which a connection is known to have nothing under way.
function delay()
  if taken >= #records then
    parked = parked + 1
    if parked == connections then
      last = now()
      report(source .. ".sent")
      ffi.C.kill(ffi.C.getpid(), INTERRUPT)
    end
    return 1e9
  end
  if taken == 0 then first = now() end
  taken = taken + 1
  if not due then return 0 end
  return math.max(0, math.floor(first + (due[taken] or 0) - now() + 0.5))
end

function request()
  if taken == 0 then return records[1] end -- wrk only looks at what a request is like
  written = written + 1
  sent[written] = now()
  -- After a broken connection there is one request too many: the last once more, which is known by then.
  return records[math.min(written, #records)]
end

function done(summary, latency, _requests)
  local thread, errors = threads[1], summary.errors
  print(string.format(
    '{"first":%.3f,"last":%.3f,"answered":%d,"refused":%d,"broken":%d,"timeouts":%d,'
      .. '"p50":%.3f,"p99":%.3f,"most":%.3f}',
    thread:get("first"), thread:get("last"), summary.requests, errors.status,
    errors.connect + errors.read + errors.write, errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
