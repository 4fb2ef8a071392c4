# whisper.cpp: its ggml is built as static libraries; its one source file is compiled inside a unit of src/stt, which reaches the
# encoder's output that way. Sets WHISPER_INCLUDE_DIRS; targets: ggml.
set(SPEECHCOACH_GPU "" CACHE STRING "What the speech model computes on: cuda, vulkan, or nothing but the processor's cores (empty)")
set_property(CACHE SPEECHCOACH_GPU PROPERTY STRINGS "" cuda vulkan)
option(SPEECHCOACH_OPENMP "Spread the speech model's arithmetic with OpenMP (off under the thread sanitizer, which misreads libgomp)" ON)

if(NOT EXISTS ${SPEECHCOACH_WHISPER_SOURCE}/src/whisper.cpp)
  message(FATAL_ERROR
    "whisper.cpp is not in ${SPEECHCOACH_WHISPER_SOURCE}.\n"
    "`make setup` fetches it; or point SPEECHCOACH_WHISPER_SOURCE at a source tree of it, version 1.9.1.")
endif()

if(SPEECHCOACH_GPU STREQUAL "cuda")
  include(CheckLanguage)
  check_language(CUDA)
  if(NOT CMAKE_CUDA_COMPILER)
    message(FATAL_ERROR "SPEECHCOACH_GPU is cuda, and there is no nvcc. Install the CUDA toolkit, or name its compiler in the variable CUDACXX.")
  endif()
elseif(SPEECHCOACH_GPU STREQUAL "vulkan")
  find_package(Vulkan QUIET COMPONENTS glslc)
  if(NOT Vulkan_FOUND)
    message(FATAL_ERROR "SPEECHCOACH_GPU is vulkan, and its headers or glslc are missing: apt-get install libvulkan-dev glslc")
  endif()
elseif(SPEECHCOACH_GPU)
  message(FATAL_ERROR "SPEECHCOACH_GPU is '${SPEECHCOACH_GPU}'; it can be cuda, vulkan or empty.")
endif()

# The static libgomp, where the compiler has one: only before that is initialised can the program say how its threads shall wait.
if(SPEECHCOACH_OPENMP AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT DEFINED OpenMP_gomp_LIBRARY)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgomp.a OUTPUT_VARIABLE static_libgomp OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(IS_ABSOLUTE "${static_libgomp}")
    set(OpenMP_gomp_LIBRARY ${static_libgomp} CACHE FILEPATH "OpenMP runtime")
  endif()
endif()

include(CheckCXXCompilerFlag)

# A function, so that these settings reach ggml and nothing else.
function(speechcoach_add_ggml)
  set(BUILD_SHARED_LIBS OFF)
  set(BUILD_TESTING OFF)
  set(GGML_NATIVE ${SPEECHCOACH_NATIVE})
  set(GGML_OPENMP ${SPEECHCOACH_OPENMP})
  if(SPEECHCOACH_GPU)
    string(TOUPPER ${SPEECHCOACH_GPU} gpu)
    set(GGML_${gpu} ON)
  endif()
  set(GGML_LLAMAFILE ON)  # matrix products in tiles: the encoder takes a third of the time (docs/stt.md)
  set(GGML_CCACHE OFF)  # the project sets its own launcher
  set(GIT_EXE "")       # or ggml is built anew after every commit of ours, for a version text that nobody reads
  set(GGML_ALL_WARNINGS OFF)
  set(GGML_BUILD_TESTS OFF)
  set(GGML_BUILD_EXAMPLES OFF)
  add_subdirectory(${SPEECHCOACH_WHISPER_SOURCE}/ggml ${PROJECT_BINARY_DIR}/ggml EXCLUDE_FROM_ALL SYSTEM)
  foreach(target IN ITEMS ggml ggml-base ggml-cpu)
    # Unoptimised, one recording takes minutes.
    target_compile_options(${target} PRIVATE -w $<$<CONFIG:Debug>:-O2>)
  endforeach()
  # GCC 12's intrinsics for AMX do not say which memory they read: the tiles' configuration is optimised away, and quantised models crash.
  check_cxx_compiler_flag(-mno-amx-tile SPEECHCOACH_HAS_AMX_FLAG)
  if(SPEECHCOACH_HAS_AMX_FLAG)
    target_compile_options(ggml-cpu PRIVATE -mno-amx-tile -mno-amx-int8 -mno-amx-bf16)
  endif()
endfunction()

if(NOT TARGET ggml)
  message(STATUS "Configuring ggml in ${SPEECHCOACH_WHISPER_SOURCE}")
  speechcoach_add_ggml()
endif()
set(WHISPER_INCLUDE_DIRS ${SPEECHCOACH_WHISPER_SOURCE}/src ${SPEECHCOACH_WHISPER_SOURCE}/include)
