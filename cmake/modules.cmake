# saker_module(NAME eval SOURCES a.cc b.cc DEPS saker::field PRIVATE_DEPS PkgConfig::RE2)
# A static library saker_<NAME>, alias saker::<NAME>. Sources are relative to the calling folder.
function(saker_module)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(saker_${ARG_NAME} STATIC ${ARG_SOURCES})
  add_library(saker::${ARG_NAME} ALIAS saker_${ARG_NAME})
  target_link_libraries(saker_${ARG_NAME} PUBLIC saker_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
endfunction()

# saker_test(NAME unit.eval.lower SOURCES unit/engine/eval/lower_test.cc DEPS saker::eval LABELS unit)
# A GoogleTest program registered as one CTest test. Exit status 77 means skipped (tests/support/test_main.cc).
function(saker_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  string(REPLACE "." "_" target "test_${ARG_NAME}")
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE saker_options ${ARG_DEPS} saker_test_main)
  add_test(NAME ${ARG_NAME} COMMAND ${target})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS "${ARG_LABELS}" SKIP_RETURN_CODE 77 TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "TZ=UTC;SAKER_SOURCE_DIR=${PROJECT_SOURCE_DIR};SAKER_BIN=${PROJECT_BINARY_DIR}/saker;SAKER_SKIP_LOG=${PROJECT_BINARY_DIR}/skipped_tests.txt")
endfunction()
