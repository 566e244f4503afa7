#include "connectors/file/sftp_files.hpp"

#include <fcntl.h>

#include <algorithm>

#include "connectors/file/file_codes.hpp"
#include "connectors/file/sftp_session.hpp"

namespace tongqu::file {
namespace {

// What every server takes in one packet.
constexpr std::size_t kPacketBytes = std::size_t{32} << 10U;

struct FreeAttributes {
  void operator()(sftp_attributes a) const { sftp_attributes_free(a); }
};
using Attributes = std::unique_ptr<std::remove_pointer_t<sftp_attributes>, FreeAttributes>;

FileInfo info_of(std::string name, const sftp_attributes attributes) {
  return {std::move(name), attributes->size, std::int64_t{attributes->mtime} * 1000,
          attributes->type == SSH_FILEXFER_TYPE_REGULAR};
}

// The connection, shared by the file system and its open files: one that breaks is gone for all of them.
struct Link {
  SftpOptions options;
  KeyPtr key;
  Watchdog watchdog;
  std::shared_ptr<SftpSession> session;  // second owners: open files

  // Runs `call` on a live session under the watchdog; it gives true when it went well.
  template <class Call>
  Status run(const char* name, const std::shared_ptr<SftpSession>& on, const Call& call) {
    watchdog.begin(options.timeout_ms);
    const bool well = call(on->get());
    const bool in_time = watchdog.end();
    if (well && in_time) return {};
    Error error = in_time ? on->error(name) : make_error(codes::kSftpConnect, "timeout");
    if (error.code == &codes::kSftpConnect && session == on) session.reset();
    return error;
  }
  Status connect() {
    if (session != nullptr && session->alive()) return {};
    session.reset();
    auto opened = SftpSession::open(options, key.get(), watchdog);
    if (!watchdog.end() && opened.has_value()) return make_error(codes::kSftpConnect, "timeout");
    if (opened.has_error()) return opened.error();
    session = std::move(*opened);
    return {};
  }
};

class RemoteFile {
 public:
  RemoteFile(std::shared_ptr<Link> link, sftp_file file)
      : link_(std::move(link)), session_(link_->session), file_(file) {}
  RemoteFile(RemoteFile&& other) noexcept
      : link_(std::move(other.link_)),
        session_(std::move(other.session_)),
        file_(std::exchange(other.file_, nullptr)) {}
  RemoteFile& operator=(RemoteFile&&) = delete;
  RemoteFile(const RemoteFile&) = delete;
  RemoteFile& operator=(const RemoteFile&) = delete;
  ~RemoteFile() {
    if (file_ != nullptr) (void)close();
  }
  template <class Call>
  Status run(const char* name, const Call& call) {
    if (file_ == nullptr || !session_->alive()) return make_error(codes::kSftpConnect, name);
    return link_->run(name, session_, [&](sftp_session sftp) { return call(sftp, file_); });
  }
  Status close() {
    sftp_file file = std::exchange(file_, nullptr);
    return link_->run("close", session_, [&](sftp_session) { return sftp_close(file) == SSH_OK; });
  }

 private:
  std::shared_ptr<Link> link_;
  std::shared_ptr<SftpSession> session_;
  sftp_file file_;
};

class SftpReader final : public FileReader {
 public:
  explicit SftpReader(RemoteFile file) : file_(std::move(file)) {}
  Result<std::size_t> read(char* into, std::size_t size) override {
    ssize_t got = 0;
    const auto status = file_.run("read", [&](sftp_session, sftp_file file) {
      got = sftp_read(file, into, std::min(size, kPacketBytes));
      return got >= 0;
    });
    if (status.has_error()) return status.error();
    return static_cast<std::size_t>(got);
  }

