// tongqu-strip TYPE < original > copy: a copy of one content without position, device and names. Both are files that
// can be read at any place. Started by the gateway alone; says nothing but its exit status (outcome.hpp).
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <new>

#include "transforms/strip/confine.hpp"
#include "transforms/strip/outcome.hpp"

namespace tongqu::strip {

void end(Outcome outcome) { _exit(static_cast<int>(outcome)); }

namespace {

std::uint64_t size_of(int file) {
  struct stat about{};
  if (fstat(file, &about) != 0 || about.st_size < 0) end(Outcome::kIo);
  return static_cast<std::uint64_t>(about.st_size);
}

Input map(int file) {
  const std::uint64_t size = size_of(file);
  if (size == 0) end(Outcome::kMalformed);
  if (size > kMaxPictureBytes) end(Outcome::kLimit);
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (data == MAP_FAILED) end(Outcome::kLimit);
  return {static_cast<const unsigned char*>(data), static_cast<std::size_t>(size)};
}

void strip_mapped(std::string_view type) {
  std::FILE* out = stdout;
  const Input in = map(STDIN_FILENO);
  if (type == "image/jpeg") {
    strip_jpeg(in, out);
  } else if (type == "image/png") {
    strip_png(in, out);
  } else if (type == "application/pdf") {
    strip_pdf(in, out);
  } else {
    end(Outcome::kUnknownType);
  }
  if (std::fflush(out) != 0) end(Outcome::kIo);
  const Input copy = map(STDOUT_FILENO);
  if (type == "application/pdf" ? !is_clean_pdf(copy) : !is_clean_picture(copy)) end(Outcome::kNotClean);
}

void run(std::string_view type) {
  try {
    if (type.starts_with("video/") || type.starts_with("audio/")) {
      if (size_of(STDIN_FILENO) > kMaxFilmBytes) end(Outcome::kLimit);
      strip_media(STDIN_FILENO, STDOUT_FILENO, type);
    } else {
      strip_mapped(type);
    }
  } catch (const std::bad_alloc&) {
    end(Outcome::kLimit);
  } catch (...) {
    end(Outcome::kMalformed);
  }
}

}  // namespace
}  // namespace tongqu::strip

int main(int count, char** words) {
  using tongqu::strip::Outcome;
  if (!tongqu::strip::confine()) tongqu::strip::end(Outcome::kIo);
  if (count != 2) tongqu::strip::end(Outcome::kUnknownType);
  tongqu::strip::run(words[1]);
  tongqu::strip::end(Outcome::kDone);
}
