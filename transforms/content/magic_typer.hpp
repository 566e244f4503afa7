#pragma once
// ContentTyper on libmagic, with the data base that the system's package installs.
#include <memory>

#include "gateway/core/attachments.hpp"

namespace tongqu {

// Fails with gateway.internal when the library or its data base is missing. One look at a time: the library's handle is
// not shared between threads.
[[nodiscard]] Result<std::unique_ptr<ContentTyper>> make_magic_typer();

}  // namespace tongqu
