#ifndef DANGOL_SERVER_RPC_CURRENCY_CODE_H_
#define DANGOL_SERVER_RPC_CURRENCY_CODE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dangol::rpc {

// What is wrong with the way a currency's code is written, to be told after the name of the
// field; empty where nothing is. Says nothing of which codes there are.
std::string ProblemOfCurrencyCode(absl::string_view code);

}  // namespace dangol::rpc

#endif  // DANGOL_SERVER_RPC_CURRENCY_CODE_H_
