// Writes what the SDK has for every unary RPC of the API, from the descriptors of the
// protos, so that nobody types it:
//
//   generate_rpcs DESCRIPTOR_SET FOLDER
//
// DESCRIPTOR_SET is a FileDescriptorSet with source info. Written to FOLDER, each with one
// or two methods for an RPC:
//
//   dangol/rpcs/connection_rpcs.h      what a connection must do
//   dangol/rpcs/mock_rpcs.h            the mocks of it
//   dangol/rpcs/client_rpcs.h, .cc     what callers use, with the comments of the protos
//   dangol/internal/grpc_rpcs.h, .cc   a connection over the stubs of gRPC

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
// What stands for what, such as "$Method$" for "GetMember".
using Words = std::map<std::string, std::string>;

// The verbs of RPCs that change nothing. All others need an id that makes repeating them
// harmless: the compiler refuses a request that has none (see ensure_id.h).
constexpr const char* kReadingVerbs[] = {"Diff",   "Explain", "Export",   "Get",      "List",
                                         "Lookup", "Preview", "Simulate", "Validate", "Verify"};

bool OnlyReads(const MethodDescriptor& method) {
  for (const char* verb : kReadingVerbs) {
    if (absl::StartsWith(method.name(), verb)) return true;
  }
  return false;
}

// What a List method lists; null where the method does not list page by page.
const FieldDescriptor* ListedField(const MethodDescriptor& method) {
  if (!absl::StartsWith(method.name(), "List")) return nullptr;
  if (method.input_type()->FindFieldByName("page_token") == nullptr) return nullptr;
  for (int i = 0; i < method.output_type()->field_count(); ++i) {
    const FieldDescriptor* field = method.output_type()->field(i);
    if (field->is_repeated() && field->message_type() != nullptr) return field;
  }
  return nullptr;
}

// The comment above an RPC of the protos, as one of a method in a class.
std::string CommentOf(const MethodDescriptor& method) {
  google::protobuf::SourceLocation location;
  std::string comment;
  if (!method.GetSourceLocation(&location)) return comment;
  for (const auto line : absl::StrSplit(location.leading_comments, '\n', absl::SkipEmpty())) {
    absl::StrAppend(&comment, "  //", line, "\n");
  }
  return comment;
}

// MemberService -> member_service.
std::string SnakeCase(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !out.empty()) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

struct Rpc {
  Words words;
  // Walks a list page by page.
  bool lists = false;
  // Reads something of one member.
  bool of_member = false;
};

struct Api {
  // Words of every service.
  std::vector<Words> services;
  std::vector<Rpc> rpcs;
};

Rpc MakeRpc(const MethodDescriptor& method) {
  const std::string response = absl::StrCat("v1::", method.output_type()->name());
  Rpc rpc;
  rpc.words = {{"$comment$", CommentOf(method)},
               {"$Method$", method.name()},
               {"$Request$", absl::StrCat("v1::", method.input_type()->name())},
               {"$Response$", response},
               {"$Result$", absl::StrCat("absl::StatusOr<", response, ">")},
               {"$Service$", absl::StrCat("v1::", method.service()->name())},
               {"$stub$", SnakeCase(method.service()->name())},
               {"$ensure_id$", OnlyReads(method) ? "" : "internal::EnsureId(request);\n  "},
               {"$default$", method.input_type()->field_count() == 0 ? " = {}" : ""}};
  const FieldDescriptor* member = method.input_type()->FindFieldByName("member");
  rpc.of_member = OnlyReads(method) && member != nullptr && member->message_type() != nullptr &&
                  member->message_type()->name() == "MemberRef";
  if (const FieldDescriptor* items = ListedField(method)) {
    const std::string item = absl::StrCat("v1::", items->message_type()->name());
    rpc.lists = true;
    rpc.words["$Result$"] = absl::StrCat("PageRange<", item, ">");
    rpc.words["$default$"] = " = {}";
    rpc.words["$Item$"] = item;
    rpc.words["$items$"] = items->name();
  }
  return rpc;
}

Api ReadApi(const DescriptorPool& pool, const google::protobuf::FileDescriptorSet& files) {
  Api api;
  for (const auto& file : files.file()) {
    const auto* descriptor = pool.FindFileByName(file.name());
    for (int s = 0; s < descriptor->service_count(); ++s) {
      const ServiceDescriptor& service = *descriptor->service(s);
      api.services.push_back({{"$Service$", absl::StrCat("v1::", service.name())},
                              {"$stub$", SnakeCase(service.name())},
                              {"$stem$", std::string(absl::StripSuffix(file.name(), ".proto"))}});
      for (int m = 0; m < service.method_count(); ++m) {
        const MethodDescriptor& method = *service.method(m);
        if (method.client_streaming() || method.server_streaming()) continue;
        api.rpcs.push_back(MakeRpc(method));
      }
    }
  }
  return api;
}

