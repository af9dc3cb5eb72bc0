# Compiler settings of our own code: warnings are errors; ccache and mold are
# used where they are installed.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Every target of ours links this; generated code does not. GCC 12 takes
# temporaries of aggregates with optional members for uninitialized; what the
# warning is meant to find, the sanitizers find.
add_library(dangol_warnings INTERFACE)
target_compile_options(
  dangol_warnings
  INTERFACE -Wall
            -Wextra
            -Werror
            -Wshadow=local
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wno-maybe-uninitialized
            -Wno-missing-field-initializers)

if(DANGOL_SANITIZE)
  add_compile_options(-fsanitize=${DANGOL_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DANGOL_SANITIZE})
  if(DANGOL_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=undefined)
    # A check at every access, for a quarter of the time that compiling takes: a null
    # pointer crashes by itself, and x86 and ARM read what is not aligned.
    add_compile_options(-fno-sanitize=null,alignment)
  endif()
endif()

# dangol_library(NAME SOURCES ... DEPS ...): one library per folder, included
# from the root of the project.
function(dangol_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE dangol_warnings)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()
