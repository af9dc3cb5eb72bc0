#ifndef DANGOL_TESTS_SUPPORT_STORED_BYTES_H_
#define DANGOL_TESTS_SUPPORT_STORED_BYTES_H_

#include <string>

namespace dangol::testing {

// All that lies in a store, for a test to look for what should not: of SQLite the bytes of its
// files, whatever they are for; of MySQL every value of every row of every table.
std::string StoredBytes(const std::string& url);

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_STORED_BYTES_H_
