# Install rules, the pkg-config file and the CMake package.
if(TARGET deterra)
  install(TARGETS deterra RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET deterra-mpi)
  install(TARGETS deterra-mpi RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(TARGETS deterra_static deterra_shared
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/deterra DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY configs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/deterra/configs)
foreach(section 1 5)
  install(DIRECTORY docs/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
          FILES_MATCHING PATTERN "*.${section}")
endforeach()
install(FILES README.md LICENSE CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Users of the headers need FLINT's and Arb's, which stand in Debian's default include path.
# The pkg-config file finds its prefix from where it stands, so that an installed tree can be moved.
file(RELATIVE_PATH DETERRA_PC_PREFIX "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig"
     "${CMAKE_INSTALL_PREFIX}")
configure_file(cmake/deterra.pc.in deterra.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/deterra.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(DETERRA_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/deterra)
configure_package_config_file(cmake/deterraConfig.cmake.in deterraConfig.cmake
                              INSTALL_DESTINATION ${DETERRA_CMAKE_DIR}
                              PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(deterraConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/deterraConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/deterraConfigVersion.cmake
        DESTINATION ${DETERRA_CMAKE_DIR})
