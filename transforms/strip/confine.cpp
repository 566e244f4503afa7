#include "transforms/strip/confine.hpp"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TONGQU_SANITIZED 1
#endif
#endif

namespace tongqu::strip {
namespace {

constexpr rlim_t kMemoryBytes = 1ULL << 30U;
constexpr rlim_t kOutputBytes = 6ULL << 30U;
constexpr rlim_t kProcessorSeconds = 120;
constexpr rlim_t kFiles = 16;

bool limit(int what, rlim_t most) {
  const rlimit value{most, most};
  return setrlimit(static_cast<__rlimit_resource_t>(what), &value) == 0;
}

#ifndef TONGQU_SANITIZED
// What reading, writing and memory need; everything else is answered with EPERM, so that a library which looks for a
// file of its own (character sets) goes on without it.
constexpr int kCalls[] = {SCMP_SYS(read),          SCMP_SYS(write),          SCMP_SYS(readv),
                          SCMP_SYS(writev),        SCMP_SYS(pread64),        SCMP_SYS(pwrite64),
                          SCMP_SYS(lseek),         SCMP_SYS(close),          SCMP_SYS(fstat),
                          SCMP_SYS(mmap),          SCMP_SYS(munmap),         SCMP_SYS(mremap),
                          SCMP_SYS(mprotect),      SCMP_SYS(madvise),        SCMP_SYS(brk),
                          SCMP_SYS(futex),         SCMP_SYS(exit),           SCMP_SYS(exit_group),
                          SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
                          SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),   SCMP_SYS(time),
                          SCMP_SYS(getrandom),     SCMP_SYS(sched_yield),    SCMP_SYS(sched_getaffinity),
                          SCMP_SYS(getpid),        SCMP_SYS(gettid),         SCMP_SYS(tgkill),
                          SCMP_SYS(getrusage),     SCMP_SYS(ftruncate)};

bool filter_calls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(1));
  if (filter == nullptr) return false;
  bool done = true;
  for (const int call : kCalls) done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
  // fstat of newer C libraries: of an open descriptor alone, never of a path.
  done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                                  SCMP_A3_64(SCMP_CMP_MASKED_EQ, 0x1000, 0x1000)) == 0;  // AT_EMPTY_PATH
  done = done && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return done;
}
#endif

}  // namespace

bool confine() {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  bool done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  done = done && limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, kProcessorSeconds) && limit(RLIMIT_FSIZE, kOutputBytes) &&
         limit(RLIMIT_NOFILE, kFiles);
#ifdef TONGQU_SANITIZED
  return done;
#else
  return done && limit(RLIMIT_AS, kMemoryBytes) && filter_calls();
#endif
}

}  // namespace tongqu::strip
