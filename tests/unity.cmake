# cmake -DOUTPUT=FILE -DINPUTS=FILE;... -P unity.cmake: several files of tests as one, so
# that the headers which they have in common are compiled once. The unnamed namespace of
# each gets a name after the file, so that they need not know of each other, in this program
# or another part of it; what is outside of that namespace cannot use what is in it.
set(text "")
foreach(input IN LISTS INPUTS)
  get_filename_component(name ${input} NAME_WE)
  # A list of lines would lose brackets and semicolons; a string keeps them.
  file(READ ${input} file)
  string(REPLACE "\nnamespace {\n" "\nnamespace of_${name} {\n" file "${file}")
  string(APPEND text "#line 1 \"${input}\"\n" "${file}" "\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
