// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The capture files of a run: what the configuration and `saker record` ask for.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/engine_loop.h"
#include "app/log.h"
#include "app/record_request.h"
#include "app/recording/event_observer.h"
#include "compat/config/config.h"
#include "outputs/outputs.h"

namespace saker::app {

class Recordings {
public:
  // `log` and `outputs` are told about complete files and outlive the recordings. Fails when the
  // filter of `request` is wrong.
  [[nodiscard]] static Result<Recordings> make(const config::Config& config,
                                               const std::optional<RecordRequest>& request,
                                               std::shared_ptr<const FieldCatalogue> fields,
                                               Log& log, Outputs& outputs);

  void attach(EngineLoop& loop);
  // Completes all files.
  [[nodiscard]] Status finish();

private:
  std::vector<std::unique_ptr<EventObserver>> observers_;
};

}  // namespace saker::app
