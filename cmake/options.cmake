# Compiler settings shared by every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g -DNDEBUG")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(saker_options INTERFACE)
target_include_directories(saker_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(saker_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wno-missing-field-initializers -fstack-protector-strong)
# Sources are named by their paths in the project: the same bytes wherever it is built.
target_compile_options(saker_options INTERFACE
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${PROJECT_BINARY_DIR}/=build/)
if(SAKER_WARNINGS_AS_ERRORS)
  target_compile_options(saker_options INTERFACE -Werror)
endif()
if(SAKER_BUILD_FUZZERS)
  # Everything of ours is instrumented; tests/fuzz/CMakeLists.txt links libFuzzer's main().
  target_compile_definitions(saker_options INTERFACE SAKER_FUZZING)
  target_compile_options(saker_options INTERFACE
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-c99-designator)
  target_link_options(saker_options INTERFACE -fsanitize=address,undefined)
elseif(SAKER_SANITIZE)
  target_compile_options(saker_options INTERFACE -fsanitize=${SAKER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(saker_options INTERFACE -fsanitize=${SAKER_SANITIZE})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(saker_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(saker_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
target_link_options(saker_options INTERFACE -Wl,-z,relro,-z,now)
