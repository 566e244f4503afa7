#pragma once
// What the process may not do, from its first step on.

namespace tongqu::strip {

// Memory, time, output and files are limited; it ends with the process that started it; it can open no file, no socket
// and no other program (seccomp). Fails when one of these cannot be had. Under sanitizers memory and system calls are
// left as they are: they need both.
[[nodiscard]] bool confine();

}  // namespace tongqu::strip
