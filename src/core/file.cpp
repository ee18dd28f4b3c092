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

/// Creates a file beside `target`; its name is in `temporary` afterwards.
int create_beside(const std::string& target, mode_t mode, std::string& temporary) {
  constexpr int kAttempts = 100;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    temporary = fmt::format("{}.{}-{}.tmp", target, ::getpid(), attempt);
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
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
  if (path.empty())
    return fail("output file", "the path is empty", "name a file, such as result.json");
  const std::string target = resolved(path);
  struct stat status{};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return fail(path, "is a directory", "name a file in it");
  }
  if (exists && !S_ISREG(status.st_mode)) return write_directly(path, content);
  if (exists && ::access(target.c_str(), W_OK) != 0) return system_fault(path, "write", errno);
  constexpr mode_t kNewFile = 0666;  // less what the umask takes
  return replace(path, target, exists ? status.st_mode & 07777 : kNewFile, content);
}

}  // namespace ridgepoint
