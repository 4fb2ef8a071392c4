# hiredis with TLS, from the sources that `make setup` fetches. Target: hiredis::hiredis.
set(SPEECHCOACH_HIREDIS_SOURCE ${PROJECT_SOURCE_DIR}/build/deps/hiredis CACHE PATH "hiredis source tree (make setup fetches it)")
if(NOT EXISTS ${SPEECHCOACH_HIREDIS_SOURCE}/hiredis.h)
  message(FATAL_ERROR
    "hiredis is not in ${SPEECHCOACH_HIREDIS_SOURCE}.\n"
    "`make setup` fetches it; or point SPEECHCOACH_HIREDIS_SOURCE at a source tree of it, 1.3 or newer, in a folder named hiredis.")
endif()

find_package(OpenSSL 3.0 REQUIRED)
if(NOT TARGET hiredis::hiredis)
  set(hiredis_sources alloc.c async.c hiredis.c net.c read.c sds.c sockcompat.c ssl.c)
  list(TRANSFORM hiredis_sources PREPEND ${SPEECHCOACH_HIREDIS_SOURCE}/)
  add_library(speechcoach_hiredis STATIC ${hiredis_sources})
  target_compile_options(speechcoach_hiredis PRIVATE -w)
  target_compile_definitions(speechcoach_hiredis PRIVATE _GNU_SOURCE)
  get_filename_component(hiredis_parent ${SPEECHCOACH_HIREDIS_SOURCE} DIRECTORY)
  target_include_directories(speechcoach_hiredis SYSTEM PUBLIC ${hiredis_parent})
  target_link_libraries(speechcoach_hiredis PUBLIC OpenSSL::SSL)
  add_library(hiredis::hiredis ALIAS speechcoach_hiredis)
endif()
