#ifndef DANGOL_TESTS_SUPPORT_DOCUMENTED_REASONS_H_
#define DANGOL_TESTS_SUPPORT_DOCUMENTED_REASONS_H_

#include <map>
#include <set>
#include <string>

// The reasons of errors, as the comments of the protos tell them.
namespace dangol::testing {

struct DocumentedReasons {
  std::set<std::string> of_any;  // With which any method may answer (common.proto).
  // By "dangol.v1.Service/Method", also those of the methods to which its comment refers
  // ("Refused as X is", "the reasons of X").
  std::map<std::string, std::set<std::string>> of_method;
};

// Reads the protos of the API; they must be there.
DocumentedReasons ReadDocumentedReasons();

// Words of capitals with "_" between them.
std::set<std::string> ConstantsIn(const std::string& text);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_DOCUMENTED_REASONS_H_
