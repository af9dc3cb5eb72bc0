#include "server/rpc/metrics/gauges.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <system_error>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dangol::rpc {
namespace {

prometheus::MetricFamily FamilyOf(const std::string& name, const std::string& help,
                                  prometheus::MetricType type) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  return family;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::ToDoubleSeconds(absl::DurationFromTimeval(usage.ru_utime) +
                               absl::DurationFromTimeval(usage.ru_stime));
}

// proc(5): size and resident, in pages.
double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double OpenFiles() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(std::distance(begin(files), end(files)));
}

double MaxFiles() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void Gauges::AddInfo(const std::string& name, const std::string& help, const std::string& label,
                     const std::string& value) {
  prometheus::MetricFamily family = FamilyOf(name, help, prometheus::MetricType::Gauge);
  prometheus::ClientMetric& metric = family.metric.emplace_back();
  metric.label.push_back({label, value});
  metric.gauge.value = 1;
  infos_.push_back(std::move(family));
}

std::vector<prometheus::MetricFamily> Gauges::Collect() const {
  std::vector<prometheus::MetricFamily> families = infos_;
  for (const Gauge& gauge : gauges_) {
    families.push_back(FamilyOf(
        gauge.name, gauge.help,
        gauge.is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge));
    prometheus::ClientMetric& metric = families.back().metric.emplace_back();
    (gauge.is_counter ? metric.counter.value : metric.gauge.value) = gauge.value();
  }
  return families;
}

void AddProcess(Gauges& gauges) {
  const double started = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  gauges.AddCounter("process_cpu_seconds_total", "Time of processors that was used.", CpuSeconds);
  gauges.Add("process_resident_memory_bytes", "Memory that is used.", ResidentBytes);
  gauges.Add("process_open_fds", "Files and connections that are open.", OpenFiles);
  gauges.Add("process_max_fds", "How many may be open.", MaxFiles);
  gauges.Add("process_start_time_seconds", "When the server was started, since 1970.",
             [started] { return started; });
}

}  // namespace dangol::rpc
