// Fields that are wrong: each is named, nothing is stored, the server goes on.

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "dangol/v1/activity_service.pb.h"
#include "dangol/v1/member_service.pb.h"
#include "dangol/v1/points_service.pb.h"
#include "dangol/v1/program_service.pb.h"
#include "dangol/v1/purchase_service.pb.h"
#include "dangol/v1/reward_service.pb.h"
#include "tests/e2e/calls.h"
#include "tests/e2e/dangold.h"

namespace dangol::e2e {
namespace {

using Fields = std::vector<std::string>;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
const std::string kNul("a\0b", 3);
const std::string kNotUtf8("a\xff\xfe");

class BadInputTest : public DangoldTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Start());
    Enroll("4005");
    channel_ = MakeChannel();
    before_ = BytesOf(TotalsOf(MakeClient()));
  }

  // Whatever was refused left nothing behind, and the next customer is served.
  void TearDown() override {
    if (HasFatalFailure()) return;
    EXPECT_EQ(BytesOf(TotalsOf(MakeClient())), before_) << "something was stored";
    EXPECT_TRUE(process().IsRunning());
    const auto served = MakeClient().RecordPurchase(SmallPurchase("afterwards", 100));
    EXPECT_TRUE(served.ok()) << served.status();
  }

  absl::Status Send(const v1::Purchase& purchase) {
    v1::RecordPurchaseRequest request;
    *request.mutable_purchase() = purchase;
    const Answer answer = Call(channel_, kRecordPurchase, request);
    EXPECT_LT(answer.trailer_bytes, 8u << 10) << "more than clients accept";
    return answer.status;
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::string before_;
};

