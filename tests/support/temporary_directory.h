#ifndef DANGOL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
#define DANGOL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_

#include <string>

namespace dangol::testing {

// A private directory that is gone, with all that is in it, when this is.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace dangol::testing

#endif  // DANGOL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
