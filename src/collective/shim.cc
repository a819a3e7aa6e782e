// c10d's TCPStore and ProcessGroupGloo behind C functions (src/collective/ffi.rs declares the same).
//
// Every function that can fail returns null, or a text that `scc_text_free` frees. No exception gets out.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

namespace {

using Milliseconds = std::chrono::milliseconds;

struct Store {
  c10::intrusive_ptr<c10d::TCPStore> store;
};

struct Group {
  // The group first tears down its connections, then its store.
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
  // For a peer in any call; `gloo` has that for the meeting.
  Milliseconds call_timeout;
};

char* text(const char* what) {
  char* copy = ::strdup(what != nullptr && *what != '\0' ? what : "unknown");
  // Null would say that all went well.
  if (copy == nullptr) {
    std::abort();
  }
  return copy;
}

template <typename F>
char* guarded(F&& work) noexcept {
  try {
    work();
    return nullptr;
  } catch (const c10::Error& error) {
    return text(error.what_without_backtrace());
  } catch (const std::exception& error) {
    return text(error.what());
  } catch (...) {
    return text("an exception of an unknown kind");
  }
}

c10::intrusive_ptr<c10d::TCPStore> open_store(
    const char* host,
    std::uint16_t port,
    int listener,
    std::int64_t timeout_ms) {
  c10d::TCPStoreOptions options;
  options.port = port;
  options.isServer = listener >= 0;
  if (listener >= 0) {
    options.masterListenFd = listener;
  }
  options.waitWorkers = false;
  options.timeout = Milliseconds(timeout_ms);
  // The plain server: it takes a socket that is bound already, and a few keys need no event loop.
  options.useLibUV = false;
  return c10::make_intrusive<c10d::TCPStore>(std::string(host), options);
}

// Groups of one process begin their collectives one after the other: beginning one notes it in libtorch's flight recorder,
// of which there is one a process, and whose table of groups has no lock. Two at once destroy that table.
std::mutex beginning;

// Begins a collective and waits for it; what went wrong with it is thrown here.
template <typename F>
void finish(F&& begin) {
  c10::intrusive_ptr<c10d::Work> work;
  {
    std::lock_guard<std::mutex> alone(beginning);
    work = begin();
  }
  work->wait();
}

} // namespace

extern "C" {

void scc_text_free(char* what) {
  std::free(what);
}

// Serves a store on the listening socket `listener`, which it takes over.
char* scc_store_serve(
    const char* host,
    std::uint16_t port,
    int listener,
    std::int64_t timeout_ms,
    void** out) {
  return guarded([&] {
    auto store = std::make_unique<Store>();
    store->store = open_store(host, port, listener, timeout_ms);
    *out = store.release();
  });
}

void scc_store_free(void* store) {
  delete static_cast<Store*>(store);
}

// Joins a group whose store is at `host:port`; peers reach this process at `own_host`. Meeting may take `meet_ms`, a peer
// in any call after it `call_ms`.
char* scc_group_join(
    const char* host,
    std::uint16_t port,
    const char* own_host,
    int rank,
    int size,
    std::int64_t meet_ms,
    std::int64_t call_ms,
    void** out) {
  return guarded([&] {
    auto group = std::make_unique<Group>();
    group->call_timeout = Milliseconds(call_ms);
    group->store = open_store(host, port, -1, meet_ms);
    auto options = c10d::ProcessGroupGloo::Options::create(Milliseconds(meet_ms));
    // One collective at a time.
    options->threads = 1;
    options->devices.push_back(
        c10d::ProcessGroupGloo::createDeviceForHostname(own_host));
    group->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(
        group->store, rank, size, options);
    *out = group.release();
  });
}

void scc_group_free(void* group) {
  delete static_cast<Group*>(group);
}

// Sums `tensor` (an at::Tensor, dense, on the CPU) over the group, in place.
char* scc_group_sum(void* group, void* tensor) {
  return guarded([&] {
    auto* joined = static_cast<Group*>(group);
    std::vector<at::Tensor> tensors{*static_cast<at::Tensor*>(tensor)};
    c10d::AllreduceOptions options;
    options.timeout = joined->call_timeout;
    finish([&] { return joined->gloo->allreduce(tensors, options); });
  });
}

// Overwrites `tensor` by that of rank `root`.
char* scc_group_broadcast(void* group, void* tensor, int root) {
  return guarded([&] {
    auto* joined = static_cast<Group*>(group);
    std::vector<at::Tensor> tensors{*static_cast<at::Tensor*>(tensor)};
    c10d::BroadcastOptions options;
    options.rootRank = root;
    options.timeout = joined->call_timeout;
    finish([&] { return joined->gloo->broadcast(tensors, options); });
  });
}

} // extern "C"
