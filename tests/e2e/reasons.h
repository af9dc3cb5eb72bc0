#ifndef DANGOL_TESTS_E2E_REASONS_H_
#define DANGOL_TESTS_E2E_REASONS_H_

namespace dangol::e2e {

// From now on every refusal that a channel of this program gets must have a reason that the
// documentation of its method names (testing::DocumentedReasons); otherwise the test fails.
// Before the first channel is made.
void CheckReasonsOfRefusals();

}  // namespace dangol::e2e

#endif  // DANGOL_TESTS_E2E_REASONS_H_
