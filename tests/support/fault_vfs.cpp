#include "tests/support/fault_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <new>
#include <random>

namespace tongqu::test {
namespace {

struct Write {
  std::int64_t offset = 0;  // of a truncation: the new size
  std::string bytes;
  bool truncation = false;
};

// What the disk has of one file for certain, and what may or may not have reached it.
struct Disk {
  std::string durable;
  std::vector<Write> pending;
};

void replay_write(std::string& content, const Write& write) {
  if (write.truncation) {
    content.resize(static_cast<std::size_t>(write.offset));
    return;
  }
  const auto end = static_cast<std::size_t>(write.offset) + write.bytes.size();
  if (content.size() < end) content.resize(end);
  std::memcpy(content.data() + write.offset, write.bytes.data(), write.bytes.size());
}

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

struct FaultVfs::State {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
  std::string name;
  std::mutex mutex;
  std::map<std::string, Disk> disks;
  Plan plan;
  bool full = false;
  bool cut = false;
  std::uint64_t operations = 0;
  std::uint64_t syncs = 0;

  // Under the lock. SQLITE_OK: the operation happens.
  int next_operation(bool is_sync) {
    if (cut) return SQLITE_IOERR;
    ++operations;
    if (is_sync) ++syncs;
    if (plan.fault == Fault::kCut && operations >= plan.at) {
      cut = true;
      return SQLITE_IOERR;
    }
    if (is_sync && plan.fault == Fault::kSyncError && syncs == plan.at) return SQLITE_IOERR_FSYNC;
    return SQLITE_OK;
  }
};

namespace {

struct File {
  sqlite3_file base;
  FaultVfs::State* state;
  std::string* path;  // null for files that are not kept (none are counted)
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
FaultVfs::State& state_of(sqlite3_vfs* vfs) { return *static_cast<FaultVfs::State*>(vfs->pAppData); }

int close_file(sqlite3_file* base) {
  File& file = file_of(base);
  const int code = file.real()->pMethods != nullptr ? file.real()->pMethods->xClose(file.real()) : SQLITE_OK;
  delete file.path;
  file.path = nullptr;
  return code;
}

int read(sqlite3_file* base, void* to, int amount, sqlite3_int64 offset) {
  File& file = file_of(base);
  {
    const std::lock_guard lock(file.state->mutex);
    if (file.state->cut) return SQLITE_IOERR_READ;
  }
  return file.real()->pMethods->xRead(file.real(), to, amount, offset);
}

int write(sqlite3_file* base, const void* from, int amount, sqlite3_int64 offset) {
  File& file = file_of(base);
  const std::lock_guard lock(file.state->mutex);
  if (file.path == nullptr) return file.real()->pMethods->xWrite(file.real(), from, amount, offset);
  const bool was_on = !file.state->cut;
  const int code = file.state->next_operation(false);
  Write done{offset, std::string(static_cast<const char*>(from), static_cast<std::size_t>(amount)), false};
  Disk& disk = file.state->disks[*file.path];
  if (code != SQLITE_OK) {
    // The write during which the power went: it may be on the disk, or a part of it.
    if (was_on) disk.pending.push_back(std::move(done));
    return code;
  }
  if (file.state->full) return SQLITE_FULL;
  const int written = file.real()->pMethods->xWrite(file.real(), from, amount, offset);
  if (written == SQLITE_OK) disk.pending.push_back(std::move(done));
  return written;
}

int truncate(sqlite3_file* base, sqlite3_int64 size) {
  File& file = file_of(base);
  const std::lock_guard lock(file.state->mutex);
  if (file.path == nullptr) return file.real()->pMethods->xTruncate(file.real(), size);
  if (const int code = file.state->next_operation(false); code != SQLITE_OK) return code;
  file.state->disks[*file.path].pending.push_back({size, {}, true});
  return file.real()->pMethods->xTruncate(file.real(), size);
}

int sync(sqlite3_file* base, int) {
  File& file = file_of(base);
  const std::lock_guard lock(file.state->mutex);
  if (file.path == nullptr) return SQLITE_OK;
  if (const int code = file.state->next_operation(true); code != SQLITE_OK) return code;
  Disk& disk = file.state->disks[*file.path];
  for (const Write& pending : disk.pending) replay_write(disk.durable, pending);
  disk.pending.clear();
  return SQLITE_OK;
}

int size(sqlite3_file* base, sqlite3_int64* out) {
  return file_of(base).real()->pMethods->xFileSize(file_of(base).real(), out);
}
int lock_file(sqlite3_file* base, int level) {
  return file_of(base).real()->pMethods->xLock(file_of(base).real(), level);
}
int unlock_file(sqlite3_file* base, int level) {
  return file_of(base).real()->pMethods->xUnlock(file_of(base).real(), level);
}
int reserved(sqlite3_file* base, int* out) {
  return file_of(base).real()->pMethods->xCheckReservedLock(file_of(base).real(), out);
}
int control(sqlite3_file* base, int operation, void* argument) {
  // Growing in chunks would bypass the count.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  return file_of(base).real()->pMethods->xFileControl(file_of(base).real(), operation, argument);
}
int sector(sqlite3_file* base) { return file_of(base).real()->pMethods->xSectorSize(file_of(base).real()); }
int traits(sqlite3_file* base) { return file_of(base).real()->pMethods->xDeviceCharacteristics(file_of(base).real()); }
int shm_map(sqlite3_file* base, int page, int bytes, int extend, void volatile** out) {
  return file_of(base).real()->pMethods->xShmMap(file_of(base).real(), page, bytes, extend, out);
}
int shm_lock(sqlite3_file* base, int offset, int n, int flags) {
  return file_of(base).real()->pMethods->xShmLock(file_of(base).real(), offset, n, flags);
}
void shm_barrier(sqlite3_file* base) { file_of(base).real()->pMethods->xShmBarrier(file_of(base).real()); }
int shm_unmap(sqlite3_file* base, int remove) {
  return file_of(base).real()->pMethods->xShmUnmap(file_of(base).real(), remove);
}

const sqlite3_io_methods kMethods{2,         close_file,  read,      write,   truncate, sync,   size,
                                  lock_file, unlock_file, reserved,  control, sector,   traits, shm_map,
                                  shm_lock,  shm_barrier, shm_unmap, nullptr, nullptr};

int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* out_flags) {
  FaultVfs::State& state = state_of(vfs);
  auto* file = new (base) File{};
  file->state = &state;
  {
    const std::lock_guard lock(state.mutex);
    if (state.cut) return SQLITE_CANTOPEN;
  }
  const int code = state.real->xOpen(state.real, path, file->real(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  file->base.pMethods = &kMethods;
  if (path == nullptr || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) return code;
  file->path = new std::string(path);
  const std::lock_guard lock(state.mutex);
  // What is there when a file is first seen counts as durable.
  if (!state.disks.contains(path)) state.disks[path].durable = read_whole(path);
  return code;
}

int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  FaultVfs::State& state = state_of(vfs);
  const std::lock_guard lock(state.mutex);
  if (state.cut) return SQLITE_IOERR_DELETE;
  state.disks.erase(path);
  return state.real->xDelete(state.real, path, sync_folder);
}

}  // namespace

FaultVfs::FaultVfs() : state_(std::make_unique<State>()) {
  static std::atomic<int> made = 0;
  state_->real = sqlite3_vfs_find(nullptr);
  state_->name = "fault-" + std::to_string(++made);
  state_->vfs = *state_->real;
  state_->vfs.pNext = nullptr;
  state_->vfs.zName = state_->name.c_str();
  state_->vfs.szOsFile = static_cast<int>(sizeof(File)) + state_->real->szOsFile;
  state_->vfs.pAppData = state_.get();
  state_->vfs.xOpen = open;
  state_->vfs.xDelete = remove;
  // The rest of the system's functions look at its own data, which this copy no longer points to.
  state_->vfs.xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    return state_of(vfs).real->xAccess(state_of(vfs).real, path, flags, out);
  };
  state_->vfs.xFullPathname = [](sqlite3_vfs* vfs, const char* path, int n, char* out) {
    return state_of(vfs).real->xFullPathname(state_of(vfs).real, path, n, out);
  };
  sqlite3_vfs_register(&state_->vfs, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& FaultVfs::name() const { return state_->name; }

void FaultVfs::arm(const Plan& plan) {
  const std::lock_guard lock(state_->mutex);
  state_->plan = plan;
  state_->operations = state_->syncs = 0;
}

void FaultVfs::set_full(bool full) {
  const std::lock_guard lock(state_->mutex);
  state_->full = full;
}

std::uint64_t FaultVfs::operations() const {
  const std::lock_guard lock(state_->mutex);
  return state_->operations;
}

std::uint64_t FaultVfs::syncs() const {
  const std::lock_guard lock(state_->mutex);
  return state_->syncs;
}

bool FaultVfs::is_cut() const {
  const std::lock_guard lock(state_->mutex);
  return state_->cut;
}

void FaultVfs::settle_disk() {
  const std::lock_guard lock(state_->mutex);
  std::mt19937_64 random(state_->plan.seed);
  for (auto& [path, disk] : state_->disks) {
    std::string content = disk.durable;
    const std::uint64_t manner = random() % 4;  // nothing, a prefix, a choice, everything
    std::size_t kept = manner == 0 ? 0 : disk.pending.size();
    if (manner == 1 && kept > 0) kept = random() % (kept + 1);
    for (std::size_t i = 0; i < kept; ++i) {
      Write& write = disk.pending[i];
      if (manner == 2 && random() % 2 == 0) continue;
      if (i + 1 == kept && !write.truncation && random() % 2 == 0) write.bytes.resize(write.bytes.size() / 2);
      replay_write(content, write);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    std::error_code ignored;
    std::filesystem::remove(path + "-shm", ignored);
  }
  state_->disks.clear();
  state_->cut = false;
  state_->full = false;
  state_->plan = {};
}

}  // namespace tongqu::test
