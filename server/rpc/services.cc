#include "server/rpc/services.h"

#include "server/rpc/activity/activity_service.h"
#include "server/rpc/advocate/advocate_service.h"
#include "server/rpc/audit/audit_service.h"
#include "server/rpc/care/care_service.h"
#include "server/rpc/clock/clock_service.h"
#include "server/rpc/event/event_service.h"
#include "server/rpc/incentive/incentive_service.h"
#include "server/rpc/insight/insight_service.h"
#include "server/rpc/member/member_service.h"
#include "server/rpc/points/points_service.h"
#include "server/rpc/program/program_service.h"
#include "server/rpc/purchase/purchase_service.h"
#include "server/rpc/reward/reward_service.h"
#include "server/rpc/rfm/rfm_service.h"
#include "server/rpc/tier/tier_service.h"

namespace dangol::rpc {

std::vector<ServiceTable> Services() {
  return {MemberService(),  PurchaseService(),  ActivityService(), PointsService(), RewardService(),
          TierService(),    IncentiveService(), AdvocateService(), CareService(),   RfmService(),
          ProgramService(), InsightService(),   EventService(),    AuditService(),  ClockService()};
}

}  // namespace dangol::rpc
