// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An event made of given fields: a record of its type with defaults, a small process tree (systemd,
// a shell, the process), and over both what was given. Everything that fields read stands ready.
//
//   auto event = GivenEvent::make(std::move(given));
//   matcher.match(event->context());   // rules loaded with make_given_catalogue()
#pragma once

#include <memory>

#include "kit/given/given_values.h"

namespace saker {

class GivenEvent {
public:
  static constexpr std::uint64_t kDefaultTsNs = 1'700'000'000'000'000'000;

  // The type comes from evt.type, which must be given. Derives further fields.
  [[nodiscard]] static Result<GivenEvent> make(GivenValues given, std::uint64_t number = 1,
                                               std::uint64_t ts_ns = kDefaultTsNs);
  GivenEvent(GivenEvent&&) noexcept;
  ~GivenEvent();

  // Borrowed from the event.
  [[nodiscard]] FieldContext context() const;
  [[nodiscard]] const GivenValues& given() const;

private:
  struct Impl;
  explicit GivenEvent(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