// One file, in which $Method$ and the like stand for the words of an RPC or a service.
class Writer {
 public:
  explicit Writer(const Api& api) : api_(api) {}

  Writer& Text(absl::string_view text) {
    absl::StrAppend(&text_, text);
    return *this;
  }
  Writer& ForServices(absl::string_view text) {
    for (const Words& words : api_.services) absl::StrAppend(&text_, Fill(text, words));
    return *this;
  }
  Writer& ForRpcs(absl::string_view text) { return ForRpcs(text, text); }
  Writer& ForRpcs(absl::string_view text, absl::string_view for_lists) {
    for (const Rpc& rpc : api_.rpcs) {
      absl::StrAppend(&text_, Fill(rpc.lists ? for_lists : text, rpc.words));
    }
    return *this;
  }
  Writer& ForReadsOfMembers(absl::string_view text) {
    for (const Rpc& rpc : api_.rpcs) {
      if (rpc.of_member) absl::StrAppend(&text_, Fill(text, rpc.words));
    }
    return *this;
  }

  // Whether the file could be written.
  bool Save(const std::filesystem::path& path) const {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path);
    file << "// Generated from the protos by generate_rpcs.\n" << text_;
    file.close();
    return file.good();
  }

 private:
  static std::string Fill(absl::string_view text, const Words& words) {
    return absl::StrReplaceAll(text, words);
  }

  const Api& api_;
  std::string text_;
};

