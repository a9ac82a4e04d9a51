# Debian packages, made by `cpack` in the build tree (scripts/deb): the runtime, the program, and what libraries that guard
# their own handles are built with.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME handleguard)
set(CPACK_PACKAGE_VENDOR handleguard)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "guards against races at the handles of native libraries")
# Whoever makes them answers for them, and says so as for any package of Debian's.
if(DEFINED ENV{DEBEMAIL} AND DEFINED ENV{DEBFULLNAME})
    set(CPACK_PACKAGE_CONTACT "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
else()
    set(CPACK_PACKAGE_CONTACT "The handleguard developers <handleguard@users.noreply.github.com>") # nobody reads that
endif()
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime tools dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/finish.cmake)

set(common "It is preloaded under an unmodified program and catches frees of
handles that race with calls which still use them, in libraries such as
SQLite and ZeroMQ, whatever language the program is written in.
.")

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libhandleguard0)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
# It is opened by name, so that dpkg-shlibdeps does not see it.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS libunwind8)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/debian/shlibs ${CMAKE_CURRENT_LIST_DIR}/triggers)
file(WRITE ${CMAKE_BINARY_DIR}/debian/shlibs "libhandleguard 0 libhandleguard0 (= ${PROJECT_VERSION})\n")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "${common}
This is the library that preload objects load.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME handleguard)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "libhandleguard0 (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS libclang-dev)
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "${common}
This is the program, with its manifests of libraries and its pages.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libhandleguard-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libhandleguard0 (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_DEV_DESCRIPTION "${common}
This package is for libraries that guard their own handles.")

include(CPack)