v1::Purchase GoodPurchase() {
  v1::Purchase purchase = SmallPurchase("receipt-1", 1'000);
  *purchase.add_lines() = purchase.lines(0);
  return purchase;
}

// A way to spoil a purchase, and the fields that the answer must name.
struct Case {
  std::string name;
  std::function<void(v1::Purchase&)> spoil;
  Fields fields;
  std::string reason = "INVALID_FIELDS";
};

std::vector<Case> CurrencyCases() {
  std::vector<Case> cases = {{"undeclared",
                              [](v1::Purchase& p) { p.set_currency("JPY"); },
                              {"purchase.currency"},
                              "CURRENCY_NOT_DECLARED"}};
  for (const char* code : {"", "gbp", "GB", "GBPS", "G P", "G\n1", "£"}) {
    cases.push_back({absl::StrCat("currency ", code),
                     [code](v1::Purchase& p) { p.set_currency(code); },
                     {"purchase.currency"}});
  }
  return cases;
}

std::vector<Case> LineCases() {
  std::vector<Case> cases;
  for (const int64_t quantity : {int64_t{0}, int64_t{-1}, int64_t{1'000'000'001}, kMax, kMin}) {
    cases.push_back({absl::StrCat("quantity ", quantity),
                     [=](v1::Purchase& p) { p.mutable_lines(1)->set_quantity(quantity); },
                     {"purchase.lines[1].quantity"}});
  }
  for (const int64_t amount : {int64_t{-1}, int64_t{1'000'000'000'001}, kMax, kMax - 1, kMin}) {
    cases.push_back({absl::StrCat("amount ", amount),
                     [=](v1::Purchase& p) { p.mutable_lines(1)->set_amount_minor(amount); },
                     {"purchase.lines[1].amount_minor"}});
  }
  for (const int64_t tax : {int64_t{-1}, int64_t{1'001}, kMax, kMin}) {
    cases.push_back({absl::StrCat("tax ", tax),
                     [=](v1::Purchase& p) { p.mutable_lines(1)->set_tax_minor(tax); },
                     {"purchase.lines[1].tax_minor"}});
  }
  for (const int64_t paid : {int64_t{-1}, int64_t{2'001}, kMax, kMin}) {
    cases.push_back({absl::StrCat("paid with points ", paid),
                     [=](v1::Purchase& p) { p.set_paid_with_points_minor(paid); },
                     {"purchase.paid_with_points_minor"}});
  }
  for (const int kind : {-1, 5, 1 << 30}) {
    const auto spoil = [=](v1::Purchase& p) {
      p.mutable_lines(0)->set_kind(static_cast<v1::LineKind>(kind));
    };
    cases.push_back({absl::StrCat("kind ", kind), spoil, {"purchase.lines[0].kind"}});
  }
  cases.push_back({"no lines", [](v1::Purchase& p) { p.clear_lines(); }, {"purchase.lines"}});
  const auto too_much = [](v1::Purchase& p) {
    for (auto& line : *p.mutable_lines()) line.set_amount_minor(1'000'000'000'000);
  };
  cases.push_back({"sum of lines", too_much, {"purchase.lines"}});
  return cases;
}

std::vector<Case> IdCases() {
  std::vector<Case> cases;
  for (const std::string& id :
       {std::string(), std::string(129, 'x'), std::string(10'000, 'x'), std::string("영수증"),
        std::string("with space"), kNul, std::string("tab\t"), std::string("\x7f")}) {
    cases.push_back({absl::StrCat("id of ", id.size(), " bytes"),
                     [id](v1::Purchase& p) { p.set_purchase_id(id); },
                     {"purchase.purchase_id"}});
  }
  return cases;
}

std::vector<Case> MemberCases() {
  std::vector<Case> cases = {
      {"no member", [](v1::Purchase& p) { p.clear_member(); }, {"purchase.member"}},
      {"empty member", [](v1::Purchase& p) { p.mutable_member()->Clear(); }, {"purchase.member"}},
      {"empty alias",
       [](v1::Purchase& p) { *p.mutable_member() = MemberByAlias("", ""); },
       {"purchase.member.alias.kind", "purchase.member.alias.value"}}};
  for (const std::string& id : {std::string(), std::string("nonsense"), std::string(10'000, '0'),
                                kNul, std::string("0190c2f0-0000-7000-8000-00000000000g")}) {
    cases.push_back({absl::StrCat("member_id ", id.substr(0, 40)),
                     [id](v1::Purchase& p) { *p.mutable_member() = MemberById(id); },
                     {"purchase.member.member_id"}});
  }
  for (const std::string& kind : {std::string("Card"), std::string("k d"), std::string(33, 'k')}) {
    cases.push_back({absl::StrCat("kind ", kind),
                     [kind](v1::Purchase& p) { *p.mutable_member() = MemberByAlias(kind, "1"); },
                     {"purchase.member.alias.kind"}});
  }
  for (const std::string& value : {std::string(), std::string(129, 'v'), kNul}) {
    cases.push_back(
        {absl::StrCat("alias of ", value.size(), " bytes"),
         [value](v1::Purchase& p) { *p.mutable_member() = MemberByAlias("card", value); },
         {"purchase.member.alias.value"}});
  }
  return cases;
}

std::vector<Case> TimeCases() {
  const auto at = [](int64_t seconds, int32_t nanos) {
    return [=](v1::Purchase& p) {
      p.mutable_occurred_at()->set_seconds(seconds);
      p.mutable_occurred_at()->set_nanos(nanos);
    };
  };
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const Fields field = {"purchase.occurred_at"};
  return {{"in two minutes", at(now + 120, 0), field, "TIME_IN_FUTURE"},
          {"in the year 9999", at(253'402'300'799, 0), field, "TIME_IN_FUTURE"},
          {"in 1900", at(-2'208'988'800, 0), field, "TIME_TOO_EARLY"},
          {"just before 1970", at(-1, 999'999'999), field, "TIME_TOO_EARLY"},
          {"in the year 10000", at(253'402'300'800, 0), field},
          {"before the year 1", at(-62'135'596'801, 0), field},
          {"at the end of int64", at(kMax, 0), field},
          {"at the beginning of int64", at(kMin, 0), field},
          {"negative nanos", at(now - 1, -1), field},
          {"a second of nanos", at(now - 1, 1'000'000'000), field}};
}

std::vector<Case> TextCases() {
  std::vector<Case> cases;
  struct Text {
    std::string field;
    std::function<std::string*(v1::Purchase&)> of;
    size_t bytes_max;
  };
  const std::vector<Text> texts = {
      {"purchase.lines[1].sku", [](v1::Purchase& p) { return p.mutable_lines(1)->mutable_sku(); },
       64},
      {"purchase.lines[1].category",
       [](v1::Purchase& p) { return p.mutable_lines(1)->mutable_category(); }, 64},
      {"purchase.channel", [](v1::Purchase& p) { return p.mutable_channel(); }, 32},
      {"purchase.store_id", [](v1::Purchase& p) { return p.mutable_store_id(); }, 64},
      {"purchase.member.alias.kind",
       [](v1::Purchase& p) { return p.mutable_member()->mutable_alias()->mutable_kind(); }, 32},
      {"purchase.member.alias.value",
       [](v1::Purchase& p) { return p.mutable_member()->mutable_alias()->mutable_value(); }, 128},
      {"purchase.currency", [](v1::Purchase& p) { return p.mutable_currency(); }, 3},
      {"purchase.purchase_id", [](v1::Purchase& p) { return p.mutable_purchase_id(); }, 128}};
  for (const Text& text : texts) {
    const auto spoil_with = [&](const std::string& name, const std::string& bad) {
      cases.push_back({absl::StrCat(text.field, " ", name),
                       [of = text.of, bad](v1::Purchase& p) { *of(p) = bad; },
                       {text.field}});
    };
    spoil_with("with NUL", kNul);
    spoil_with("not UTF-8", kNotUtf8);
    spoil_with("cut UTF-8", "a\xed\x95");
    spoil_with("with a surrogate", "\xed\xa0\x80");
    spoil_with("with a line end", "a\nb");
    spoil_with("too long", std::string(text.bytes_max + 1, 'x'));
  }
  return cases;
}

// Cases of one subject, which names the test.
template <typename OneCase>
struct Group {
  const char* name;
  std::vector<OneCase> (*cases)();

  friend void PrintTo(const Group& group, std::ostream* out) { *out << group.name; }
};

class BadPurchaseTest : public BadInputTest, public ::testing::WithParamInterface<Group<Case>> {};

TEST_P(BadPurchaseTest, EachWrongFieldIsNamed) {
  for (const Case& one : GetParam().cases()) {
    SCOPED_TRACE(one.name);
    v1::Purchase purchase = GoodPurchase();
    one.spoil(purchase);
    ExpectRefused(Send(purchase), absl::StatusCode::kInvalidArgument, one.fields, one.reason);
  }
}

INSTANTIATE_TEST_SUITE_P(
    , BadPurchaseTest,
    ::testing::Values(Group<Case>{"Currency", CurrencyCases}, Group<Case>{"Line", LineCases},
                      Group<Case>{"Id", IdCases}, Group<Case>{"Member", MemberCases},
                      Group<Case>{"Time", TimeCases}, Group<Case>{"Text", TextCases}),
    [](const auto& group) { return group.param.name; });

TEST_F(BadInputTest, UnknownMemberIsNotFound) {
  v1::Purchase purchase = GoodPurchase();
  *purchase.mutable_member() = Card("nobody");
  ExpectRefused(Send(purchase), absl::StatusCode::kNotFound, {}, "MEMBER_NOT_FOUND");
  *purchase.mutable_member() = MemberById("0190c2f0-0000-7000-8000-000000000000");
  ExpectRefused(Send(purchase), absl::StatusCode::kNotFound, {}, "MEMBER_NOT_FOUND");
}

TEST_F(BadInputTest, EveryWrongFieldIsNamedAtOnce) {
  v1::Purchase purchase = GoodPurchase();
  purchase.set_purchase_id("");
  purchase.clear_member();
  purchase.set_currency("pounds");
  purchase.set_channel(kNul);
  purchase.mutable_occurred_at()->set_nanos(-1);
  purchase.mutable_lines(0)->set_quantity(0);
  purchase.mutable_lines(1)->set_amount_minor(-1);
  purchase.set_paid_with_points_minor(-1);
  ExpectRefused(Send(purchase), absl::StatusCode::kInvalidArgument,
                {"purchase.purchase_id", "purchase.member", "purchase.currency", "purchase.channel",
                 "purchase.occurred_at", "purchase.lines[0].quantity",
                 "purchase.lines[1].amount_minor", "purchase.paid_with_points_minor"});
}

TEST_F(BadInputTest, EmptyRequestNamesWhatIsRequired) {
  ExpectRefused(Call(channel_, kRecordPurchase, "").status, absl::StatusCode::kInvalidArgument,
                {"purchase.purchase_id", "purchase.member", "purchase.currency", "purchase.lines"});
}

// One request of another method, and the fields that the answer must name.
struct OtherCase {
  std::string method;
  std::string request;
  Fields fields;
};

template <typename Message>
OtherCase Other(const char* method, Fields fields, const std::function<void(Message&)>& fill) {
  Message message;
  fill(message);
  return {absl::StrCat("/dangol.v1.", method), message.SerializePartialAsString(),
          std::move(fields)};
}

std::vector<OtherCase> MemberRequests() {
  using Enroll = v1::EnrollMemberRequest;
  constexpr char kEnroll[] = "MemberService/EnrollMember";
  const auto good = [](Enroll& m) { m.set_request_id("e-1"); };
  std::vector<OtherCase> cases = {
      Other<Enroll>(kEnroll, {"request_id"}, [](Enroll&) {}),
      Other<Enroll>(kEnroll, {"request_id"}, [](Enroll& m) { m.set_request_id(kNul); }),
      Other<Enroll>(kEnroll, {"request_id"},
                    [](Enroll& m) { m.set_request_id(std::string(10'000, 'r')); }),
      Other<Enroll>(kEnroll, {"aliases[1].kind", "aliases[1].value"},
                    [&](Enroll& m) {
                      good(m);
                      *m.add_aliases() = MakeAlias("card", "1");
                      *m.add_aliases() = MakeAlias("CARD", "");
                    }),
      Other<Enroll>(kEnroll, {"aliases[0].value"},
                    [&](Enroll& m) {
                      good(m);
                      *m.add_aliases() = MakeAlias("card", kNotUtf8);
                    }),
      Other<Enroll>(kEnroll, {"aliases[0].value", "aliases[1].value"},
                    [&](Enroll& m) {
                      good(m);
                      *m.add_aliases() = MakeAlias("card", "4005 ");
                      *m.add_aliases() = MakeAlias("card", " 4005");
                    }),
      Other<Enroll>(kEnroll, {"aliases[1]"},
                    [&](Enroll& m) {
                      good(m);
                      for (int i = 0; i < 2; ++i) *m.add_aliases() = MakeAlias("card", "1");
                    }),
      Other<Enroll>(kEnroll, {"aliases"},
                    [&](Enroll& m) {
                      good(m);
                      for (int i = 0; i < 21; ++i)
                        *m.add_aliases() = MakeAlias("card", absl::StrCat(i));
                    }),
      Other<Enroll>(kEnroll, {"attributes"},
                    [&](Enroll& m) {
                      good(m);
                      for (int i = 0; i < 33; ++i)
                        m.mutable_attributes()->insert({absl::StrCat("k", i), std::string(1, 'v')});
                    }),
      Other<Enroll>(kEnroll, {"enrolled_at"}, [&](Enroll& m) {
        good(m);
        *m.mutable_enrolled_at() = ToTimestamp(absl::Now() + absl::Hours(1));
      })};
  using Add = v1::AddAliasRequest;
  cases.push_back(Other<Add>("MemberService/AddAlias",
                             {"request_id", "member", "alias.kind", "alias.value"}, [](Add&) {}));
  using Remove = v1::RemoveAliasRequest;
  cases.push_back(Other<Remove>("MemberService/RemoveAlias",
                                {"request_id", "member", "alias.kind", "alias.value"},
                                [](Remove&) {}));
  using Get = v1::GetMemberRequest;
  cases.push_back(Other<Get>("MemberService/GetMember", {"member"}, [](Get&) {}));
  using Lookup = v1::LookupMemberRequest;
  cases.push_back(
      Other<Lookup>("MemberService/LookupMember", {"alias.kind", "alias.value"}, [](Lookup&) {}));
  return cases;
}

template <typename Message>
void AddListCases(const char* method, const Message& good, std::vector<OtherCase>& cases) {
  for (const int page_size : {-1, 1'001, std::numeric_limits<int>::min()}) {
    cases.push_back(Other<Message>(method, {"page_size"}, [&](Message& m) {
      m = good;
      m.set_page_size(page_size);
    }));
  }
  for (const std::string& token :
       {std::string("garbage"), std::string("!!"), std::string(100'000, 'A'), kNul, kNotUtf8}) {
    cases.push_back(Other<Message>(method, {"page_token"}, [&](Message& m) {
      m = good;
      m.set_page_token(token);
    }));
  }
}

std::vector<OtherCase> ListRequests() {
  std::vector<OtherCase> cases;
  AddListCases("MemberService/ListMembers", v1::ListMembersRequest(), cases);
  AddListCases("ProgramService/ListPrograms", v1::ListProgramsRequest(), cases);
  v1::ListPurchasesRequest purchases;
  *purchases.mutable_member() = Card("4005");
  AddListCases("PurchaseService/ListPurchases", purchases, cases);
  v1::ListLedgerEntriesRequest entries;
  *entries.mutable_member() = Card("4005");
  AddListCases("PointsService/ListLedgerEntries", entries, cases);

  using Entries = v1::ListLedgerEntriesRequest;
  cases.push_back(Other<Entries>("PointsService/ListLedgerEntries", {"kind", "member", "page_size"},
                                 [](Entries& m) {
                                   m.set_page_size(-1);
                                   m.set_kind(static_cast<v1::EntryKind>(99));
                                 }));
  using Members = v1::ListMembersRequest;
  cases.push_back(Other<Members>("MemberService/ListMembers", {"status"}, [](Members& m) {
    m.set_status(static_cast<v1::MemberStatus>(99));
  }));
  using Purchases = v1::ListPurchasesRequest;
  cases.push_back(Other<Purchases>("PurchaseService/ListPurchases",
                                   {"occurred_from", "occurred_until"}, [&](Purchases& m) {
                                     m = purchases;
                                     m.mutable_occurred_from()->set_nanos(-1);
                                     m.mutable_occurred_until()->set_seconds(kMax);
                                   }));
  return cases;
}

std::vector<OtherCase> RewardRequests() {
  using List = v1::ListRewardsRequest;
  using Issue = v1::IssueCouponRequest;
  using Get = v1::GetCouponRequest;
  using Use = v1::UseCouponRequest;
  using Cancel = v1::CancelCouponRequest;
  constexpr char kIssue[] = "RewardService/IssueCoupon";
  constexpr char kUse[] = "RewardService/UseCoupon";
  const auto issue = [](Issue& m) {
    m.set_request_id("c-1");
    *m.mutable_member() = Card("4005");
    m.set_reward_id("latte");
  };
  const auto use = [](Use& m) {
    m.set_request_id("u-1");
    m.set_code("0123456789ABCDEFGHJKMNPQRS");
  };
  std::vector<OtherCase> cases = {
      Other<List>("RewardService/ListRewards", {"member"}, [](List&) {}),
      Other<Issue>(kIssue, {"request_id", "member", "reward_id"}, [](Issue&) {}),
      Other<Get>("RewardService/GetCoupon", {"code"}, [](Get&) {}),
      Other<Use>(kUse, {"request_id", "code"}, [](Use&) {}),
      Other<Cancel>("RewardService/CancelCoupon", {"request_id", "code"}, [](Cancel&) {})};
  for (const std::string& id : {std::string(129, 'x'), kNul, kNotUtf8, std::string("a b")}) {
    cases.push_back(Other<Issue>(kIssue, {"request_id"}, [&](Issue& m) {
      issue(m);
      m.set_request_id(id);
    }));
  }
  for (const std::string& reward :
       {std::string(65, 'x'), kNul, kNotUtf8, std::string("Latte"), std::string("a b")}) {
    cases.push_back(Other<Issue>(kIssue, {"reward_id"}, [&](Issue& m) {
      issue(m);
      m.set_reward_id(reward);
    }));
  }
  for (const std::string& code :
       {std::string("0123456789ABCDEFGHJKMNPQR"), std::string("0123456789ABCDEFGHJKMNPQRSS"),
        std::string("0123456789ABCDEFGHJKMNPQRU"), std::string("' OR 1=1; --"), kNul, kNotUtf8,
        std::string(100'000, 'A'), std::string(100'000, '-')}) {
    cases.push_back(Other<Use>(kUse, {"code"}, [&](Use& m) {
      use(m);
      m.set_code(code);
    }));
    cases.push_back(
        Other<Get>("RewardService/GetCoupon", {"code"}, [&](Get& m) { m.set_code(code); }));
  }
  for (const std::string& reference : {std::string(129, 'x'), kNul, kNotUtf8}) {
    cases.push_back(Other<Use>(kUse, {"reference"}, [&](Use& m) {
      use(m);
      m.set_reference(reference);
    }));
  }
  return cases;
}

std::vector<OtherCase> PurchaseRequests() {
  using Get = v1::GetPurchaseRequest;
  using Preview = v1::PreviewPurchaseRequest;
  using Batch = v1::BatchRecordPurchasesRequest;
  using Balance = v1::GetBalanceRequest;
  return {
      Other<Get>("PurchaseService/GetPurchase", {"purchase_id"}, [](Get&) {}),
      Other<Get>("PurchaseService/GetPurchase", {"purchase_id"},
                 [](Get& m) { m.set_purchase_id(std::string(10'000, 'x')); }),
      Other<Preview>("PurchaseService/PreviewPurchase",
                     {"purchase.member", "purchase.currency", "purchase.lines"}, [](Preview&) {}),
      Other<Preview>("PurchaseService/PreviewPurchase", {"purchase.currency"},
                     [](Preview& m) {
                       *m.mutable_purchase() = GoodPurchase();
                       m.mutable_purchase()->set_currency("JPY");
                     }),
      Other<Batch>("PurchaseService/BatchRecordPurchases", {"purchases"}, [](Batch&) {}),
      Other<Batch>("PurchaseService/BatchRecordPurchases", {"purchases"},
                   [](Batch& m) {
                     for (int i = 0; i < 1'001; ++i)
                       *m.add_purchases() = SmallPurchase(absl::StrCat("b-", i), 100);
                   }),
      Other<Balance>("PointsService/GetBalance", {"member"}, [](Balance&) {}),
  };
}

std::vector<OtherCase> ActivityRequests() {
  using Record = v1::RecordActivityRequest;
  using Batch = v1::BatchRecordActivitiesRequest;
  using Undo = v1::UndoActivityRequest;
  using List = v1::ListActivitiesRequest;
  using Profile = v1::GetProfileRequest;
  constexpr char kRecord[] = "ActivityService/RecordActivity";
  constexpr char kBatch[] = "ActivityService/BatchRecordActivities";
  const auto visit = [](v1::Activity& activity) {
    activity.set_activity_id("a-1");
    *activity.mutable_member() = Card("4005");
    activity.set_kind("visit");
  };
  std::vector<OtherCase> cases = {
      Other<Record>(kRecord, {"activity.activity_id", "activity.member", "activity.kind"},
                    [](Record&) {}),
      Other<Batch>(kBatch, {"activities"}, [](Batch&) {}),
      Other<Batch>(kBatch, {"activities"},
                   [&](Batch& m) {
                     for (int i = 0; i < 1'001; ++i) visit(*m.add_activities());
                   }),
      Other<Undo>("ActivityService/UndoActivity", {"activity_id"}, [](Undo&) {}),
      Other<List>("ActivityService/ListActivities", {"member"}, [](List&) {}),
      Other<Profile>("ActivityService/GetProfile", {"member", "first_day", "favourites"},
                     [](Profile& m) {
                       m.set_first_day("2026-02-30");
                       m.set_favourites(-1);
                     })};
  for (const std::string& text : {std::string(129, 'x'), kNul, kNotUtf8}) {
    const auto with = [&](const char* field, auto set) {
      cases.push_back(Other<Record>(kRecord, {absl::StrCat("activity.", field)}, [&](Record& m) {
        visit(*m.mutable_activity());
        set(*m.mutable_activity());
      }));
    };
    with("activity_id", [&](v1::Activity& a) { a.set_activity_id(text); });
    with("kind", [&](v1::Activity& a) { a.set_kind(text); });
    with("channel", [&](v1::Activity& a) { a.set_channel(text); });
    with("reference", [&](v1::Activity& a) { a.set_reference(text); });
  }
  return cases;
}

class BadRequestTest : public BadInputTest,
                       public ::testing::WithParamInterface<Group<OtherCase>> {};

TEST_P(BadRequestTest, EachWrongFieldIsNamed) {
  int number = 0;
  for (const OtherCase& one : GetParam().cases()) {
    SCOPED_TRACE(absl::StrCat("case ", number++, " of ", one.method));
    const Answer answer = Call(channel_, one.method, one.request);
    ExpectRefused(answer.status, absl::StatusCode::kInvalidArgument, one.fields);
    EXPECT_LT(answer.trailer_bytes, 8u << 10);
  }
}

INSTANTIATE_TEST_SUITE_P(, BadRequestTest,
                         ::testing::Values(Group<OtherCase>{"Members", MemberRequests},
                                           Group<OtherCase>{"Lists", ListRequests},
                                           Group<OtherCase>{"Purchases", PurchaseRequests},
                                           Group<OtherCase>{"Activities", ActivityRequests},
                                           Group<OtherCase>{"Rewards", RewardRequests}),
                         [](const auto& group) { return group.param.name; });

}  // namespace
}  // namespace dangol::e2e
