# One room, one call: its sources, the rooms it may use, the third-party headers it may include, its unit tests.
#
#   speechcoach_room(NAME audio
#     SOURCES wav.cpp ...            # in this folder
#     DEPS base model                # rooms whose headers it may include; linked PUBLIC
#     LIBS spdlog::spdlog ...        # third-party, PRIVATE
#     PUBLIC_LIBS ...                # third-party that its own headers need
#     HEADERS spdlog/ fmt/ ...       # prefixes of the third-party headers it may include
#     TESTS wav_test.cpp ...         # GoogleTest; together one executable, speechcoach_<name>_test
#     TEST_LIBS ...                  # more rooms' targets or libraries for the tests
#     SERIAL_TESTS)                  # each test uses all cores: no other runs beside it
#
# tools/check_layers.py reads these calls and refuses a stray include.
function(speechcoach_room)
  cmake_parse_arguments(ROOM "SERIAL_TESTS" "NAME" "SOURCES;DEPS;LIBS;PUBLIC_LIBS;HEADERS;TESTS;TEST_LIBS" ${ARGN})
  set(target speechcoach_${ROOM_NAME})
  if(ROOM_SOURCES)
    add_library(${target} STATIC ${ROOM_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE speechcoach_warnings ${ROOM_LIBS})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_DEPS PREPEND speechcoach_ OUTPUT_VARIABLE deps)
  target_link_libraries(${target} ${scope} ${deps} ${ROOM_PUBLIC_LIBS})
  if(BUILD_TESTING AND ROOM_TESTS)
    add_executable(${target}_test ${ROOM_TESTS})
    target_link_libraries(${target}_test PRIVATE ${target} speechcoach_warnings ${ROOM_TEST_LIBS} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${target}_test PRIVATE SPEECHCOACH_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
    gtest_discover_tests(${target}_test TEST_PREFIX "${ROOM_NAME}: " DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES
      PROPERTIES LABELS unit RUN_SERIAL ${ROOM_SERIAL_TESTS})
  endif()
endfunction()
