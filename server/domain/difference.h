#ifndef DANGOL_SERVER_DOMAIN_DIFFERENCE_H_
#define DANGOL_SERVER_DOMAIN_DIFFERENCE_H_

#include <string>
#include <vector>

#include "server/domain/command.h"

namespace dangol::domain {

// What a field of a request is about, where two requests differ in it.
enum class Matter {
  kMoney,   // How much, of what, in which currency or wallet.
  kMember,  // Who acts: it may be another name of the same member.
  kDetail,  // Anything else.
  kCall,    // Which call of the API it was; not a field of its message.
};

// A field in which two requests differ, by its path in the message of the API: in the purchase
// or the return where that is what the message is about, such as "lines[2].amount_minor".
// "lines" alone says that there are more of them, or fewer.
struct DifferentField {
  std::string path;
  Matter matter = Matter::kDetail;

  friend bool operator==(const DifferentField&, const DifferentField&) = default;
};

// In what two requests of one id differ, in the order of their fields. One of Matter::kCall is
// all that is told where they are not of the same call. What was made at random is no difference.
std::vector<DifferentField> DifferencesOf(const Action& recorded, const Action& sent);

}  // namespace dangol::domain

#endif  // DANGOL_SERVER_DOMAIN_DIFFERENCE_H_
