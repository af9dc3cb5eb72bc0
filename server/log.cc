#include "server/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace dangol {
namespace {

// The message as a string of JSON; what is no UTF-8 in it is replaced.
class JsonMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const std::string text(message.payload.data(), message.payload.size());
    const std::string quoted =
        nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    out.append(quoted.data(), quoted.data() + quoted.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JsonMessage>();
  }
};

std::shared_ptr<spdlog::logger> JsonLogger() {
  auto logger = spdlog::stderr_logger_mt("dangold");
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<JsonMessage>('*');
  formatter->set_pattern(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","thread":%t,"message":%*})");
  logger->set_formatter(std::move(formatter));
  return logger;
}

}  // namespace

void SetUpLog(const std::string& level, LogFormat format) {
  spdlog::set_default_logger(format == LogFormat::kJson ? JsonLogger()
                                                        : spdlog::stderr_color_mt("dangold"));
  spdlog::set_level(spdlog::level::from_str(level));
}

}  // namespace dangol
