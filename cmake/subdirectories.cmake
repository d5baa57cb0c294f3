# Adds test folders without anybody listing them, so that branches that add folders do not conflict.

# saker_known_directories(<out> <dir>): every folder that CMake has already entered at or below <dir>.
function(saker_known_directories out dir)
  get_property(children DIRECTORY ${dir} PROPERTY SUBDIRECTORIES)
  set(all ${dir})
  foreach(child IN LISTS children)
    saker_known_directories(below ${child})
    list(APPEND all ${below})
  endforeach()
  set(${out} ${all} PARENT_SCOPE)
endfunction()

# saker_add_subdirectories(): adds each folder below the calling one that has a CMakeLists.txt and that
# no folder above it has added itself. Folders without one are only walked through.
function(saker_add_subdirectories)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CMakeLists.txt)
  list(REMOVE_ITEM files CMakeLists.txt)
  list(TRANSFORM files REPLACE "/CMakeLists.txt$" "")
  list(SORT files)  # "a" before "a/b": parents first
  foreach(dir IN LISTS files)
    saker_known_directories(known ${CMAKE_CURRENT_SOURCE_DIR})
    if(NOT ${CMAKE_CURRENT_SOURCE_DIR}/${dir} IN_LIST known)
      add_subdirectory(${dir})
    endif()
  endforeach()
endfunction()
