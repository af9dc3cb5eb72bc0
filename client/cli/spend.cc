#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/command_helpers.h"
#include "cli/commands.h"

namespace dangol::cli {
namespace {

std::vector<std::pair<std::string, std::string>> FactsOf(const v1::Reservation& reservation) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"reservation", reservation.reservation_id()},
      {"member", reservation.member_id()},
      {"wallet", reservation.wallet()},
      {"status", ToJson(reservation)["status"]},
      {"points", FormatCount(reservation.points())},
      {"spent", FormatCount(reservation.captured())}};
  if (reservation.status() == v1::RESERVATION_STATUS_HELD) {
    facts.emplace_back("lapses (UTC)",
                       FormatTimestamp(reservation.has_lapses_at(), reservation.lapses_at()));
  }
  if (!reservation.purchase_id().empty()) {
    facts.emplace_back("pays for", reservation.purchase_id());
  }
  return facts;
}

// Prints what a call made of a reservation, whatever call it was.
template <typename Response>
absl::Status PrintReservation(Session& session, const absl::StatusOr<Response>& response) {
  return PrintReply(session, response, [&] {
    session.out() << RenderFacts(FactsOf(response->reservation()));
    PrintBalances(session, response->balances());
  });
}

// What is asked of a member's wallet.
struct WalletArguments {
  std::string member;
  int64_t points = 0;
  std::string wallet;
  std::string id;
};

void DeclareWallet(CLI::App& verb, WalletArguments& arguments, const std::string& points) {
  DeclareMember(verb, arguments.member);
  verb.add_option("POINTS", arguments.points, points)->required();
  verb.add_option("--wallet", arguments.wallet,
                  "The wallet; may be left out where the program declares only one");
}

void DeclareReservationId(CLI::App& verb, WalletArguments& arguments) {
  verb.add_option("--id", arguments.id,
                  "The reservation's id, which makes repeating harmless; made up when not given");
}

// A request about a member's wallet, with what such requests have in common.
template <typename Request>
absl::StatusOr<Request> RequestOf(const WalletArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  Request request;
  request.set_request_id(arguments.id);
  *request.mutable_member() = *std::move(member);
  request.set_wallet(arguments.wallet);
  request.set_points(arguments.points);
  return request;
}

struct ReserveArguments : WalletArguments {
  std::string time_to_live;
};

absl::Status Reserve(Session& session, const ReserveArguments& arguments) {
  auto request = RequestOf<v1::ReservePointsRequest>(arguments);
  if (!request.ok()) return request.status();
  if (!arguments.time_to_live.empty()) {
    absl::Duration rest;
    if (!absl::ParseDuration(arguments.time_to_live, &rest) || rest == absl::InfiniteDuration()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", arguments.time_to_live, "\" is not a time such as 90s, 15m or 36h"));
    }
    google::protobuf::Duration& time_to_live = *request->mutable_time_to_live();
    time_to_live.set_seconds(absl::IDivDuration(rest, absl::Seconds(1), &rest));
    time_to_live.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
  }
  return PrintReservation(session, session.client().ReservePoints(*std::move(request)));
}

absl::Status Redeem(Session& session, const WalletArguments& arguments) {
  auto request = RequestOf<v1::RedeemPointsRequest>(arguments);
  if (!request.ok()) return request.status();
  return PrintReservation(session, session.client().RedeemPoints(*std::move(request)));
}

struct ReservationArguments {
  std::string reservation;
  std::optional<int64_t> points;
  std::string request_id;
};

void DeclareReservation(CLI::App& verb, ReservationArguments& arguments) {
  verb.add_option("RESERVATION", arguments.reservation, "The reservation's id")->required();
  DeclareRequestId(verb, arguments.request_id);
}

absl::Status Capture(Session& session, const ReservationArguments& arguments) {
  v1::CapturePointsRequest request;
  request.set_request_id(arguments.request_id);
  request.set_reservation_id(arguments.reservation);
  if (arguments.points.has_value()) request.set_points(*arguments.points);
  return PrintReservation(session, session.client().CapturePoints(std::move(request)));
}

absl::Status Void(Session& session, const ReservationArguments& arguments) {
  v1::VoidReservationRequest request;
  request.set_request_id(arguments.request_id);
  request.set_reservation_id(arguments.reservation);
  return PrintReservation(session, session.client().VoidReservation(std::move(request)));
}

struct HoldArguments {
  std::string reservation;
};

absl::Status ShowHold(Session& session, const HoldArguments& arguments) {
  v1::GetReservationRequest request;
  request.set_reservation_id(arguments.reservation);
  const auto response = session.client().GetReservation(std::move(request));
  if (!response.ok()) return response.status();
  if (session.json) {
    session.Print(ToJson(*response));
  } else {
    session.out() << RenderFacts(FactsOf(response->reservation()));
  }
  return absl::OkStatus();
}

struct HoldsArguments : ListArguments {
  std::string member;
};

