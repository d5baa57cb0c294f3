// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The one file that includes librdkafka.
#include "outputs/kafka/kafka_producer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <mutex>
#include <string>

#include <librdkafka/rdkafka.h>

#include "engine/base/check.h"

namespace saker {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMs = 50;
// How long purged messages may take to report themselves; later reports are ignored.
constexpr std::chrono::seconds kPurgeWait{5};
constexpr std::size_t kErrorTextBytes = 512;

struct HandleDeleter {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
};
struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Handle = std::unique_ptr<rd_kafka_t, HandleDeleter>;
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDeleter>;

// The record itself cannot be taken, now or later. Source: Kafka protocol guide, error codes.
constexpr std::array kRejectedErrors = {
    RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_MSG,
    RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE,   RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
    RD_KAFKA_RESP_ERR_INVALID_RECORD,     RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
    RD_KAFKA_RESP_ERR_POLICY_VIOLATION,   RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
};
// Perhaps because of the record's topic: others may go on.
constexpr std::array kFailedErrors = {
    RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,        RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
    RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,           RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE,
};
constexpr std::array kNotTriedErrors = {
    RD_KAFKA_RESP_ERR__PURGE_QUEUE,
    RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
    RD_KAFKA_RESP_ERR__DESTROY,
};

Outcome outcome_of(rd_kafka_resp_err_t error) {
  using enum Outcome::Kind;
  const auto is_in = [error](const auto& list) {
    return std::ranges::find(list, error) != list.end();
  };
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return {.kind = kAcknowledged};
  }
  Outcome outcome{.reason = rd_kafka_err2str(error)};
  outcome.kind = is_in(kNotTriedErrors)   ? kNotTried
                 : is_in(kRejectedErrors) ? kRejected
                 : is_in(kFailedErrors)   ? kFailed
                                          : kUnavailable;
  return outcome;
}

// Delivery reports carry the batch and the place in it as their opaque pointer.
void* opaque_of(std::uint32_t batch, std::size_t index) {
  return std::bit_cast<void*>((std::uint64_t{batch} << 32) | index);
}

}  // namespace

struct KafkaProducer::Impl {
  std::vector<KafkaProperty> properties;
  Handle handle;

  // The batch that is being sent; touched only by the thread in send(), which also runs reports.
  std::uint32_t batch = 0;
  std::vector<Outcome> outcomes;
  std::size_t missing = 0;
  bool has_outage = false;

  // What librdkafka said last about its connections, from its threads.
  std::mutex mutex;
  std::string last_trouble;

  Status connect();
  Status set_properties(rd_kafka_conf_t* conf);
  bool produce(const DeliveryRecord& record, std::size_t index, const StopSignal& stop);
  rd_kafka_headers_t* headers_of(const DeliveryRecord& record);
  void await_reports(const StopSignal& stop);
  void take_report(const rd_kafka_message_t& message);
  std::string trouble_text(const std::string& reason);

  static void on_report(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* self) {
    static_cast<Impl*>(self)->take_report(*message);
  }
  static void on_error(rd_kafka_t* /*handle*/, int /*error*/, const char* text, void* self) {
    auto* impl = static_cast<Impl*>(self);
    const std::lock_guard guard(impl->mutex);
    impl->last_trouble = text;
  }
  // Errors reach us through on_error and the reports; its log lines repeat them.
  static void on_log(const rd_kafka_t* /*handle*/, int /*level*/, const char* /*facility*/,
                     const char* /*text*/) {}
};

Status KafkaProducer::Impl::set_properties(rd_kafka_conf_t* conf) {
  std::array<char, kErrorTextBytes> text{};
  for (const KafkaProperty& property : properties) {
    if (rd_kafka_conf_set(conf, property.name.c_str(), property.value.c_str(), text.data(),
                          text.size()) != RD_KAFKA_CONF_OK) {
      return fail(ErrorCode::kInvalidArgument, property.key + ": " + text.data());
    }
  }
  return {};
}

Status KafkaProducer::Impl::connect() {
  handle.reset();
  Conf conf(rd_kafka_conf_new());
  SAKER_RETURN_IF_ERROR(set_properties(conf.get()));
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), on_report);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  std::array<char, kErrorTextBytes> text{};
  handle.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), text.data(), text.size()));
  if (handle == nullptr) {
    return fail(ErrorCode::kInvalidArgument, std::string("kafka_output: ") + text.data());
  }
  static_cast<void>(conf.release());  // rd_kafka_new() has taken it
  return {};
}

rd_kafka_headers_t* KafkaProducer::Impl::headers_of(const DeliveryRecord& record) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const RecordHeader& header : record.headers) {
    rd_kafka_header_add(headers, header.name.data(), static_cast<ssize_t>(header.name.size()),
                        header.value.data(), static_cast<ssize_t>(header.value.size()));
  }
  return headers;
}

