// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Redaction and folding in front of another sink.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "outputs/fold.h"
#include "outputs/redact.h"
#include "outputs/sink.h"

namespace saker {

class PreparingSink final : public Sink {
public:
  PreparingSink(std::unique_ptr<Sink> inner, std::optional<Redactor> redactor,
                std::optional<FoldOptions> fold);

  [[nodiscard]] std::string_view name() const override { return inner_->name(); }
  [[nodiscard]] Status open(DeliveryObserver& observer, const StopSignal& stop) override;
  // Takes all of the batch unless an earlier one still waits for the inner sink.
  [[nodiscard]] WriteResult write(std::span<const OutputMessage> batch) override;
  [[nodiscard]] SinkStore stored() const override { return inner_->stored(); }
  void idle() override;
  [[nodiscard]] SteadyTime next_wake() const override;
  [[nodiscard]] Status reopen() override { return inner_->reopen(); }
  [[nodiscard]] Status drain(SteadyTime deadline) override;

private:
  void close_windows(SteadyTime now);
  WriteResult write_waiting();
  // Offers what waits until the inner sink has taken it, `deadline`, or the stop signal.
  void write_all_waiting(SteadyTime deadline);

  std::unique_ptr<Sink> inner_;
  std::optional<Redactor> redactor_;
  std::optional<Folder> folder_;
  std::vector<OutputMessage> waiting_;  // prepared, not yet taken by the inner sink
  DeliveryObserver* observer_ = nullptr;
  const StopSignal* stop_ = nullptr;
};

}  // namespace saker