absl::Status ListHolds(Session& session, const HoldsArguments& arguments) {
  absl::StatusOr<v1::MemberRef> member = ParseMemberRef(arguments.member);
  if (!member.ok()) return member.status();
  v1::ListReservationsRequest request;
  *request.mutable_member() = *std::move(member);
  constexpr auto kRight = Table::Align::kRight;
  Table table({{.title = "RESERVATION"},
               {.title = "STATUS", .whole = true},
               {.title = "POINTS", .align = kRight, .whole = true},
               {.title = "SPENT", .align = kRight, .whole = true},
               {.title = "GIVEN BACK", .align = kRight, .whole = true},
               {.title = "PAYS FOR"}});
  return PrintList(
      session, session.client().ListReservations(std::move(request)), arguments, "reservations",
      std::move(table), [](Table& rows, const v1::Reservation& reservation) {
        rows.Add({reservation.reservation_id(), ToJson(reservation)["status"],
                  FormatCount(reservation.points()), FormatCount(reservation.captured()),
                  FormatCount(reservation.restored()), reservation.purchase_id()});
      });
}

struct AdjustArguments : WalletArguments {
  std::string reason;
  std::string undoes;
};

absl::Status Adjust(Session& session, const AdjustArguments& arguments) {
  auto request = RequestOf<v1::AdjustPointsRequest>(arguments);
  if (!request.ok()) return request.status();
  request->set_reason(arguments.reason);
  request->set_undoes(arguments.undoes);
  const auto response = session.client().AdjustPoints(*std::move(request));
  return PrintReply(session, response, [&] {
    session.out() << RenderFacts({{"member", response->member_id()}});
    PrintBalances(session, response->balances());
  });
}

struct TransferArguments : WalletArguments {
  std::string to;
};

absl::Status Transfer(Session& session, const TransferArguments& arguments) {
  auto request = RequestOf<v1::TransferPointsRequest>(arguments);
  if (!request.ok()) return request.status();
  absl::StatusOr<v1::MemberRef> to = ParseMemberRef(arguments.to);
  if (!to.ok()) return to.status();
  *request->mutable_to() = *std::move(to);
  const auto response = session.client().TransferPoints(*std::move(request));
  return PrintReply(session, response, [&] {
    session.out() << RenderFacts({{"member", response->member_id()},
                                  {"to", response->to_member_id()},
                                  {"points", FormatCount(arguments.points)}});
    PrintBalances(session, response->balances());
  });
}

}  // namespace

void AddSpendingVerbs(CLI::App& noun, Session& session) {
  AddVerb<ReserveArguments>(
      noun, session, "reserve", "Set points aside for a payment",
      [](CLI::App& verb, ReserveArguments& arguments) {
        DeclareWallet(verb, arguments, "How many");
        verb.add_option("--for", arguments.time_to_live,
                        "How long, such as 90s, 15m or 36h; 15 minutes when not given");
        DeclareReservationId(verb, arguments);
      },
      Reserve);
  AddVerb<ReservationArguments>(
      noun, session, "capture", "Spend what is set aside, and give back the rest",
      [](CLI::App& verb, ReservationArguments& arguments) {
        DeclareReservation(verb, arguments);
        verb.add_option("--points", arguments.points,
                        "How many; all when not given, and none with 0");
      },
      Capture);
  AddVerb<ReservationArguments>(noun, session, "void", "Give back what is set aside",
                                DeclareReservation, Void);
  AddVerb<HoldArguments>(
      noun, session, "hold", "Show what became of points that were set aside",
      [](CLI::App& verb, HoldArguments& arguments) {
        verb.add_option("RESERVATION", arguments.reservation, "The reservation's id")->required();
      },
      ShowHold);
  AddVerb<HoldsArguments>(
      noun, session, "holds", "List what a member's points were set aside for",
      [](CLI::App& verb, HoldsArguments& arguments) {
        DeclareMember(verb, arguments.member);
        DeclareLimit(verb, arguments);
      },
      ListHolds);
  AddVerb<WalletArguments>(
      noun, session, "redeem", "Spend points at once",
      [](CLI::App& verb, WalletArguments& arguments) {
        DeclareWallet(verb, arguments, "How many");
        DeclareReservationId(verb, arguments);
      },
      Redeem);
  AddVerb<AdjustArguments>(
      noun, session, "adjust", "Give or take points by hand",
      [](CLI::App& verb, AdjustArguments& arguments) {
        DeclareWallet(verb, arguments,
                      "How many to give; a number below 0 takes them, and with --undo it is 0");
        verb.add_option("--undo", arguments.undoes,
                        "The request id of an adjustment that was a mistake");
        verb.add_option("--reason", arguments.reason, "A reason that the program declares")
            ->required();
        DeclareRequestId(verb, arguments.id);
      },
      Adjust);
  AddVerb<TransferArguments>(
      noun, session, "transfer", "Give points of one member to another",
      [](CLI::App& verb, TransferArguments& arguments) {
        DeclareWallet(verb, arguments, "How many");
        verb.add_option("--to", arguments.to,
                        "Who receives: a member id, or an alias as KIND:VALUE")
            ->required();
        DeclareRequestId(verb, arguments.id);
      },
      Transfer);
}

}  // namespace dangol::cli
