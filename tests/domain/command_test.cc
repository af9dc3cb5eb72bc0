#include "server/domain/command.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/programs.h"

namespace dangol::domain {
namespace {

MemberRef Ref(uint64_t number) {
  MemberRef ref;
  ref.id = testing::MemberNumber(number);
  ref.alias = {"card", "1"};
  ref.purchase_id = "p";
  ref.reservation_id = "r";
  ref.coupon_code = "c";
  ref.return_id = "t";
  ref.activity_id = "a";
  ref.resolve = Resolve::kToItself;
  return ref;
}

// One of each kind, with something in every field.
std::vector<Action> OneOfEach() {
  const absl::Time at = testing::Utc("2026-01-15 12:00:00") + absl::Microseconds(7);
  RecordPurchase record;
  record.member = Ref(1);
  record.occurred_at = absl::UnixEpoch();
  record.purchase = testing::PurchaseOf({testing::Line(100, "tea"), testing::Line(0)});
  record.purchase.purchase_id = "p";
  record.purchase.channel = "app";
  record.purchase.store_id = "store";
  record.purchase.paid_with_points_minor = 7;
  record.purchase.reservation_id = "r";
  record.purchase.lines[0].tax_minor = 9;
  record.purchase.lines[1].kind = LineKind::kGiftCard;
  const MemberId other = testing::MemberNumber(2);
  Activity did;
  did.activity_id = "a";
  did.kind = "review";
  did.rewarded = true;
  did.channel = "app";
  did.reference = "latte";
  ActivateProgram activate;
  activate.text = "name: \"x\"";
  activate.effective_from = at;
  Norms norms;
  norms.from = 20'500;
  norms.day = 20'498;
  norms.members = 12;
  norms.basis = {365, 5, "EUR"};
  norms.cut_points = {{{1, 0, 1}, {2, 1, 5}}, {{1, 2, 3}}, {{-1, 1, 2}}};
  AdvocateRecord consent;
  consent.record_id = "c";
  consent.kind = AdvocateRecordKind::kConsent;
  consent.text = "form";
  consent.scopes = {"web", "print"};
  consent.from = 20'500;
  consent.until = 20'600;
  consent.consent_id = "w";
  consent.amount_minor = 5;
  consent.currency = "EUR";
  norms.advocates = AdvocateNorms{9, VvipRank{500, 3, at, testing::MemberNumber(4)},
                                  VvipRank{400, 2, at, testing::MemberNumber(5)}};
  Survey survey;
  survey.survey_id = "s";
  survey.channel = "app";
  survey.purchase_id = "p";
  survey.expectation = 5;
  survey.recommendation = 0;
  survey.text = "hm";
  const FoundReferrer found{testing::MemberNumber(3), at, true};
  return {
      EnrollMember{
          other, {{"card", "1"}, {"phone", "2"}}, {{"city", ""}, {"a", "b"}}, at, Ref(3), found},
      AddAlias{Ref(1), {"phone", "2"}},
      RemoveAlias{Ref(1), {"phone", "2"}},
      record,
      activate,
      AdvanceMember{Ref(1)},
      RecordReturn{Ref(1), "t", "p", "EUR", {{1, "sku", 2, 3}, {}}, 4, at, "cold"},
      ConfirmPurchase{Ref(1), "p"},
      ReservePoints{Ref(1), "r", "points", 5, absl::Minutes(15), true},
      CapturePoints{Ref(1), "r", 0},
      VoidReservation{Ref(1), "r"},
      AdjustPoints{Ref(1), "points", -5, "goodwill", "a", "mistake"},
      ChangeStatus{Ref(1), MemberStatus::kClosed},
      TransferPoints{Ref(1), Ref(2), "t", "points", 6},
      ReceivePoints{Ref(1),
                    other,
                    other,
                    "t",
                    "points",
                    {{7, absl::UnixEpoch() - absl::Microseconds(1)}, {8, at, at}}},
      IssueCoupon{Ref(1), "c", "latte", "CODE", ~uint64_t{0}},
      UseCoupon{Ref(1), "CODE", "order"},
      CancelCoupon{Ref(1), "CODE"},
      MergeMembers{Ref(1), Ref(2), "m", true},
      AbsorbMember{Ref(1), other, "m"},
      UnmergeMember{Ref(1), "u", true},
      RestoreMember{Ref(1), other, "u"},
      UndoReturn{Ref(1), "t"},
      UpdateMember{Ref(1), true, {{"a", "b"}}, {"city"}},
      WithdrawProgram{7},
      RecordActivity{Ref(1), did, at},
      UndoActivity{Ref(1), "a"},
      OverrideTier{Ref(1), "o", "main", "gold", TierOverride::Kind::kAtMost, 20'454, "why"},
      EndTierOverride{Ref(1), "e", "o"},
      RecordNorms{"n", norms},
      ImportLifetimeSums{Ref(1),
                         "i",
                         "old till",
                         20'454,
                         {{Indicator::kNetSpend, "EUR", 7}, {Indicator::kVisits, "", 2}}},
      RecordReferral{Ref(1), Ref(3), "f", at, found},
      CountReferral{Ref(3), other, testing::MemberNumber(1), 2, {{"a", 3}}, {{"b", -4}}},
      RecordAdvocate{Ref(1), consent, at},
      UndoAdvocateRecord{Ref(1), "u", "c", "why"},
      FileComplaint{Ref(1), "c", "delivery", Severity::kHigh, "phone", "p", "cold", at},
      ChangeComplaint{Ref(1), "c", "r", ComplaintEventKind::kGoodwill, "sorry", "kitchen", "mina",
                      7},
      RecordSurvey{Ref(1), survey, at},
      CompleteWork{Ref(1), "d", WorkKind::kHostileAdvocate, "17", "called"},
      RecordInfluence{Ref(1), {20'500, 1'750}},
      EraseMember{Ref(1)},
      EraseMerged{Ref(1), other}};
}

TEST(CommandTest, EveryKindComesBackFromTheLogAsItWas) {
  const std::vector<Action> actions = OneOfEach();
  ASSERT_EQ(actions.size(), std::variant_size_v<Action>) << "a new kind belongs here too";
  std::set<std::string> records;
  for (const Action& action : actions) {
    const std::string record = EncodeAction(action);
    const absl::StatusOr<Action> read = DecodeAction(KindOf(action), record);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->index(), action.index());
    EXPECT_EQ(EncodeAction(*read), record) << action.index();
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeAction(static_cast<ActionKind>(0), "").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeAction(static_cast<ActionKind>(99), "").status()));
}

// The log names nobody by what they are called.
TEST(CommandTest, IdsTakeThePlaceOfAliases) {
  MemberRef card;
  card.alias = {"card", "4005"};
  card.resolve = Resolve::kToPerson;
  MemberRef friends;
  friends.id = testing::MemberNumber(2);
  Action gift = TransferPoints{card, friends, "t", "points", 6};
  EXPECT_TRUE(NamesByAlias(gift));
  const auto owner_of = [](const MemberRef& ref) -> std::optional<MemberId> {
    if (ref.alias.value != "4005") return std::nullopt;
    return testing::MemberNumber(7);
  };
  NameByIds(owner_of, gift);
  EXPECT_FALSE(NamesByAlias(gift));
  const MemberRef& giver = std::get<TransferPoints>(gift).member;
  EXPECT_EQ(giver.id, testing::MemberNumber(7));
  EXPECT_EQ(giver.resolve, Resolve::kToPerson);
  EXPECT_EQ(std::get<TransferPoints>(gift).to.id, testing::MemberNumber(2));

  Action enroll = EnrollMember{.member_id = testing::MemberNumber(1),
                               .aliases = {{"phone", "2"}},
                               .referred_by = MemberRef{.id = {}, .alias = {"code", "MINJI-24"}}};
  EXPECT_TRUE(NamesByAlias(enroll));
  NameByIds(owner_of, enroll);
  EXPECT_FALSE(NamesByAlias(enroll)) << "whose it is or not";
  EXPECT_EQ(std::get<EnrollMember>(enroll).aliases.size(), 1U) << "what they are called is theirs";
}

TEST(CommandTest, WhatIsThereAndZeroIsNotWhatIsNotThere) {
  const CapturePoints none{Ref(1), "r", 0};
  const CapturePoints all{Ref(1), "r", std::nullopt};
  EXPECT_NE(EncodeAction(none), EncodeAction(all));
  const auto read = DecodeAction(kKindOf<CapturePoints>, EncodeAction(none));
  EXPECT_EQ(std::get<CapturePoints>(*read).points, 0);
}

// The numbers are in the log of every store.
TEST(CommandTest, KindsKeepTheirNumbers) {
  EXPECT_EQ(static_cast<int>(kKindOf<EnrollMember>), 1);
  EXPECT_EQ(static_cast<int>(kKindOf<RecordPurchase>), 4);
  EXPECT_EQ(static_cast<int>(kKindOf<IssueCoupon>), 16);
  EXPECT_EQ(static_cast<int>(kKindOf<RestoreMember>), 22);
  EXPECT_EQ(static_cast<int>(kKindOf<RecordActivity>), 26);
}

TEST(CommandTest, ContentIsWhatTheCallerSaid) {
  IssueCoupon one{Ref(1), "c", "latte", "CODE", 1};
  IssueCoupon other{Ref(1), "c", "latte", "OTHER", 2};
  EXPECT_EQ(EncodeAction(ContentOf(one)), EncodeAction(ContentOf(other)));
  other.reward_id = "mug";
  EXPECT_NE(EncodeAction(ContentOf(one)), EncodeAction(ContentOf(other)));
  RecordNorms computed{"n", {}};
  computed.norms.members = 7;
  EXPECT_EQ(EncodeAction(ContentOf(computed)), EncodeAction(RecordNorms{"n", {}}));
}

}  // namespace
}  // namespace dangol::domain
