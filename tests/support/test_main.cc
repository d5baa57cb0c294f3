// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// main() of every GoogleTest program. It keeps skipped tests visible: a program in which everything
// was skipped exits with 77, which CTest shows as "Skipped" and not as "Passed", and each skipped
// test is appended with its reason to the file named by SAKER_SKIP_LOG, from which `make test`
// prints its list.
#include <cstdlib>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

// CTest's convention (SKIP_RETURN_CODE in cmake/modules.cmake).
constexpr int kSkippedExitStatus = 77;

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n') {
      c = ' ';
    }
  }
  while (!text.empty() && text.back() == ' ') {
    text.pop_back();
  }
  return text;
}

class SkipLog : public testing::EmptyTestEventListener {
public:
  explicit SkipLog(const char* path) {
    if (path != nullptr && *path != '\0') {
      file_.open(path, std::ios::app);
    }
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    const testing::TestResult& result = *test.result();
    for (int i = 0; i < result.total_part_count(); ++i) {
      const testing::TestPartResult& part = result.GetTestPartResult(i);
      if (part.skipped() && file_.is_open()) {
        file_ << test.test_suite_name() << '.' << test.name() << ": " << one_line(part.message())
              << std::endl;
      }
    }
  }

private:
  std::ofstream file_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  const testing::UnitTest& unit = *testing::UnitTest::GetInstance();
  // GoogleTest owns the listener.
  testing::UnitTest::GetInstance()->listeners().Append(new SkipLog(std::getenv("SAKER_SKIP_LOG")));
  const int status = RUN_ALL_TESTS();
  if (status != 0) {
    return status;
  }
  const bool all_skipped =
      unit.test_to_run_count() > 0 && unit.skipped_test_count() == unit.test_to_run_count();
  return all_skipped ? kSkippedExitStatus : 0;
}