bool WriteConnection(const Api& api, const std::filesystem::path& folder) {
  return Writer(api)
      .Text(R"(#pragma once

#include "absl/status/statusor.h"
#include "dangol/callback.h"
)")
      .ForServices("#include \"$stem$.pb.h\"\n")
      .Text(R"(
namespace dangol {

// The unary RPCs of a Connection, each with a form that blocks and one that does not.
class ConnectionRpcs {
 public:
  virtual ~ConnectionRpcs() = default;
)")
      .ForRpcs(R"(
  virtual absl::StatusOr<$Response$> $Method$(const $Request$& request) = 0;
  virtual void Async$Method$($Request$ request, Callback<$Response$> done) = 0;
)")
      .Text("};\n\n}  // namespace dangol\n")
      .Save(folder / "dangol/rpcs/connection_rpcs.h");
}

bool WriteMocks(const Api& api, const std::filesystem::path& folder) {
  return Writer(api)
      .Text(R"(#pragma once

#include <gmock/gmock.h>

#include "dangol/connection.h"

namespace dangol_mocks {

// The unary RPCs of a MockConnection.
class MockRpcs : public dangol::Connection {
 public:
)")
      .ForRpcs(
          R"(  MOCK_METHOD(absl::StatusOr<dangol::$Response$>, $Method$, (const dangol::$Request$&), (override));
  MOCK_METHOD(void, Async$Method$, (dangol::$Request$, dangol::Callback<dangol::$Response$>), (override));
)")
      .Text("};\n\n}  // namespace dangol_mocks\n")
      .Save(folder / "dangol/rpcs/mock_rpcs.h");
}

bool WriteClientHeader(const Api& api, const std::filesystem::path& folder) {
  return Writer(api)
      .Text(R"(#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "dangol/connection.h"
#include "dangol/page_range.h"

namespace dangol {

// The RPCs of a Client: each takes the request of the API and returns the reply, or walks
// the pages of a list; its Async form reports the reply, of a list one page. Where a
// mutation has no id, it is given one.
class ClientRpcs {
 public:
)")
      .ForRpcs(R"($comment$  $Result$ $Method$($Request$ request$default$);
  void Async$Method$($Request$ request, Callback<$Response$> done);

)")
      .Text("  // The same of a member, and nothing else in the request.\n")
      .ForReadsOfMembers("  $Result$ $Method$(const v1::MemberRef& member);\n")
      .Text(R"(
 protected:
  explicit ClientRpcs(std::shared_ptr<Connection> connection);

  Connection& connection() const { return *connection_; }

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace dangol
)")
      .Save(folder / "dangol/rpcs/client_rpcs.h");
}

bool WriteClientSource(const Api& api, const std::filesystem::path& folder) {
  constexpr char kAsync[] = R"(
void ClientRpcs::Async$Method$($Request$ request, Callback<$Response$> done) {
  $ensure_id$connection_->Async$Method$(std::move(request), std::move(done));
}
)";
  return Writer(api)
      .Text(R"(#include "dangol/rpcs/client_rpcs.h"

#include <utility>

#include "dangol/internal/ensure_id.h"
#include "dangol/internal/walk.h"

namespace dangol {

ClientRpcs::ClientRpcs(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
)")
      .ForRpcs(absl::StrCat(R"(
$Result$ ClientRpcs::$Method$($Request$ request) {
  $ensure_id$return connection_->$Method$(request);
}
)",
                            kAsync),
               absl::StrCat(R"(
$Result$ ClientRpcs::$Method$($Request$ request) {
  return internal::Walk<$Item$>(connection_, &Connection::$Method$, &$Response$::mutable_$items$, std::move(request));
}
)",
                            kAsync))
      .ForReadsOfMembers(R"(
$Result$ ClientRpcs::$Method$(const v1::MemberRef& member) {
  $Request$ request;
  *request.mutable_member() = member;
  return $Method$(std::move(request));
}
)")
      .Text("\n}  // namespace dangol\n")
      .Save(folder / "dangol/rpcs/client_rpcs.cc");
}

bool WriteGrpcHeader(const Api& api, const std::filesystem::path& folder) {
  return Writer(api)
      .Text(R"(#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "dangol/connection.h"
#include "dangol/internal/calls.h"
)")
      .ForServices("#include \"$stem$.grpc.pb.h\"\n")
      .Text(R"(
namespace dangol::internal {

// The generated stubs of a channel.
struct Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& channel);

)")
      .ForServices("  std::unique_ptr<$Service$::StubInterface> $stub$;\n")
      .Text(R"(};

// The unary RPCs of a connection over gRPC.
class GrpcRpcs : public Connection {
 public:
  GrpcRpcs(const std::shared_ptr<grpc::Channel>& channel, std::unique_ptr<Calls> calls);
  ~GrpcRpcs() override;
  GrpcRpcs(const GrpcRpcs&) = delete;
  GrpcRpcs& operator=(const GrpcRpcs&) = delete;

)")
      .ForRpcs(R"(  absl::StatusOr<$Response$> $Method$(const $Request$& request) override;
  void Async$Method$($Request$ request, Callback<$Response$> done) override;
)")
      .Text(R"(
 protected:
  const std::shared_ptr<Stubs>& stubs() const { return stubs_; }
  Calls& calls() { return *calls_; }

 private:
  std::shared_ptr<Stubs> stubs_;
  std::unique_ptr<Calls> calls_;
};

}  // namespace dangol::internal
)")
      .Save(folder / "dangol/internal/grpc_rpcs.h");
}

bool WriteGrpcSource(const Api& api, const std::filesystem::path& folder) {
  return Writer(api)
      .Text(R"(#include "dangol/internal/grpc_rpcs.h"

#include <utility>

namespace dangol::internal {

Stubs::Stubs(const std::shared_ptr<grpc::Channel>& channel) {
)")
      .ForServices("  $stub$ = $Service$::NewStub(channel);\n")
      .Text(R"(}

GrpcRpcs::GrpcRpcs(const std::shared_ptr<grpc::Channel>& channel, std::unique_ptr<Calls> calls)
    : stubs_(std::make_shared<Stubs>(channel)), calls_(std::move(calls)) {}

GrpcRpcs::~GrpcRpcs() { Calls::Retire(std::move(calls_), std::move(stubs_)); }
)")
      .ForRpcs(R"(
absl::StatusOr<$Response$> GrpcRpcs::$Method$(const $Request$& request) {
  return calls_->Call(*stubs_->$stub$, &$Service$::StubInterface::$Method$, request);
}

void GrpcRpcs::Async$Method$($Request$ request, Callback<$Response$> done) {
  calls_->Start(*stubs_->$stub$, &$Service$::StubInterface::async_interface::$Method$, std::move(request), std::move(done));
}
)")
      .Text("\n}  // namespace dangol::internal\n")
      .Save(folder / "dangol/internal/grpc_rpcs.cc");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: generate_rpcs DESCRIPTOR_SET FOLDER\n";
    return 2;
  }
  google::protobuf::FileDescriptorSet files;
  std::ifstream input(argv[1], std::ios::binary);
  if (!files.ParseFromIstream(&input)) {
    std::cerr << "generate_rpcs: " << argv[1] << " is not a descriptor set\n";
    return 1;
  }
  DescriptorPool pool;
  for (const auto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) return 1;  // protobuf has said why.
  }
  const Api api = ReadApi(pool, files);
  for (const auto& write : {WriteConnection, WriteMocks, WriteClientHeader, WriteClientSource,
                            WriteGrpcHeader, WriteGrpcSource}) {
    if (!write(api, argv[2])) {
      std::cerr << "generate_rpcs: can't write to " << argv[2] << "\n";
      return 1;
    }
  }
}
