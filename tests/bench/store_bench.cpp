// How fast the store takes and settles exchanges: 1 KiB payload, one outbox row each, real files.
// Usage: bench_store [exchanges] [waiting] [gm|intl|toy] [folder]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <semaphore>
#include <thread>

#include "security/audit/sequencer.hpp"
#include "security/crypto/keys.hpp"
#include "tests/component/store/store_items.hpp"
#include "tests/support/chain_sequencer.hpp"
#include "tests/support/data.hpp"

namespace tongqu::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long resident_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

std::string random_bytes(std::mt19937_64& random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

struct Load {
  SqlStore& store;
  std::ptrdiff_t waiting;
  std::mt19937_64 random{20'260'421};
  std::uint64_t next = 1;
  std::string payload = random_bytes(random, 1024);

  NewExchange make() {
    const ExchangeId id = make_exchange_id(SystemClock().now().ms);
    NewExchange exchange = new_exchange(id, "city-a", "GD" + std::to_string(random() % 100'000'000));
    exchange.sealed_original = exchange.sealed_record = payload;
    exchange.dedup_key = "city-a|workorder.transfer|" + std::to_string(random());
    exchange.nonce = to_hex(random_bytes(random, 16));
    exchange.nonce_expires_ms = SystemClock().now().ms + 300'000;
    exchange.entry = AuditEntryBuilder("stored", SystemClock().now())
                         .text("exchange", id.str())
                         .text("partner", "city-a")
                         .text("service", "workorder.transfer")
                         .text("config", exchange.config.str())
                         .text("method", "hmac")
                         .text("body", std::string(64, 'b'))
                         .text("record", std::string(64, 'r'))
                         .finish();
    exchange.outbox.push_back(outbox_to(id, "platform", exchange.matter.str()));
    exchange.outbox.front().sealed = payload;
    exchange.outbox.front().ledger = std::string(300, 'l');
    return exchange;
  }

  // Calls `submit(i, done)` for 0 … count-1 with at most `waiting` unanswered.
  template <class Submit>
  double run(std::size_t count, Submit submit) {
    std::counting_semaphore<1 << 20> room(waiting);
    const auto start = SteadyClock::now();
    for (std::size_t i = 0; i < count; ++i) {
      room.acquire();
      submit(i, [&room] { room.release(); });
    }
    for (std::ptrdiff_t i = 0; i < waiting; ++i) room.acquire();
    return seconds_since(start);
  }
};

void require(bool sound, const char* what) {
  if (sound) return;
  std::fprintf(stderr, "failed: %s\n", what);
  std::exit(1);
}

void throughput(Load& load, std::size_t count) {
  std::vector<std::string> messages(count);
  double cpu = cpu_seconds();
  double took = load.run(count, [&](std::size_t i, auto done) {
    NewExchange exchange = load.make();
    messages[i] = exchange.outbox.front().message_id;
    load.store.commit(std::move(exchange), [done](Result<Stored> stored) {
      require(stored.has_value(), "commit");
      done();
    });
  });
  double cpu_now = cpu_seconds();
  std::printf("store   waiting %4td: %8.0f /s, %5.1f us CPU each\n", load.waiting, static_cast<double>(count) / took,
              (cpu_now - cpu) / static_cast<double>(count) * 1e6);
  cpu = cpu_now;
  took = load.run(count, [&](std::size_t i, auto done) {
    Settlement s = settlement(messages[i], SettleTo::kDelivered);
    s.at = SystemClock().now();
    load.store.settle(std::move(s), [done](Status status) {
      require(status.has_value(), "settle");
      done();
    });
  });
  cpu_now = cpu_seconds();
  std::printf("settle  waiting %4td: %8.0f /s, %5.1f us CPU each\n", load.waiting, static_cast<double>(count) / took,
              (cpu_now - cpu) / static_cast<double>(count) * 1e6);
}

// The stored ones are settled at once, by the callbacks' thread: what the gateway does under load.
void both(Load& load, std::size_t count) {
  const double cpu = cpu_seconds();
  const double took = load.run(count, [&](std::size_t, auto done) {
    NewExchange exchange = load.make();
    auto message = exchange.outbox.front().message_id;
    load.store.commit(std::move(exchange), [&load, done, message](Result<Stored> stored) {
      require(stored.has_value(), "commit");
      load.store.settle(settlement(message, SettleTo::kDelivered), [done](Status status) {
        require(status.has_value(), "settle");
        done();
      });
    });
  });
  std::printf("both    waiting %4td: %8.0f stored and settled/s, %5.1f us CPU each, peak memory %ld MiB\n",
              load.waiting, static_cast<double>(count) / took, (cpu_seconds() - cpu) / static_cast<double>(count) * 1e6,
              resident_kib() / 1024);
}

void latency(Load& load, std::size_t per_second, std::size_t count) {
  std::vector<double> took_ms(count);
  std::counting_semaphore<1 << 20> answered(0);
  std::mutex mutex;
  std::condition_variable never;
  const auto start = SteadyClock::now();
  for (std::size_t i = 0; i < count; ++i) {
    const auto due = start + std::chrono::microseconds(i * 1'000'000 / per_second);
    {
      std::unique_lock lock(mutex);
      never.wait_until(lock, due, [] { return false; });
    }
    load.store.commit(load.make(), [&, i, due](Result<Stored> stored) {
      require(stored.has_value(), "commit");
      took_ms[i] = seconds_since(due) * 1000;
      answered.release();
    });
  }
  for (std::size_t i = 0; i < count; ++i) answered.acquire();
  std::sort(took_ms.begin(), took_ms.end());
  std::printf("latency at %zu/s: median %.2f ms, 99 %% %.2f ms, worst %.2f ms\n", per_second, took_ms[count / 2],
              took_ms[count * 99 / 100], took_ms.back());
}

std::unique_ptr<AuditSequencer> make_sequencer(const std::string& suite) {
  if (suite == "toy") {
    auto toy = std::make_unique<ChainSequencer>();
    toy->set_path_length(17);
    return toy;
  }
  const auto key = generate_key(suite == "gm" ? "sm2-sm3" : "ed25519");
  require(key.has_value(), "key");
  auto sequencer =
      LogSequencer::create(suite == "gm" ? SuiteId::kGm : SuiteId::kIntl, "tongqu.test/log", key->private_pem);
  require(sequencer.has_value(), "sequencer");
  return std::move(*sequencer);
}

int run(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 50'000;
  const std::string suite = argc > 3 ? argv[3] : "gm";
  const auto sequencer = make_sequencer(suite);
  const SystemClock clock;
  StoreOptions options;
  options.folder = argc > 4 ? std::filesystem::path(argv[4]) : temporary_folder("bench");
  auto store = SqlStore::open(options, *sequencer, clock);
  require(store.has_value(), "open");
  Load load{**store, argc > 2 ? std::atoi(argv[2]) : 64};
  std::printf("suite %s, %zu exchanges\n", suite.c_str(), count);
  throughput(load, count);
  both(load, count);
  latency(load, 1000, 5000);
  return 0;
}

}  // namespace
}  // namespace tongqu::test

int main(int argc, char** argv) { return tongqu::test::run(argc, argv); }
