# cmake -DOUTPUT=FILE -DINPUTS=FILE;... -P unity.cmake: several files of tests as one, so
# that the headers which they have in common are compiled once. The unnamed namespace of
# each gets a name of its own, so that they need not know of each other; what is outside
# of that namespace cannot use what is in it.
set(text "")
set(number 0)
foreach(input IN LISTS INPUTS)
  math(EXPR number "${number} + 1")
  # A list of lines would lose brackets and semicolons; a string keeps them.
  file(READ ${input} file)
  string(REPLACE "\nnamespace {\n" "\nnamespace file_${number} {\n" file "${file}")
  string(APPEND text "#line 1 \"${input}\"\n" "${file}" "\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
