# Compiler settings of our own code: warnings are errors; ccache and mold are
# used where they are installed.

# ccache keeps what was compiled with a precompiled header only if it is told that
# the header's macros and times do not matter. It looks for the header by itself.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
                                  CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
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

# How many files are compiled as one. Most of what a compiler does for a file is to read
# the headers of the libraries: the five files of rpc/tier take 32 seconds one by one and
# 11 together.
set(DANGOL_UNITY_SIZE 6)

# dangol_unite(TARGET): compiles several files of a folder as one, in batches of about the
# same size. So two files of a folder may not call different things by one name.
function(dangol_unite target)
  if(NOT DANGOL_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cc$")
  set(groups "")
  foreach(file IN LISTS sources)
    get_filename_component(folder ${file} DIRECTORY)
    string(MAKE_C_IDENTIFIER "${folder}/" group)
    list(APPEND groups ${group})
    list(APPEND files_of_${group} ${file})
  endforeach()
  list(REMOVE_DUPLICATES groups)
  foreach(group IN LISTS groups)
    list(LENGTH files_of_${group} count)
    math(EXPR batches "(${count} + ${DANGOL_UNITY_SIZE} - 1) / ${DANGOL_UNITY_SIZE}")
    set(number 0)
    foreach(file IN LISTS files_of_${group})
      math(EXPR batch "${number} * ${batches} / ${count}")
      set_source_files_properties(${file} PROPERTIES UNITY_GROUP "${group}${batch}")
      math(EXPR number "${number} + 1")
    endforeach()
  endforeach()
endfunction()

# dangol_library(NAME SOURCES ... DEPS ...): one library per folder, included
# from the root of the project.
function(dangol_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE dangol_warnings)
    if(DANGOL_UNITE_LIBRARIES)
      dangol_unite(${name})
    endif()
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# dangol_precompile(OWNER HEADERS ... FOR TARGET...): compiles the headers once, with
# the flags of OWNER, for all files of OWNER and of the TARGETs. Their flags and the
# macros that the headers ask for have to be the same; else the compiler refuses.
# A file still includes whatever it uses: clang-tidy reads it without any of this.
function(dangol_precompile owner)
  cmake_parse_arguments(ARG "" "" "HEADERS;FOR" ${ARGN})
  target_precompile_headers(${owner} PRIVATE ${ARG_HEADERS})
  foreach(target IN LISTS ARG_FOR)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endforeach()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    foreach(target IN LISTS owner ARG_FOR)
      target_compile_options(${target} PRIVATE -fpch-preprocess)
    endforeach()
  endif()
endfunction()