// Queues one record. False: no outcome will come by a report, `outcomes` holds it.
bool KafkaProducer::Impl::produce(const DeliveryRecord& record, std::size_t index,
                                  const StopSignal& stop) {
  std::array<rd_kafka_vu_t, 6> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = record.destination.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[1].u.i = RD_KAFKA_MSG_F_COPY;  // so the library never writes to what it is given
  parts[2].vtype = RD_KAFKA_VTYPE_KEY;
  parts[2].u.mem = {const_cast<char*>(record.key.data()), record.key.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[3].u.mem = {const_cast<char*>(record.payload.data()), record.payload.size()};
  parts[4].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[4].u.ptr = opaque_of(batch, index);
  parts[5].vtype = RD_KAFKA_VTYPE_HEADERS;
  while (!stop.is_set()) {
    rd_kafka_headers_t* headers = headers_of(record);
    parts[5].u.headers = headers;
    rd_kafka_error_t* problem = rd_kafka_produceva(handle.get(), parts.data(), parts.size());
    if (problem == nullptr) {
      return true;
    }
    const rd_kafka_resp_err_t error = rd_kafka_error_code(problem);
    rd_kafka_error_destroy(problem);
    rd_kafka_headers_destroy(headers);
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      outcomes[index] = outcome_of(error);
      has_outage |= outcomes[index].kind == Outcome::Kind::kUnavailable;
      return false;
    }
    rd_kafka_poll(handle.get(), kPollMs);
  }
  return false;
}

void KafkaProducer::Impl::take_report(const rd_kafka_message_t& message) {
  const auto opaque = std::bit_cast<std::uint64_t>(message._private);
  const std::size_t index = opaque & 0xffffffff;
  if (opaque >> 32 != batch || index >= outcomes.size() || missing == 0) {
    return;
  }
  outcomes[index] = outcome_of(message.err);
  --missing;
  if (outcomes[index].kind == Outcome::Kind::kUnavailable) {
    has_outage = true;
    outcomes[index].reason = trouble_text(outcomes[index].reason);
  }
}

std::string KafkaProducer::Impl::trouble_text(const std::string& reason) {
  const std::lock_guard guard(mutex);
  return last_trouble.empty() ? reason : reason + " (" + last_trouble + ")";
}

// Once the brokers are known to be away, what has not been sent is taken back, so that it cannot
// overtake what failed.
void KafkaProducer::Impl::await_reports(const StopSignal& stop) {
  bool is_taken_back = false;
  bool is_given_up = false;
  Clock::time_point end{};
  while (missing > 0 && !(is_given_up && Clock::now() > end)) {
    if (stop.is_set() && !is_given_up) {
      rd_kafka_purge(handle.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
      is_given_up = true;
      end = Clock::now() + kPurgeWait;
    } else if (has_outage && !is_taken_back) {
      rd_kafka_purge(handle.get(), RD_KAFKA_PURGE_F_QUEUE);
      is_taken_back = true;
    }
    rd_kafka_poll(handle.get(), kPollMs);
  }
}

KafkaProducer::KafkaProducer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KafkaProducer::KafkaProducer(KafkaProducer&&) noexcept = default;
KafkaProducer& KafkaProducer::operator=(KafkaProducer&&) noexcept = default;
KafkaProducer::~KafkaProducer() = default;

Result<KafkaProducer> KafkaProducer::create(std::vector<KafkaProperty> properties) {
  static_assert(sizeof(void*) == sizeof(std::uint64_t));
  auto impl = std::make_unique<Impl>();
  impl->properties = std::move(properties);
  SAKER_RETURN_IF_ERROR(impl->connect());
  return KafkaProducer(std::move(impl));
}

void KafkaProducer::idle() {
  if (impl_->handle != nullptr) {
    rd_kafka_poll(impl_->handle.get(), 0);
  }
}

std::vector<Outcome> KafkaProducer::send(std::span<const DeliveryRecord> records,
                                         const StopSignal& stop) {
  Impl& impl = *impl_;
  std::array<char, kErrorTextBytes> text{};
  // A fatal error of the idempotent producer ends that producer, not the sink.
  const bool is_dead =
      impl.handle == nullptr || rd_kafka_fatal_error(impl.handle.get(), text.data(), text.size()) !=
                                    RD_KAFKA_RESP_ERR_NO_ERROR;
  ++impl.batch;
  impl.outcomes.assign(records.size(), {});
  impl.missing = 0;
  impl.has_outage = false;
  if (is_dead) {
    if (const Status status = impl.connect(); !status) {
      impl.outcomes.assign(records.size(),
                           {Outcome::Kind::kUnavailable, status.error().message, {}});
      return std::move(impl.outcomes);
    }
  }
  for (std::size_t i = 0; i < records.size() && !impl.has_outage && !stop.is_set(); ++i) {
    ++impl.missing;  // before: a report may come while the next record is being queued
    if (!impl.produce(records[i], i, stop)) {
      --impl.missing;
    }
  }
  impl.await_reports(stop);
  return std::move(impl.outcomes);
}

}  // namespace saker
