// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace ridgepoint {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close_now(); }

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  /// False when the last bytes could not be stored.
  bool close_now() {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

/// Holds Ctrl-C back while it lives, so that no half-written file is left behind.
class InterruptsHeld {
 public:
  InterruptsHeld() {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&held, signal);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  InterruptsHeld(const InterruptsHeld&) = delete;
  InterruptsHeld& operator=(const InterruptsHeld&) = delete;
  ~InterruptsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// What to do about an error of the system.
const char* remedy(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "check the path; its folder must exist";
    case EACCES:
    case EPERM:
    case EROFS:
      return "check its permissions, or name another path";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "make room there, or name another path";
    default:
      return "name another path";
  }
}

tl::unexpected<Diagnostics> system_fault(const std::string& path, std::string_view doing,
                                         int error) {
  return fail(path, fmt::format("cannot {}: {}", doing, std::strerror(error)), remedy(error));
}

/// Waits until something can be read from `fd`, or its last writer is gone; false after
/// `milliseconds` in vain. Below 0 means for ever.
bool await_data(int fd, int milliseconds) {
  struct pollfd waiting{fd, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, milliseconds);
  } while (ready < 0 && errno == EINTR);
  return ready != 0;
}

/// Appends what `fd` still holds, at most a little more than `max_bytes`; false with errno set.
bool read_all(int fd, std::size_t max_bytes, std::string& content) {
  std::array<char, 65536> buffer;
  while (content.size() <= max_bytes) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got == 0) return true;
    if (got > 0) {
      content.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (errno == EAGAIN) {
      await_data(fd, -1);  // a writer is there, and takes its time
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// What a symbolic link leads to; the path itself when it is none or leads nowhere.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? std::string(real.get()) : path;
}

Result<void> write_directly(const std::string& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) return system_fault(path, "open it for writing", errno);
  if (!write_all(file.get(), content)) return system_fault(path, "write", errno);
  return {};
}

/// Runs `make` with names beside `target` until one is free; that is in `temporary` afterwards.
template <class Make>
int make_beside(const std::string& target, std::string& temporary, const Make& make) {
  constexpr int kAttempts = 100;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    temporary = fmt::format("{}.{}-{}.tmp", target, ::getpid(), attempt);
    const int made = make(temporary.c_str());
    if (made >= 0 || errno != EEXIST) return made;
  }
  return -1;
}

/// Creates a file beside `target`; its name is in `temporary` afterwards.
int create_beside(const std::string& target, mode_t mode, std::string& temporary) {
  return make_beside(target, temporary, [&](const char* name) {
    return ::open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  });
}

Result<void> replace(const std::string& path, const std::string& target, mode_t mode,
                     std::string_view content) {
  const InterruptsHeld held;
  std::string temporary;
  Descriptor file(create_beside(target, mode, temporary));
  if (!file.is_open()) return system_fault(path, "write", errno);
  const bool stored = write_all(file.get(), content) && ::fsync(file.get()) == 0;
  int error = stored ? 0 : errno;
  if (!file.close_now() && error == 0) error = errno;
  if (error == 0 && std::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(temporary.c_str());
  return system_fault(path, "write", error);
}

/// Where a path leads to.
struct Place {
  std::string target;
  mode_t mode = 0;         ///< of what will be there
  bool is_stream = false;  ///< a device or a pipe
};
Result<Place> place_of(const std::string& path) {
  if (path.empty())
    return fail("output file", "the path is empty", "name a file, such as result.json");
  const std::string target = resolved(path);
  struct stat status{};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return fail(path, "is a directory", "name a file in it");
  }
  if (exists && !S_ISREG(status.st_mode)) return Place{target, 0, true};
  if (exists && ::access(target.c_str(), W_OK) != 0) return system_fault(path, "write", errno);
  constexpr mode_t kNewFile = 0666;  // less what the umask takes
  return Place{target, exists ? status.st_mode & 07777 : kNewFile, false};
}

