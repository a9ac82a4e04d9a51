# What a package of Debian has besides: who may copy it, what has changed, which of lintian's warnings are right not to be
# heeded, and man pages that are compressed. Run by cpack when the files of all packages are in place.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
set(packages runtime libhandleguard0 tools handleguard dev libhandleguard-dev)

# The time of the build, or SOURCE_DATE_EPOCH.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(changelog "handleguard (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")

while(packages)
    list(POP_FRONT packages component name)
    set(doc ${root}/${component}/usr/share/doc/${name})
    configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright ${doc}/copyright COPYONLY)
    file(WRITE ${doc}/changelog "${changelog}")
    file(GLOB overrides ${CMAKE_CURRENT_LIST_DIR}/${name}.lintian-overrides)
    if(overrides)
        configure_file(${overrides} ${root}/${component}/usr/share/lintian/overrides/${name} COPYONLY)
    endif()
    file(GLOB_RECURSE compressed ${root}/${component}/usr/share/man/*)
    execute_process(COMMAND gzip -9n ${doc}/changelog ${compressed} COMMAND_ERROR_IS_FATAL ANY)
endwhile()
