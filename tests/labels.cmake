# Labels of tests, for ctest --label-regex: the folders below tests/ that a test lies in, which say what it is about; `fast` or
# `slow` (longer than about two seconds on a machine that has nothing else to do); `world` (needs packages, servers or time
# that the others do not need); `qemu` (runs for 64-bit Arm too).

# Kinds of tests that are built for another machine too.
set(of_every_machine aarch64 caller reference resolution scenario)

# At the end of a folder, about all of its tests, of which those are SLOW. NATIVE: of a folder that is built for every machine,
# those that run on the one that builds only; ALL_NATIVE: none of them.
function(label_tests)
    cmake_parse_arguments(PARSE_ARGV 0 its "ALL_NATIVE" "" "SLOW;NATIVE")
    set(topics ${CMAKE_CURRENT_SOURCE_DIR})
    cmake_path(RELATIVE_PATH topics BASE_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
    string(REPLACE / ";" topics ${topics})
    list(GET topics 0 kind)
    get_property(names DIRECTORY PROPERTY TESTS)
    foreach(name IN LISTS names)
        get_property(labels TEST ${name} PROPERTY LABELS)
        list(APPEND labels ${topics})
        if(name IN_LIST its_SLOW OR world IN_LIST labels)
            list(APPEND labels slow)
        else()
            list(APPEND labels fast)
        endif()
        if(kind IN_LIST of_every_machine AND NOT its_ALL_NATIVE AND NOT name IN_LIST its_NATIVE
           AND NOT DEFINED not_emulated_${name})
            list(APPEND labels qemu)
        endif()
        list(REMOVE_DUPLICATES labels)
        set_property(TEST ${name} PROPERTY LABELS ${labels})
    endforeach()
endfunction()
