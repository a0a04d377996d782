# What the library itself links. Test, benchmark and command-line packages are found where they are used.

# Debian 12 exports Abseil's shared libraries here. That is what we need: its static archives cannot
# be linked into a shared object (their thread-local storage model), ours can.
find_package(absl REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)
# Always the system's shared SQLite: two copies of it in one process corrupt files.
find_package(SQLite3 REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

# The public suffix list, if it is there: domains are reduced by it.
pkg_check_modules(psl IMPORTED_TARGET libpsl)
option(THROUGHLINE_PSL "Reduce domains with libpsl; else by the policy's list alone" ${psl_FOUND})
if(THROUGHLINE_PSL AND NOT psl_FOUND)
  message(FATAL_ERROR "THROUGHLINE_PSL is on, but there is no libpsl")
endif()

# protozero ships neither a CMake package nor a .pc file: it is a folder of headers.
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)
