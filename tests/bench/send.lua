-- wrk script: sends the requests of a file that bench_sign_orders wrote, in order, and begins again at its end.
--   wrk … -s send.lua URL -- FILE        (with more than one thread: FILE.0, FILE.1 …)
local counter = 0
function setup(thread)
  thread:set("number", counter)
  counter = counter + 1
end

local file
function init(args)
  file = assert(io.open(args[1] .. "." .. number, "rb"))
end

function request()
  local size = file:read("*n")
  if size == nil then
    file:seek("set", 0)
    size = file:read("*n")
  end
  file:read(1)
  return file:read(size)
end
