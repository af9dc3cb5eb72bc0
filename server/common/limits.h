#ifndef DANGOL_SERVER_COMMON_LIMITS_H_
#define DANGOL_SERVER_COMMON_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

// Every maximum of the system, by name. What callers can see of them is also
// documented in the protos.
namespace dangol::limits {

// --- What a request may hold ---

inline constexpr size_t kMaxRequestIdBytes = 128;
inline constexpr size_t kMaxAliasKindBytes = 32;
inline constexpr size_t kMaxAliasValueBytes = 128;
inline constexpr size_t kMaxAliasesPerMember = 20;
inline constexpr size_t kMaxAttributesPerMember = 32;
inline constexpr size_t kMaxAttributeKeyBytes = 64;
inline constexpr size_t kMaxAttributeValueBytes = 256;
inline constexpr size_t kMaxSkuBytes = 64;
inline constexpr size_t kMaxCategoryBytes = 64;
inline constexpr size_t kMaxChannelBytes = 32;
inline constexpr size_t kMaxStoreIdBytes = 64;
inline constexpr size_t kMaxLinesPerPurchase = 2'000;
inline constexpr size_t kMaxPurchasesPerBatch = 1'000;
inline constexpr size_t kMaxActivitiesPerBatch = 1'000;
inline constexpr size_t kMaxActivityReferenceBytes = 128;
// Purchases among which the goods of a return without a receipt are looked for: the
// newest of the member's within the return window.
inline constexpr size_t kMaxPurchasesPerReturn = 1'000;
// Purchases that are looked at for the caps of a late one.
inline constexpr size_t kMaxPurchasesPerPeriod = 10'000;
inline constexpr size_t kMaxLinesPerReturn = 2'000;
inline constexpr size_t kMaxReturnReasonBytes = 64;
inline constexpr size_t kMaxCouponReferenceBytes = 128;
inline constexpr int64_t kMaxQuantity = 1'000'000'000;
// Of a line and of a purchase. Nine million purchases of this size can be
// added up in 64 bits.
inline constexpr int64_t kMaxAmountMinor = 1'000'000'000'000;

// A message up to this size is read at all; a larger one is refused by gRPC
// itself, with RESOURCE_EXHAUSTED.
inline constexpr int kMaxMessageBytes = 64 << 20;
// A message up to this size is parsed. A larger one is only looked through, to
// say what is too long. A batch of 1,000 usual purchases has about 150 kB.
inline constexpr size_t kMaxParsedBytes = 4 << 20;
// The items of a message from this size on are counted before it is parsed:
// empty ones take two bytes here, and a hundred times as much in memory.
inline constexpr size_t kMinCountedBytes = 128 << 10;
// Memory for messages on their way in and out.
inline constexpr size_t kMaxTransportBytes = 128 << 20;
// Calls under way on one connection; more of them wait at the client.
inline constexpr int kMaxStreamsPerConnection = 16'384;
// A connection is ended after this time, when its calls are, so that clients learn of new servers
// and have to show again who they are.
inline constexpr absl::Duration kMaxConnectionAge = absl::Minutes(30);
// So long without a word, and the server asks whether the client is still there; a client may ask
// no more often than this.
inline constexpr absl::Duration kKeepalive = absl::Minutes(1);
inline constexpr absl::Duration kMinPingInterval = absl::Seconds(10);

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1'000;
inline constexpr size_t kMaxPageTokenBytes = 2'048;
// A page of large items ends early: clients accept messages of 4 MiB.
inline constexpr size_t kMaxPageBytes = 1 << 20;

// Wrong fields named in one answer: an answer's details travel in its trailer,
// of which clients accept 8 kB.
inline constexpr size_t kMaxViolations = 16;
inline constexpr size_t kMaxDescriptionBytes = 128;
inline constexpr size_t kMaxErrorMessageBytes = 512;

// --- Who calls ---

// Of the name in a client certificate or a token.
inline constexpr size_t kMaxPrincipalBytes = 128;
// A file with certificates or a key: a bundle of the world's public authorities has 250 kB.
inline constexpr size_t kMaxPemBytes = 1 << 20;
// How often such files are looked at: what was replaced is in force that much later.
inline constexpr absl::Duration kFileRefresh = absl::Seconds(2);
// A file that says who may call, and one with the keys of tokens.
inline constexpr size_t kMaxPolicyBytes = 1 << 20;
// A bearer token; gRPC takes 8 kB of metadata in all.
inline constexpr size_t kMaxTokenBytes = 6 << 10;
// Of one caller.
inline constexpr size_t kMaxStoresPerCaller = 256;
// How far the clocks of who issues tokens and of the server may lie apart.
inline constexpr int kDefaultTokenSkewSeconds = 30;
inline constexpr int kMaxTokenSkewSeconds = 300;
// Tokens that need not be verified again, and callers whose pace is known: past it all are
// forgotten at once, which costs time and lets them begin anew.
inline constexpr size_t kMaxKnownTokens = 10'000;
inline constexpr size_t kMaxPacedCallers = 100'000;
inline constexpr double kMaxCallsPerSecond = 1e6;

// --- Time ---

// How far in the future a purchase may lie, because tills' clocks differ.
inline constexpr absl::Duration kMaxClockSkew = absl::Minutes(1);
// How long a reservation holds points.
inline constexpr absl::Duration kDefaultTimeToLive = absl::Minutes(15);
inline constexpr absl::Duration kMinTimeToLive = absl::Seconds(1);
inline constexpr absl::Duration kMaxTimeToLive = absl::Hours(31 * 24);
// How far ahead a balance is told.
inline constexpr absl::Duration kMaxAsOfAhead = absl::Hours(36'525 * 24);

// How far the clock of a test store is advanced at once, and what it shows at most: the last
// second of the year 9999.
inline constexpr absl::Duration kMaxClockAdvance = absl::Hours(36'525 * 24);
inline constexpr absl::Time kMaxClock = absl::FromUnixSeconds(253'402'300'799);

// How many days a member's history goes back, day by day; older days are one sum. Two months
// and a margin, since caps count by the month; a tier's window of two years, and thirteen months
// by which events may come late to be judged as if they had not.
inline constexpr int kCapDays = 64;
inline constexpr int kMaxWindowDays = 731;
inline constexpr int kLateDays = 396;
inline constexpr int kHistoryDays = kMaxWindowDays + kLateDays;
// The same of what counts for incentives, ten years: a card that is never full, or a streak that
// never ends, is folded from its beginning, and days that are summed up would begin it elsewhere
// each time.
inline constexpr int kStampDays = 3'653;

// Awards of one incentive and member that become due on one day, whatever the program says: a line
// may have 10^9 pieces.
inline constexpr int64_t kMaxAwardsPerDay = 1'000;

// --- What is told of a member ---

// The days of a profile where nobody says which.
inline constexpr int kProfileDays = 365;
inline constexpr int kMaxYear = 9'999;
inline constexpr size_t kDefaultFavourites = 5;
inline constexpr int kMaxFavourites = 100;
// Times that a profile is read where its member is written meanwhile.
inline constexpr int kMaxProfileAttempts = 5;

// --- What points may come to ---

inline constexpr int64_t kMaxPointsPerPurchase = 1'000'000'000'000'000;
// Of one reservation, redemption, adjustment or transfer.
inline constexpr int64_t kMaxPointsMoved = 1'000'000'000'000'000;
// Lots that one transfer moves.
inline constexpr size_t kMaxLotsPerTransfer = 1'000;
// What two members who are merged have together: so much goes from one to the other.
inline constexpr int64_t kMaxPurchasesPerMerge = 10'000;
inline constexpr int64_t kMaxActivitiesPerMerge = 50'000;
// Members who were merged one into the other, up to the last.
inline constexpr int kMaxMergeHops = 100;
// Persons whose points lie in one purse, beside its owner.
inline constexpr size_t kMaxSharers = 100;
inline constexpr size_t kMaxLotsPerMerge = 10'000;
inline constexpr int64_t kMaxBalance = 4'000'000'000'000'000'000;

// --- Programs ---

inline constexpr size_t kMaxProgramBytes = 1 << 20;
inline constexpr size_t kMaxProgramNameBytes = 128;
inline constexpr size_t kMaxNameBytes = 64;  // Of a rule, multiplier or wallet.
inline constexpr int kMaxRulesPerProgram = 1'000;
inline constexpr int kMaxAdjustmentReasons = 100;
inline constexpr int kMaxIncentives = 100;
inline constexpr int kMaxActivityKinds = 100;
inline constexpr int64_t kMaxDailyCap = 1'000;
inline constexpr int kMaxExpiriesPerWallet = 4;
inline constexpr int kMaxRewards = 200;
inline constexpr int kMaxRetiredNames = 1'000;  // Of wallets, of currencies, and of rewards.
inline constexpr size_t kMaxPrizesPerReward = 100;
inline constexpr int kMaxLadders = 8;
inline constexpr int kMaxTiersPerLadder = 20;
inline constexpr int kMaxCriteria = 10;
inline constexpr int kMaxTierExceptions = 20;
inline constexpr int kMaxRfmScores = 10;
inline constexpr int kMaxRfmSegments = 100;
inline constexpr int kMaxAnnouncements = 10;  // Of one review.
inline constexpr int kMaxAnnounceDays = 365;
inline constexpr int kMaxSegmentsPerCriterion = 20;
// While fewer members were scored, norms are computed anew every day.
inline constexpr int64_t kMinNormsMembers = 100;
// Decisions on one member's tiers, ended ones included.
inline constexpr size_t kMaxTierOverrides = 100;
// They are kept with the member and written with each of their purchases.
inline constexpr size_t kMaxAdvocateRecords = 500;
inline constexpr size_t kMaxAdvocateTextBytes = 256;
// How an advocate by word of mouth came to stand; the oldest are forgotten.
inline constexpr size_t kMaxWordOfMouthChanges = 200;
// Of one person; of complaints and of what was seen to, the oldest are forgotten.
inline constexpr size_t kMaxSurveys = 200;
inline constexpr size_t kMaxComplaintMarks = 100;
inline constexpr size_t kMaxWorkDone = 100;
inline constexpr size_t kMaxInfluenceMarks = 500;
inline constexpr int kMaxTestimonyScopes = 50;
inline constexpr size_t kMaxComplaintEvents = 200;
inline constexpr size_t kMaxComplaintTextBytes = 2'000;
inline constexpr size_t kMaxDepartmentBytes = 64;
inline constexpr int kMaxComplaintCategories = 100;
inline constexpr int kMaxEscalations = 2;
inline constexpr int kMaxCareHours = 8'760;
inline constexpr size_t kMaxTierReasonBytes = 256;
// Of the metadata that says why a call is made.
inline constexpr size_t kMaxCallReasonBytes = 512;
// What one member did elsewhere: from so many sources, and so many sums of each.
inline constexpr size_t kMaxLifetimeSources = 20;
inline constexpr size_t kMaxLifetimeSourceBytes = 128;
inline constexpr int kMaxLifetimeSums = 20;
inline constexpr int64_t kMaxLifetimeSum = 1'000'000'000'000'000;
inline constexpr size_t kMaxProgramProblems = 100;

// --- Work under way ---

// Commands waiting for the lane.
inline constexpr size_t kMaxQueuedCommands = 16'384;
// Their requests together, as they came; in memory they take a few times more.
inline constexpr size_t kMaxQueuedBytes = 16 << 20;
// Commands committed together. Past a thousand the cost of a commit is no longer
// felt, and the wait of the first command in the batch is.
inline constexpr size_t kMaxCommandsPerCommit = 1'024;
// Times that a batch is tried again after a conflict.
inline constexpr int kMaxCommitAttempts = 5;
// Reads waiting for a reader.
inline constexpr size_t kMaxQueuedReads = 16'384;
// Members read by one SELECT.
inline constexpr size_t kMaxReadsPerBatch = 512;
// Purchases of one stream that are not answered yet.
inline constexpr size_t kMaxInFlightPerStream = 256;
// Members to whom something is due and who are read at a time. While they are advanced, as many
// are read: callers wait for two such pages at most.
inline constexpr int kMaxDueMembersPerPage = 512;
// Members that the scheduler advances before it looks for anything else.
inline constexpr size_t kMaxDueMembersPerRound = 16'384;
// What was read of a member is forgotten when a lane comes to them so much later.
inline constexpr absl::Duration kMaxForeseenAge = absl::Seconds(1);
// Times that the clock of a test store goes on to the moment at which it stands.
inline constexpr int kMaxStandstills = 100;
// Advances of that clock that wait for the one before.
inline constexpr size_t kMaxQueuedClockAdvances = 16;
// Who follows the log is told of what this server commits after such a pause at most, and of what
// others commit after such a time.
inline constexpr absl::Duration kLogPause = absl::Milliseconds(5);
inline constexpr absl::Duration kLogPollInterval = absl::Seconds(1);
// Who may follow it at once: each reads what is new, whether they want it or not.
inline constexpr int kMaxLogFollowers = 64;
inline constexpr absl::Duration kLogFollowerRetry = absl::Seconds(5);
// Commands of the log that are read at a time: at least one of each partition.
inline constexpr int kMaxLogPage = 512;
// Events that a filter leaves out before it is told how far the stream has come.
inline constexpr size_t kMaxSkippedEvents = 2'048;
// How often the points that all members have are added up for metrics, at most.
inline constexpr absl::Duration kOutstandingRefresh = absl::Minutes(10);
// Moments listed as coming expiries (or maturities) of a wallet.
inline constexpr size_t kMaxPointsDue = 100;

}  // namespace dangol::limits

#endif  // DANGOL_SERVER_COMMON_LIMITS_H_
