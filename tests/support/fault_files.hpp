#pragma once
// A file system that fails, or kills the process, at its n-th call; and one that only counts.
#include <csignal>
#include <functional>
#include <memory>

#include "connectors/support/file_system.hpp"
#include "connectors/support/folder_codes.hpp"

namespace tongqu::test {

// Counts calls over all file systems that share it.
struct FaultPlan {
  std::uint64_t calls = 0;
  std::uint64_t fail_at = 0;   // 0 = never; the call is not made
  std::uint64_t kill_at = 0;   // 0 = never; the process ends before the call
  bool fail_for_good = false;  // all calls from fail_at on
  [[nodiscard]] bool strikes() {
    ++calls;
    if (calls == kill_at) ::raise(SIGKILL);
    return fail_at != 0 && (calls == fail_at || (fail_for_good && calls > fail_at));
  }
};

class FaultFiles final : public file::FileSystem {
 public:
  FaultFiles(file::FileSystem& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
  Result<file::Listing> list(const std::string& folder, std::size_t limit) override {
    if (plan_.strikes()) return error();
    return inner_.list(folder, limit);
  }
  Result<std::optional<file::FileInfo>> info(const std::string& path) override {
    if (plan_.strikes()) return error();
    return inner_.info(path);
  }
  Result<std::unique_ptr<file::FileReader>> open(const std::string& path, std::uint64_t offset) override {
    if (plan_.strikes()) return error();
    auto made = inner_.open(path, offset);
    if (made.has_error()) return made.error();
    return std::unique_ptr<file::FileReader>(std::make_unique<Reader>(std::move(*made), plan_));
  }
  Result<std::unique_ptr<file::FileWriter>> write(const std::string& path, std::uint64_t offset) override {
    if (plan_.strikes()) return error();
    auto made = inner_.write(path, offset);
    if (made.has_error()) return made.error();
    return std::unique_ptr<file::FileWriter>(std::make_unique<Writer>(std::move(*made), plan_));
  }
  Status rename(const std::string& from, const std::string& to) override {
    if (plan_.strikes()) return error();
    return inner_.rename(from, to);
  }
  Status remove(const std::string& path) override {
    if (plan_.strikes()) return error();
    return inner_.remove(path);
  }
  Status make_folder(const std::string& path) override {
    if (plan_.strikes()) return error();
    return inner_.make_folder(path);
  }
  Status sync_folder(const std::string& folder) override {
    if (plan_.strikes()) return error();
    return inner_.sync_folder(folder);
  }

 private:
  static Error error() { return make_error(codes::kFileIo, "test"); }
  class Reader final : public file::FileReader {
   public:
    Reader(std::unique_ptr<file::FileReader> inner, FaultPlan& plan) : inner_(std::move(inner)), plan_(plan) {}
    Result<std::size_t> read(char* into, std::size_t size) override {
      if (plan_.strikes()) return error();
      return inner_->read(into, size);
    }

   private:
    std::unique_ptr<file::FileReader> inner_;
    FaultPlan& plan_;
  };
  class Writer final : public file::FileWriter {
   public:
    Writer(std::unique_ptr<file::FileWriter> inner, FaultPlan& plan) : inner_(std::move(inner)), plan_(plan) {}
    Status write(std::string_view bytes) override {
      if (plan_.strikes()) {
        (void)inner_->write(bytes.substr(0, bytes.size() / 2));  // half of it got through
        return error();
      }
      return inner_->write(bytes);
    }
    Status finish() override {
      if (plan_.strikes()) return error();
      return inner_->finish();
    }

   private:
    std::unique_ptr<file::FileWriter> inner_;
    FaultPlan& plan_;
  };

  file::FileSystem& inner_;
  FaultPlan& plan_;
};

}  // namespace tongqu::test
