# The compiler settings of all our targets. They are private: what includes our headers keeps its own.
function(throughline_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow
    # A designated initialiser that leaves members at their defaults says what it means.
    -Wno-missing-field-initializers
    # GCC 12 reports overlapping copies inside std::string that are not there (GCC bug 105329).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  if(THROUGHLINE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${THROUGHLINE_SANITIZE}
      -fno-sanitize-recover=all -fno-omit-frame-pointer
      # An empty optional that is read is nothing that a sanitizer sees.
      -D_GLIBCXX_ASSERTIONS
      # Instrumented code hides initialisation from this warning.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    if(THROUGHLINE_SANITIZE MATCHES "undefined")
      # Checks of every access to memory, which AddressSanitizer makes as well. They double the time of
      # compilation: 114 s in place of 55 s for a third of the model.
      target_compile_options(${target} PRIVATE -fno-sanitize=null,alignment,object-size,vptr)
    endif()
    # Whoever links a static floor needs the sanitizer's run time.
    get_target_property(type ${target} TYPE)
    set(scope PRIVATE)
    if(type STREQUAL STATIC_LIBRARY)
      set(scope INTERFACE)
    endif()
    target_link_options(${target} ${scope} -fsanitize=${THROUGHLINE_SANITIZE})
  endif()
endfunction()

# throughline_floor(<name> [FOLDERS <subfolder>...] [LINKS <floors and packages>...])
#
# One floor: the static library throughline_<name>, made of every .cc file of the calling folder and
# the named subfolders. Sources are globbed, and looked up again at each build, so that several people
# can add files to a floor at once without meeting in its CMakeLists.txt. For the same reason every
# .json file beside them is embedded: default_policy.json becomes throughline::kDefaultPolicyJson.
function(throughline_floor name)
  cmake_parse_arguments(arg "" "" "FOLDERS;LINKS" ${ARGN})
  set(target throughline_${name})
  list(TRANSFORM arg_FOLDERS APPEND /*.cc OUTPUT_VARIABLE patterns)
  file(GLOB sources CONFIGURE_DEPENDS *.cc ${patterns})
  if(NOT sources)
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cc)
    file(CONFIGURE OUTPUT ${sources} CONTENT "// This floor has no sources yet.\n")
  endif()
  add_library(${target} STATIC ${sources})
  add_library(throughline::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} ${arg_LINKS})
  throughline_options(${target})
  throughline_embed_json(${target})
endfunction()

# Embeds every .json file of the calling folder: some_name.json as kSomeNameJson.
function(throughline_embed_json target)
  file(GLOB texts CONFIGURE_DEPENDS *.json)
  foreach(text IN LISTS texts)
    get_filename_component(stem ${text} NAME_WE)
    string(REGEX MATCHALL "[A-Za-z0-9]+" words ${stem})
    set(symbol k)
    foreach(word IN LISTS words)
      string(SUBSTRING ${word} 0 1 first)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${first} first)
      string(APPEND symbol ${first}${rest})
    endforeach()
    embed_text(${target} ${text} ${symbol}Json)
  endforeach()
endfunction()
