#pragma once
// Random bytes of the operating system, for what has to be unguessable and is no key: salts and ids. Keys come from
// security/crypto/random.hpp.
#include <cstddef>

namespace tongqu {

// Fetched some hundred bytes at a time by each thread: a call of the system costs the same for sixteen. Ends the
// process when the system has none; a gateway without them must not run. Not for a process that forked.
void fill_random(void* out, std::size_t count);

}  // namespace tongqu
