#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace dangol {

// How a connection is encrypted: paths of PEM files. They are looked at again every few seconds,
// so a certificate is renewed without a new connection, which new handshakes then go by.
struct TlsOptions {
  // Whose word is taken for who the server is: certificates of authorities. Empty: those that the
  // system trusts.
  std::string ca_file;

  // Who the caller is, for a server that asks (dangold --tls-client-ca): a certificate with those
  // that lead to its authority, and its private key, without a passphrase. Both, or neither.
  std::string cert_file;
  std::string key_file;

  // Whom the server's certificate has to name. Empty: the host of the endpoint.
  std::string server_name;
};

// How a connection behaves. A plain struct: set what you want to change and
// hand it to MakeConnection; the defaults suit a till or a backend.
struct Options {
  // Where dangold listens: HOST:PORT, or any other gRPC target. Calls go in turn to all addresses
  // that it has, as dns:///dangold:7420 or ipv4:10.0.0.1:7420,10.0.0.2:7420 may have several, and
  // to those of them that answer.
  std::string endpoint = "127.0.0.1:7420";

  // How long one call may take, its retries and the waits between them
  // included. The server is told, and does not begin what comes too late.
  absl::Duration deadline = absl::Seconds(10);

  // Whether a request that spends points is valid only until then (valid_until of the API), where
  // it does not say until when: a copy of it that arrives later takes nothing. The clocks of the
  // client and of the server must agree better than `deadline` is long. Turn it off where the
  // server goes by another clock.
  bool set_valid_until = true;

  // How often a call is tried at most; 1 turns retries off. Over TLS leave some: a program whose
  // calls are all synchronous and tried once may not find a server again that was away.
  int max_attempts = 6;

  // The wait before the Nth retry is drawn evenly from 0 to
  // initial_backoff * backoff_multiplier^(N-1), capped at max_backoff ("full
  // jitter"). A longer delay that the server asks for is honoured.
  absl::Duration initial_backoff = absl::Milliseconds(50);
  double backoff_multiplier = 2.0;
  absl::Duration max_backoff = absl::Seconds(2);

  // The largest reply that is accepted, in bytes. A page of long purchases may
  // exceed gRPC's own default of 4 MiB.
  int max_reply_bytes = 64 * 1024 * 1024;

  // Put before gRPC's own user agent, for the server's logs.
  std::string user_agent;

  // How the connection is encrypted; it is in plain text where this is not set.
  std::optional<TlsOptions> tls;

  // A file with a bearer token (a JSON Web Token) that says who calls, for a server with --access.
  // It is looked at before each call: whoever keeps it fresh replaces it before the token expires.
  // It is sent over TLS, or to this machine: who reads a token on its way can call as its owner.
  // Empty: none is sent.
  std::string token_file;

  // Why the calls of this connection are made, for the audit log: UTF-8, at most 512 bytes. It
  // stands there wherever a request has no reason of its own.
  std::string reason;
};

}  // namespace dangol
