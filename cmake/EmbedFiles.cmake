# Text files inside the program: generates a source file that holds their contents.
#
#   speechcoach_embed_files(OUTPUT embedded.cpp       # in the current binary folder; its path goes to the variable embedded.cpp_PATH
#     HEADER storage/internal/embedded_files.h        # declares EmbeddedFile {name, content} and FUNCTION
#     NAMESPACE speechcoach::storage
#     FUNCTION EmbeddedFiles                          # std::span<const EmbeddedFile> FUNCTION(), in the order of FILES
#     FILES a.sql b.sql)                              # known by their names without the folder
if(CMAKE_SCRIPT_MODE_FILE)
  set(delimiter embedded_file)
  set(entries "")
  foreach(file IN LISTS FILES)
    file(READ ${file} content)
    get_filename_component(name ${file} NAME)
    string(APPEND entries "    {\"${name}\", R\"${delimiter}(${content})${delimiter}\"},\n")
  endforeach()
  file(WRITE ${OUTPUT} "#include \"${HEADER}\"

#include <array>

namespace ${NAMESPACE} {
namespace {

constexpr auto kFiles = std::to_array<EmbeddedFile>({
${entries}});

}  // namespace

std::span<const EmbeddedFile> ${FUNCTION}() { return kFiles; }

}  // namespace ${NAMESPACE}
")
  return()
endif()

set(SPEECHCOACH_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(speechcoach_embed_files)
  cmake_parse_arguments(EMBED "" "OUTPUT;HEADER;NAMESPACE;FUNCTION" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${EMBED_OUTPUT})
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${EMBED_HEADER} -DNAMESPACE=${EMBED_NAMESPACE} -DFUNCTION=${EMBED_FUNCTION}
            "-DFILES=${EMBED_FILES}" -P ${SPEECHCOACH_EMBED_SCRIPT}
    DEPENDS ${EMBED_FILES} ${SPEECHCOACH_EMBED_SCRIPT}
    COMMENT "Embedding ${EMBED_OUTPUT}"
    VERBATIM)
  set(${EMBED_OUTPUT}_PATH ${output} PARENT_SCOPE)
endfunction()
