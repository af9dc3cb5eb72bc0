#ifndef DANGOL_CLIENT_DEMO_VOICES_H_
#define DANGOL_CLIENT_DEMO_VOICES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dangol/client.h"

namespace dangol::demo {

// Something that was asked of the server, and what it said.
struct VoiceStep {
  std::string who;
  std::string what;
  std::string answer;
};

// Lets one member speak for the house, and another complain, from the first word to the verdict.
// Both are named by their cards.
absl::StatusOr<std::vector<VoiceStep>> HearVoices(Client client, const std::string& speaker,
                                                  const std::string& complainer);

}  // namespace dangol::demo

#endif  // DANGOL_CLIENT_DEMO_VOICES_H_
