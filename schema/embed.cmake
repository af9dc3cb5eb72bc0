# Writes OUTPUT: a C++ file whose FUNCTION returns the migrations in FILES.
set(entries)
foreach(file IN LISTS FILES)
  get_filename_component(stem ${file} NAME_WE)
  if(NOT stem MATCHES "^0*([0-9]+)_(.+)$")
    message(FATAL_ERROR "${file}: a migration is named like 0001_what_it_does.sql")
  endif()
  set(version ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  file(READ ${file} sql)
  string(APPEND entries "    {${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(
  WRITE ${OUTPUT}
  "#include \"schema/migrations.h\"\n\n"
  "namespace dangol::schema {\n\n"
  "absl::Span<const Migration> ${FUNCTION}() {\n"
  "  static constexpr Migration kMigrations[] = {\n${entries}  };\n"
  "  return kMigrations;\n"
  "}\n\n"
  "}  // namespace dangol::schema\n")
