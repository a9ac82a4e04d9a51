# The runtime as one object file, for programs that are fully static: the same objects, but for those that need a dynamic
# linker, for which shim/alone stands in; and libunwind. Nothing of it but what programs may call is seen by them.
find_library(HANDLEGUARD_LIBUNWIND_ARCHIVE libunwind.a HINTS ${UNWIND_LIBDIR} ${UNWIND_LIBRARY_DIRS})
mark_as_advanced(HANDLEGUARD_LIBUNWIND_ARCHIVE)
if(NOT HANDLEGUARD_LIBUNWIND_ARCHIVE OR CMAKE_CROSSCOMPILING)
    message(STATUS "No libunwind.a: 'handleguard manifest link --static' will not be able to put the runtime into programs")
    return()
endif()

get_property(alone GLOBAL PROPERTY RUNTIME_ALONE)
add_library(handleguard_alone OBJECT ${alone})
target_include_directories(handleguard_alone PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ../shim ${UNWIND_INCLUDE_DIRS})
target_compile_definitions(handleguard_alone PRIVATE _GNU_SOURCE)
target_compile_options(handleguard_alone PRIVATE -fPIC -fvisibility=hidden -fno-omit-frame-pointer ${landing_pads} -O2)
target_link_libraries(handleguard_alone PRIVATE hgflags)

set(not_alone "/(base/libc|process/linker|process/linker_lock|process/linker_walk|stack/unwinder_memory)\\.c\\.o$")
set(not_alone "${not_alone}|/(interpose_dl|preloaded)\\.c\\.o$|/bind/dlopen|/look_up_")
set(objects "$<FILTER:$<TARGET_OBJECTS:handleguard_runtime>,EXCLUDE,${not_alone}>")

# What libunwind calls, and what it gets for it.
set(led dl_iterate_phdr=hg_linker_visit pipe2=hg_unwinder_pipe read=hg_unwinder_read write=hg_unwinder_write
    syscall=hg_unwinder_syscall pthread_mutex_lock=hg_unwinder_lock pthread_mutex_unlock=hg_unwinder_unlock)
list(TRANSFORM led PREPEND --redefine-sym=)
set(machine ${CMAKE_SYSTEM_PROCESSOR})
set(used unw_backtrace _U${machine}_getcontext)
foreach(name init_local step get_reg get_save_loc is_signal_frame)
    list(APPEND used _UL${machine}_${name})
endforeach()
list(TRANSFORM used PREPEND --undefined=)

# The objects have been compiled already, and are not to be once more when a program is linked.
set(inside ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/handleguard-inside.o)
set(unwinder ${CMAKE_CURRENT_BINARY_DIR}/unwinder-inside.o)
add_custom_command(OUTPUT ${inside}
    COMMAND ${CMAKE_LINKER} -r -o ${unwinder} ${used} ${HANDLEGUARD_LIBUNWIND_ARCHIVE}
    COMMAND ${CMAKE_OBJCOPY} ${led} ${unwinder}
    COMMAND ${CMAKE_LINKER} -r -o ${inside} ${objects} $<TARGET_OBJECTS:handleguard_alone> ${unwinder}
    COMMAND ${CMAKE_OBJCOPY} --strip-debug --wildcard --keep-global-symbol=hg_* --keep-global-symbol=handleguard_*
        --keep-global-symbol=__libc_stack_end --remove-section=.gnu.lto_* --remove-section=.gnu.debuglto_* ${inside}
    DEPENDS handleguard_runtime handleguard_alone $<TARGET_OBJECTS:handleguard_alone> ${objects}
    COMMAND_EXPAND_LISTS VERBATIM COMMENT "Putting the runtime into one object")
add_custom_target(handleguard_inside ALL DEPENDS ${inside})
install(FILES ${inside} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
