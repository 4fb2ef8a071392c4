# cctz comes without a CMake or pkg-config file. Gives the target cctz::cctz.
find_path(CCTZ_INCLUDE_DIR cctz/time_zone.h REQUIRED)
find_library(CCTZ_LIBRARY cctz REQUIRED)
if(NOT TARGET cctz::cctz)
  add_library(cctz::cctz INTERFACE IMPORTED)
  target_include_directories(cctz::cctz INTERFACE ${CCTZ_INCLUDE_DIR})
  target_link_libraries(cctz::cctz INTERFACE ${CCTZ_LIBRARY})
endif()
