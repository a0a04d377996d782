# The installed package: static libraries, headers, and a package file, so that
#   find_package(throughline REQUIRED)
#   target_link_libraries(service PRIVATE throughline::throughline)
# works in a C++ service built with the same compiler.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/throughline)
install(TARGETS throughline throughline_model throughline_core throughline_store
                throughline_analytics throughline_ledger
        EXPORT throughlineTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT throughlineTargets NAMESPACE throughline:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/throughlineConfig.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/throughlineConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/throughlineConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/throughlineConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/throughlineConfigVersion.cmake
        DESTINATION ${package_dir})
