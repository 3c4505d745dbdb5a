#include "daemon/notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace tocsin {
namespace {

// systemd's end: a datagram socket that NOTIFY_SOCKET names.
class NotifyTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "notifyXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    const std::string path = directory_ / "socket";
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ASSERT_GE(socket_, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    ASSERT_LT(path.size(), sizeof(address.sun_path));
    path.copy(address.sun_path, path.size());
    ASSERT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }

  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
    close(socket_);
    std::filesystem::remove_all(directory_);
  }

  // The next datagram that was sent; nothing if none was.
  std::string Received() const {
    std::array<char, 512> buffer;
    const ssize_t size = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer.data(), static_cast<size_t>(size));
  }

 private:
  std::filesystem::path directory_;
  int socket_ = -1;
};

TEST_F(NotifyTest, EachCallIsOneDatagram) {
  notify::Ready();
  EXPECT_EQ(Received(), "READY=1");
  notify::Stopping();
  EXPECT_EQ(Received(), "STOPPING=1");
  notify::Watchdog();
  EXPECT_EQ(Received(), "WATCHDOG=1");
  notify::ExtendTimeout(std::chrono::seconds(90));
  EXPECT_EQ(Received(), "EXTEND_TIMEOUT_USEC=90000000");
  EXPECT_EQ(Received(), "");
}

TEST_F(NotifyTest, AStatusIsOneLineAndCannotSayMore) {
  notify::Status("reload failed: rules.yaml:3:1\nREADY=1");
  EXPECT_EQ(Received(), "STATUS=reload failed: rules.yaml:3:1 READY=1");
}

TEST_F(NotifyTest, AReloadCarriesTheMonotonicTime) {
  timespec before{};
  ASSERT_EQ(clock_gettime(CLOCK_MONOTONIC, &before), 0);
  notify::Reloading();
  timespec after{};
  ASSERT_EQ(clock_gettime(CLOCK_MONOTONIC, &after), 0);
  const std::string prefix = "RELOADING=1\nMONOTONIC_USEC=";
  const std::string got = Received();
  ASSERT_EQ(got.rfind(prefix, 0), 0U) << got;
  const auto micros = [](const timespec& time) {
    return int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1'000;
  };
  const int64_t sent_us = std::stoll(got.substr(prefix.size()));
  EXPECT_LE(micros(before), sent_us);
  EXPECT_LE(sent_us, micros(after));
}

TEST_F(NotifyTest, WithoutSystemdNothingHappens) {
  unsetenv("NOTIFY_SOCKET");
  notify::Ready();
  notify::Status("nobody hears");
  EXPECT_EQ(Received(), "");
}

TEST_F(NotifyTest, ASupervisorThatIsGoneDoesNotStopUs) {
  setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
  notify::Ready();
  notify::Watchdog();
  EXPECT_EQ(Received(), "");
}

}  // namespace
}  // namespace tocsin
