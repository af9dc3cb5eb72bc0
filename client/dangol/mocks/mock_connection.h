#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <optional>

#include "dangol/connection.h"
#include "dangol/rpcs/mock_rpcs.h"

// Mocks for testing code that uses dangol::Client:
//
//   auto connection = std::make_shared<dangol_mocks::MockConnection>();
//   EXPECT_CALL(*connection, GetBalance).WillOnce(Return(balance));
//   dangol::Client client(connection);
//
// Errors with a reason are made by dangol::MakeError.
namespace dangol_mocks {

class MockPurchaseStream : public dangol::PurchaseStream {
 public:
  MOCK_METHOD(bool, Write, (const dangol::v1::Purchase&), (override));
  MOCK_METHOD(void, WritesDone, (), (override));
  MOCK_METHOD(std::optional<dangol::v1::StreamPurchasesResponse>, Read, (), (override));
  MOCK_METHOD(absl::Status, Finish, (), (override));
};

class MockEventStream : public dangol::EventStream {
 public:
  MOCK_METHOD(std::optional<dangol::v1::WatchEventsResponse>, Read, (), (override));
  MOCK_METHOD(void, Cancel, (), (override));
  MOCK_METHOD(absl::Status, Finish, (), (override));
};

// Every RPC of a Connection has its mock: GetMember and AsyncGetMember, and so on.
class MockConnection : public MockRpcs {
 public:
  MOCK_METHOD(std::unique_ptr<dangol::PurchaseStream>, StreamPurchases, (), (override));
  MOCK_METHOD(std::unique_ptr<dangol::EventStream>, WatchEvents,
              (const dangol::v1::WatchEventsRequest&), (override));
};

}  // namespace dangol_mocks
