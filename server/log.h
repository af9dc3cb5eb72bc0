#ifndef DANGOL_SERVER_LOG_H_
#define DANGOL_SERVER_LOG_H_

#include <string>

namespace dangol {

// How the log on stderr looks.
enum class LogFormat {
  kText,  // For people.
  kJson,  // A JSON object a line, with "time" (RFC 3339), "level", "thread" and "message".
};

// Sets up the log of the process. `level`: debug, info, warn, error or off.
void SetUpLog(const std::string& level, LogFormat format);

}  // namespace dangol

#endif  // DANGOL_SERVER_LOG_H_
