# assemble_page(FOLDER HEADER): page.html of the folder, with each other file of it in place of @its name@, as a text of C. It is
# made when the build is configured, which a change of a file brings about.
function(assemble_page folder header)
    file(GLOB names CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.css ${folder}/*.js)
    file(READ ${folder}/page.html page)
    foreach(name IN LISTS names)
        file(READ ${folder}/${name} text)
        string(FIND "${page}" "@${name}@" place)
        if(place EQUAL -1)
            message(FATAL_ERROR "page.html has no @${name}@")
        endif()
        string(REPLACE "@${name}@" "${text}" page "${page}")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${name})
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/page.html)

    string(REPLACE "\\" "\\\\" page "${page}")
    string(REPLACE "\"" "\\\"" page "${page}")
    string(REPLACE "\n" "\\n\"\n\"" page "${page}")
    file(WRITE ${header}.new "static const char hg_page_text[] =\n\"${page}\";\n")
    configure_file(${header}.new ${header} COPYONLY) # which leaves one alone that is the same
endfunction()