/// How a process calls what it has open.
std::string name_of(int fd) { return fmt::format("/proc/self/fd/{}", fd); }

/// A file in the folder of `target` that has no name, and is gone with the process however that
/// ends; where the file system has none such, one with a name: `temporary`.
int create_unseen(const std::string& target, mode_t mode, std::string& temporary) {
  const std::size_t slash = target.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : target.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
  if (fd >= 0 && ::access(name_of(fd).c_str(), F_OK) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return create_beside(target, mode, temporary);
}

bool give_name(int fd, const std::string& target, std::string& temporary) {
  std::string made;
  const int linked = make_beside(target, made, [&](const char* name) {
    return ::linkat(AT_FDCWD, name_of(fd).c_str(), AT_FDCWD, name, AT_SYMLINK_FOLLOW);
  });
  if (linked == 0) temporary = made;
  return linked == 0;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  if (path.empty()) return fail("input file", "the path is empty", "name a file");
  // Not to block in open() where a pipe has no writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return system_fault(path, "read", errno);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return system_fault(path, "read", errno);
  if (S_ISDIR(status.st_mode)) return fail(path, "is a directory", "name a file in it");
  constexpr int kWriterWait = 2000;  // milliseconds
  const bool is_silent = S_ISFIFO(status.st_mode) && !await_data(file.get(), kWriterWait);
  std::string content;
  if (!read_all(file.get(), max_bytes, content)) return system_fault(path, "read", errno);
  if (content.size() > max_bytes) {
    return fail(path, fmt::format("is longer than {} bytes", max_bytes),
                "is it the right file? configurations and device files take kilobytes");
  }
  if (is_silent && content.empty()) {
    return fail(path, "is a pipe that no program writes to",
                "start its writer first, or name a file");
  }
  return content;
}

Result<void> write_file_atomically(const std::string& path, std::string_view content) {
  const auto place = place_of(path);
  if (!place) return fail(place.error());
  if (place->is_stream) return write_directly(path, content);
  return replace(path, place->target, place->mode, content);
}

struct AtomicFile::Draft {
  Draft(std::string as_given, Place at, std::string name, int fd)
      : path(std::move(as_given)), place(std::move(at)), temporary(std::move(name)), file(fd) {}

  std::string path;  ///< as it was given
  Place place;
  std::string temporary;  ///< empty: the file has no name yet
  Descriptor file;

  ~Draft() {
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }
};

AtomicFile::AtomicFile(std::unique_ptr<Draft> draft) : draft_(std::move(draft)) {}
AtomicFile::AtomicFile(AtomicFile&&) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&&) noexcept = default;
AtomicFile::~AtomicFile() = default;

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  auto place = place_of(path);
  if (!place) return fail(place.error());
  std::string temporary;
  const int fd = place->is_stream ? ::open(path.c_str(), O_WRONLY | O_CLOEXEC)
                                  : create_unseen(place->target, place->mode, temporary);
  if (fd < 0) return system_fault(path, "write", errno);
  return AtomicFile(std::make_unique<Draft>(path, std::move(*place), std::move(temporary), fd));
}

Result<void> AtomicFile::write(std::string_view piece) {
  if (!write_all(draft_->file.get(), piece)) return system_fault(draft_->path, "write", errno);
  return {};
}

Result<void> AtomicFile::commit() {
  Draft& draft = *draft_;
  if (draft.place.is_stream) return {};
  const InterruptsHeld held;
  bool is_stored = ::fsync(draft.file.get()) == 0;
  if (is_stored && draft.temporary.empty()) {
    is_stored = give_name(draft.file.get(), draft.place.target, draft.temporary);
  }
  is_stored = is_stored && std::rename(draft.temporary.c_str(), draft.place.target.c_str()) == 0;
  if (!is_stored) return system_fault(draft.path, "write", errno);
  draft.temporary.clear();
  return {};
}

}  // namespace ridgepoint
