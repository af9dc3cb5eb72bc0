#include "server/storage/mysql/fault.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace dangol::storage::mysql {
namespace {

// The transaction lost against another one, and is gone.
bool IsRollback(int code, absl::string_view state, absl::string_view message) {
  switch (code) {
    case 1105:  // ER_UNKNOWN_ERROR: TiDB's for anything, a lock that it gave up on among it.
      return message.find("pessimistic lock retry limit reached") != absl::string_view::npos;
    case 1213:  // ER_LOCK_DEADLOCK; Galera: a conflict, also when it shows at COMMIT.
    case 1020:  // ER_CHECKREAD: the row changed since it was read.
    case 8002:  // TiDB: a conflict with a transaction that holds the rows.
    case 8005:  // TiDB: likewise.
    case 8022:  // TiDB: COMMIT conflicts, and can be tried again.
    case 8027:  // TiDB: the schema is being learnt anew.
    case 8028:  // TiDB: the schema changed meanwhile.
    case 9007:  // TiDB: a write conflict.
      return true;
    default:
      return state == "40001";  // Serialization failure, whatever the engine calls it.
  }
}

// The statement failed, the transaction may be rolled back, and a repetition helps.
bool IsConflict(int code) {
  switch (code) {
    case 1048:  // ER_BAD_NULL_ERROR: how the check of a version fails (writing.cc).
    case 1062:  // ER_DUP_ENTRY: a key that had to be new is there.
    case 1205:  // ER_LOCK_WAIT_TIMEOUT
    case 1969:  // ER_STATEMENT_TIMEOUT (MariaDB)
    case 3024:  // ER_QUERY_TIMEOUT (MySQL)
      return true;
    default:
      return false;
  }
}

// The connection is gone, or leads to a server that can't be used now; another
// one may serve.
bool IsLost(int code) {
  switch (code) {
    case 1047:  // Galera: the node is not ready.
    case 1053:  // ER_SERVER_SHUTDOWN
    case 1152:  // ER_ABORTING_CONNECTION
    case 1158:  // ER_NET_READ_ERROR
    case 1159:  // ER_NET_READ_INTERRUPTED
    case 1160:  // ER_NET_ERROR_ON_WRITE
    case 1161:  // ER_NET_WRITE_INTERRUPTED
    case 1184:  // ER_NEW_ABORTING_CONNECTION
    case 1290:  // ER_OPTION_PREVENTS_STATEMENT: read_only, after a switch of primaries.
    case 1792:  // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
    case 1836:  // ER_READ_ONLY_MODE
    case 1927:  // ER_CONNECTION_KILLED (MariaDB)
    case 2006:  // CR_SERVER_GONE_ERROR
    case 2013:  // CR_SERVER_LOST
    case 2014:  // CR_COMMANDS_OUT_OF_SYNC: what is on the wire is not known.
    case 2027:  // CR_MALFORMED_PACKET
    case 2055:  // CR_SERVER_LOST_EXTENDED
    case 3169:  // ER_SESSION_WAS_KILLED (MySQL)
    case 4031:  // ER_CLIENT_INTERACTION_TIMEOUT (MySQL)
      return true;
    default:
      return false;
  }
}

// Nothing is wrong with what was asked, only with the moment.
bool IsAway(int code) {
  switch (code) {
    case 1040:  // ER_CON_COUNT_ERROR
    case 1129:  // ER_HOST_IS_BLOCKED
    case 1203:  // ER_TOO_MANY_USER_CONNECTIONS
    case 1226:  // ER_USER_LIMIT_REACHED
    case 1317:  // ER_QUERY_INTERRUPTED
    case 2002:  // CR_CONNECTION_ERROR
    case 2003:  // CR_CONN_HOST_ERROR
    case 2005:  // CR_UNKNOWN_HOST
    case 2012:  // CR_SERVER_HANDSHAKE_ERR
    case 9001:  // TiDB: PD did not answer in time.
    case 9002:  // TiDB: TiKV did not answer in time.
    case 9003:  // TiDB: TiKV is busy.
    case 9004:  // TiDB: locks could not be resolved in time.
    case 9005:  // TiDB: a region is not available.
      return true;
    default:
      return false;
  }
}

bool IsFull(int code) {
  return code == 1021 ||  // ER_DISK_FULL
         code == 1114;    // ER_RECORD_FILE_FULL
}

// The server is there and won't let this program in as it is set up.
bool IsRefusal(int code) {
  switch (code) {
    case 1044:  // ER_DBACCESS_DENIED_ERROR
    case 1045:  // ER_ACCESS_DENIED_ERROR
    case 1049:  // ER_BAD_DB_ERROR
    case 1142:  // ER_TABLEACCESS_DENIED_ERROR
    case 1146:  // ER_NO_SUCH_TABLE
    case 1227:  // ER_SPECIFIC_ACCESS_DENIED_ERROR
    case 1698:  // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
    case 2026:  // CR_SSL_CONNECTION_ERROR
    case 3159:  // ER_SECURE_TRANSPORT_REQUIRED
      return true;
    default:
      return false;
  }
}

Fault Judge(int code, absl::string_view state, const std::string& text) {
  if (IsRollback(code, state, text)) return {absl::AbortedError(text), false, true};
  if (IsConflict(code)) return {absl::AbortedError(text)};
  // Nothing was committed, and the next connection may work.
  if (IsLost(code)) return {absl::AbortedError(text), true};
  if (IsAway(code)) return {absl::UnavailableError(text), true};
  if (IsFull(code)) return {absl::ResourceExhaustedError(text)};
  if (IsRefusal(code)) return {absl::FailedPreconditionError(text)};
  return {absl::InternalError(text)};
}

// The numbers of the client library and of the driver; those of servers are others.
bool IsOfClient(int code) { return code < 1'000 || (code >= 2'000 && code < 3'000); }

}  // namespace

Fault Classify(int code, absl::string_view state, absl::string_view message) {
  Fault fault = Judge(code, state, absl::StrCat("mysql ", code, " (", state, "): ", message));
  fault.answered = !IsOfClient(code);
  fault.code = code;
  return fault;
}

}  // namespace dangol::storage::mysql
