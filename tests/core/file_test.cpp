// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "core/faults.hpp"

namespace ridgepoint {
namespace {

namespace fs = std::filesystem;
using testing::faults_of;
using ::testing::HasSubstr;

/// An empty folder for each test.
class File : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ridgepoint-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(File, ReadsBackWhatWasWritten) {
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(write_file_atomically(path("x"), content));
  EXPECT_EQ(read_file(path("x")).value(), content);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, IsReplacedAndKeepsItsMode) {
  ASSERT_TRUE(write_file_atomically(path("x"), "old"));
  fs::permissions(path("x"), fs::perms(0600));
  ASSERT_TRUE(write_file_atomically(path("x"), "new"));
  EXPECT_EQ(read_file(path("x")).value(), "new");
  EXPECT_EQ(fs::status(path("x")).permissions(), fs::perms(0600));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, BehindALinkIsReplacedAndTheLinkKept) {
  ASSERT_TRUE(write_file_atomically(path("x"), "old"));
  fs::create_symlink(path("x"), path("link"));
  ASSERT_TRUE(write_file_atomically(path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("x")).value(), "new");
}

TEST_F(File, ThatIsMissingOrAFolderIsSaidToBe) {
  EXPECT_THAT(faults_of(read_file(path("none"))), HasSubstr("No such file"));
  EXPECT_THAT(faults_of(read_file(folder_.string())), HasSubstr("is a directory"));
  EXPECT_THAT(faults_of(write_file_atomically(folder_.string(), "x")), HasSubstr("is a directory"));
  EXPECT_THAT(faults_of(write_file_atomically("", "x")), HasSubstr("is empty"));
}

TEST_F(File, InAFolderThatDoesNotExistIsAFault) {
  EXPECT_THAT(faults_of(write_file_atomically(path("no/such/x"), "x")), HasSubstr("No such file"));
}

TEST_F(File, LongerThanTheLimitIsRefused) {
  ASSERT_TRUE(write_file_atomically(path("x"), "12345"));
  EXPECT_TRUE(read_file(path("x"), 5));
  EXPECT_THAT(faults_of(read_file(path("x"), 4)), HasSubstr("longer than 4 bytes"));
}

TEST_F(File, ThatIsAPipeIsReadToItsEnd) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const std::string content(200'000, 'x');  // more than a pipe holds
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the reader waits for it
    EXPECT_TRUE(write_file_atomically(path("pipe"), content));
  });
  EXPECT_EQ(read_file(path("pipe")).value_or("nothing"), content);
  writer.join();
}

TEST_F(File, ThatIsAPipeWithoutAWriterIsAFaultAndNoEndlessWait) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(faults_of(read_file(path("pipe"))), HasSubstr("a pipe that no program writes to"));
}

TEST_F(File, OnAFullDiskIsAFault) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  EXPECT_THAT(faults_of(write_file_atomically("/dev/full", "x")), HasSubstr("No space left"));
}

TEST_F(File, ThatDoesNotFitLeavesTheOldOneAndNothingElse) {
  ASSERT_TRUE(write_file_atomically(path("x"), "old"));
  // A limit on the size of files stands in for a disk that fills up while writing.
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit tight{10, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const Result<void> result = write_file_atomically(path("x"), std::string(1000, 'n'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(faults_of(result), HasSubstr("cannot write: File too large"));
  EXPECT_EQ(read_file(path("x")).value(), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, ThatIsADeviceIsWrittenToAndStaysOne) {
  ASSERT_TRUE(write_file_atomically("/dev/null", "x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(File, WithoutPermissionIsAFaultAndNothingIsLeft) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  ASSERT_TRUE(write_file_atomically(path("x"), "old"));
  fs::permissions(path("x"), fs::perms(0400));
  EXPECT_THAT(faults_of(write_file_atomically(path("x"), "new")), HasSubstr("Permission denied"));
  fs::permissions(folder_, fs::perms(0500));
  EXPECT_THAT(faults_of(write_file_atomically(path("y"), "new")), HasSubstr("Permission denied"));
  fs::permissions(folder_, fs::perms(0700));
  EXPECT_EQ(read_file(path("x")).value(), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, OfPiecesIsThereOnceItIsWhole) {
  ASSERT_TRUE(write_file_atomically(path("x"), "old"));
  auto file = AtomicFile::create(path("x"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("new "));
  ASSERT_TRUE(file->write("one"));
  EXPECT_EQ(read_file(path("x")).value(), "old");
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(read_file(path("x")).value(), "new one");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(File, OfPiecesLeavesNothingWithoutACommit) {
  {
    auto file = AtomicFile::create(path("x"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("half"));
    const AtomicFile moved = std::move(*file);
  }
  EXPECT_EQ(entries(), 0u);
}

TEST_F(File, OfPiecesFollowsLinksAndSaysWhatIsWrong) {
  ASSERT_TRUE(write_file_atomically(path("x"), "old"));
  fs::create_symlink("x", folder_ / "link");
  auto file = AtomicFile::create(path("link"));
  ASSERT_TRUE(file && file->write("new") && file->commit());
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(path("x")).value(), "new");
  EXPECT_THAT(faults_of(AtomicFile::create(folder_.string())), HasSubstr("is a directory"));
  EXPECT_THAT(faults_of(AtomicFile::create(path("no/such/x"))), HasSubstr("No such file"));
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  auto full = AtomicFile::create("/dev/full");
  ASSERT_TRUE(full);
  EXPECT_THAT(faults_of(full->write("x")), HasSubstr("No space left"));
}

}  // namespace
}  // namespace ridgepoint
