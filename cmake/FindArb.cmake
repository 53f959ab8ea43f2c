# Finds Arb, which ships no pkg-config file: imported target Arb::Arb. Debian names the library
# flint-arb, upstream arb.
find_path(Arb_INCLUDE_DIR NAMES arb.h)
find_library(Arb_LIBRARY NAMES flint-arb arb)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Arb DEFAULT_MSG Arb_LIBRARY Arb_INCLUDE_DIR)
if(Arb_FOUND AND NOT TARGET Arb::Arb)
  add_library(Arb::Arb UNKNOWN IMPORTED)
  set_target_properties(Arb::Arb PROPERTIES IMPORTED_LOCATION "${Arb_LIBRARY}"
                        INTERFACE_INCLUDE_DIRECTORIES "${Arb_INCLUDE_DIR}")
endif()
mark_as_advanced(Arb_INCLUDE_DIR Arb_LIBRARY)