 private:
  RemoteFile file_;
};

class SftpWriter final : public FileWriter {
 public:
  explicit SftpWriter(RemoteFile file) : file_(std::move(file)) {}
  Status write(std::string_view bytes) override {
    while (!bytes.empty()) {
      ssize_t put = 0;
      const auto status = file_.run("write", [&](sftp_session, sftp_file file) {
        put = sftp_write(file, bytes.data(), std::min(bytes.size(), kPacketBytes));
        return put > 0;
      });
      if (status.has_error()) return status;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
  }
  Status finish() override {
    const auto synced = file_.run("fsync", [](sftp_session sftp, sftp_file file) {
      return sftp_extension_supported(sftp, "fsync@openssh.com", "1") == 0 || sftp_fsync(file) == 0;
    });
    if (synced.has_error()) return synced;
    return file_.close();
  }

 private:
  RemoteFile file_;
};

class SftpFiles final : public FileSystem {
 public:
  explicit SftpFiles(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  Result<Listing> list(const std::string& folder, std::size_t limit) override {
    Listing listing;
    sftp_dir opened = nullptr;
    auto status = run("opendir", [&](sftp_session sftp) {
      opened = sftp_opendir(sftp, at(folder).c_str());
      return opened != nullptr;
    });
    if (status.has_error()) return status.error();
    std::size_t looked_at = 0;
    bool more = true;
    while (more && status.has_value()) {
      status = run("readdir", [&](sftp_session sftp) {
        const Attributes one(sftp_readdir(sftp, opened));
        more = one != nullptr;
        if (one == nullptr) return sftp_dir_eof(opened) == 1;
        const std::string_view name = one->name;
        if (name == "." || name == "..") return true;
        listing.cut = looked_at++ == limit;
        more = !listing.cut;
        if (more && one->type == SSH_FILEXFER_TYPE_REGULAR && name.find('/') == std::string_view::npos)
          listing.files.push_back(info_of(std::string(name), one.get()));
        return true;
      });
    }
    if (link_->session != nullptr) (void)run("closedir", [&](sftp_session) { return sftp_closedir(opened) == SSH_OK; });
    if (status.has_error()) return status.error();
    return listing;
  }

  Result<std::optional<FileInfo>> info(const std::string& path) override {
    std::optional<FileInfo> info;
    const auto status = run("stat", [&](sftp_session sftp) {
      const Attributes one(sftp_lstat(sftp, at(path).c_str()));
      if (one != nullptr) info = info_of(name_of(path), one.get());
      return one != nullptr;
    });
    if (status.has_error() && status.error().code != &codes::kFileMissing) return status.error();
    return info;
  }

  Result<std::unique_ptr<FileReader>> open(const std::string& path, std::uint64_t offset) override {
    auto file = open_file(path, O_RDONLY, 0, offset);
    if (file.has_error()) return file.error();
    return std::unique_ptr<FileReader>(std::make_unique<SftpReader>(std::move(*file)));
  }

  Result<std::unique_ptr<FileWriter>> write(const std::string& path, std::uint64_t offset) override {
    if (offset != 0) {
      sftp_attributes_struct size{};
      size.flags = SSH_FILEXFER_ATTR_SIZE;
      size.size = offset;
      const auto cut =
          run("truncate", [&](sftp_session sftp) { return sftp_setstat(sftp, at(path).c_str(), &size) == 0; });
      if (cut.has_error()) return cut.error();
    }
    auto file = open_file(path, O_WRONLY | O_CREAT | (offset == 0 ? O_TRUNC : 0), 0640, offset);
    if (file.has_error()) return file.error();
    return std::unique_ptr<FileWriter>(std::make_unique<SftpWriter>(std::move(*file)));
  }

  Status rename(const std::string& from, const std::string& to) override {
    const auto call = [&](sftp_session sftp) { return sftp_rename(sftp, at(from).c_str(), at(to).c_str()) == 0; };
    auto status = run("rename", call);
    if (status.has_value() || status.error().code != &codes::kSftpAnswer) return status;
    // A server without posix-rename does not replace. Only reports of ours have a name that may be taken.
    const auto source = info(from);
    if (source.has_error() || !*source) return status;
    if (auto removed = remove(to); removed.has_error()) return removed;
    return run("rename", call);
  }

  Status remove(const std::string& path) override {
    const auto status = run("unlink", [&](sftp_session sftp) { return sftp_unlink(sftp, at(path).c_str()) == 0; });
    return status.has_error() && status.error().code == &codes::kFileMissing ? Status() : status;
  }

  Status make_folder(const std::string& path) override {
    for (std::size_t slash = path.find('/');; slash = path.find('/', slash + 1)) {
      const std::string part = path.substr(0, slash);
      if (!part.empty()) {
        const auto status = run("mkdir", [&](sftp_session sftp) {
          const Attributes there(sftp_stat(sftp, at(part).c_str()));
          if (there != nullptr) return there->type == SSH_FILEXFER_TYPE_DIRECTORY;
          return sftp_mkdir(sftp, at(part).c_str(), 0750) == 0;
        });
        if (status.has_error()) return status;
      }
      if (slash == std::string::npos) return {};
    }
  }

  Status sync_folder(const std::string& /*folder*/) override { return {}; }
  void cut(std::int64_t grace_ms) override { link_->watchdog.cut(grace_ms); }

 private:
  template <class Call>
  Status run(const char* name, const Call& call) {
    if (auto status = link_->connect(); status.has_error()) return status;
    return link_->run(name, link_->session, call);
  }

  Result<RemoteFile> open_file(const std::string& path, int flags, mode_t mode, std::uint64_t offset) {
    sftp_file file = nullptr;
    const auto status = run("open", [&](sftp_session sftp) {
      file = sftp_open(sftp, at(path).c_str(), flags, mode);
      return file != nullptr && (offset == 0 || sftp_seek64(file, offset) == 0);
    });
    if (status.has_error()) return status.error();
    return RemoteFile(link_, file);
  }

  [[nodiscard]] std::string at(const std::string& path) const {
    const std::string whole = join(link_->options.root, path);
    return whole.empty() ? "." : whole;
  }

  std::shared_ptr<Link> link_;  // second owners: open files
};

}  // namespace

Result<std::unique_ptr<FileSystem>> make_sftp_files(SftpOptions options) {
  ssh_key raw = nullptr;
  const std::string text = options.private_key + "\n";  // libssh wants the last line ended
  if (ssh_pki_import_privkey_base64(text.c_str(), nullptr, nullptr, nullptr, &raw) != SSH_OK) {
    return make_error(codes::kSftpKey, "key");
  }
  auto link = std::make_shared<Link>();
  link->key.reset(raw);
  link->options = std::move(options);
  return std::unique_ptr<FileSystem>(std::make_unique<SftpFiles>(std::move(link)));
}

}  // namespace tongqu::file
