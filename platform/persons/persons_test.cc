#include "platform/persons/persons.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/host/host.h"
#include "platform/ledger/power_loss_vfs.h"
#include "platform/ledger/sqlite_ledger.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::enrollment::v1 {

// Rules that know as much as the edge needs: who is born in 1900 is refused, and a mask of `sex`
// erases.
static void Evolve(Learner& learner, const LearnerEvent& event) {
  if (event.has_registered()) learner = event.registered().learner();
  if (event.has_updated()) learner = event.updated().learner();
  if (event.has_erased()) learner.clear_sealed_person();
}

namespace {

struct RegisterCase {
  static RegisterCase Gather(const RegisterLearnerRequest&, Lookup&) { return {}; }
};

Decision Decide(const RegisterCase&, const RegisterLearnerRequest& request, const Moment&) {
  if (request.learner().birth_year() == 1900) return Refuse(LEARNER_ERASED, "", "Too old.");
  LearnerEvent event;
  *event.mutable_registered()->mutable_learner() = request.learner();
  return Decision().Then(request.learner().name(), std::move(event));
}

struct UpdateCase {
  static UpdateCase Gather(const UpdateLearnerRequest& request, Lookup& lookup) {
    (void)lookup.Require<Learner>(request.learner().name());
    return {};
  }
};

Decision Decide(const UpdateCase&, const UpdateLearnerRequest& request, const Moment&) {
  if (request.learner().birth_year() == 1900) return Refuse(LEARNER_ERASED, "", "Too old.");
  LearnerEvent event;
  if (request.update_mask().paths(0) == "sex") {
    event.mutable_erased();
  } else {
    *event.mutable_updated()->mutable_learner() = request.learner();
  }
  return Decision().Then(request.learner().name(), std::move(event));
}

}  // namespace
}  // namespace learncity::enrollment::v1

namespace learncity::persons {
namespace {

using enrollment::v1::Learner;
using enrollment::v1::RegisterLearnerRequest;
using enrollment::v1::UpdateLearnerRequest;
using When = PowerLossDisk::When;

constexpr char kOld[] = "999085000001";
constexpr char kNew[] = "999085000002";
constexpr int kStepsMax = 100;

const ledger::Schema& TestSchema() {
  static const auto* const schema = [] {
    auto* made = new ledger::Schema("test");
    made->Own<Learner, enrollment::v1::LearnerEvent>("learner");
    return made;
  }();
  return *schema;
}

// A service of learners over a disk that can lose power. One thread, no real time.
class Service {
 public:
  explicit Service(uint64_t seed = 1) : disk_("persons", seed) { LEARNCITY_CHECK(Open()); }

  // False when the disk dies meanwhile.
  bool Open() {
    persons_.reset();
    host_.reset();
    keys_.reset();
    auto keys =
        privacy::KeyStore::OpenFile({.path = "test.keys", .vfs = disk_.vfs_name()},
                                    privacy::MasterKey::FromBytes(std::string(32, 'm')).value());
    if (!keys.ok()) return false;
    keys_ = std::move(*keys);
    ledger::Rules rules;
    rules.On<enrollment::v1::RegisterCase, RegisterLearnerRequest>();
    rules.On<enrollment::v1::UpdateCase, UpdateLearnerRequest>();
    auto host =
        host::Host::Open(TestSchema(), std::move(rules),
                         {.engine = std::make_shared<ledger::SqliteEngine>(
                              "enrollment.ledger", ledger::SqliteOptions{.vfs = disk_.vfs_name()}),
                          .limits = {},
                          .clock = [this] { return now_; }});
    if (!host.ok()) return false;
    host_ = std::move(*host);
    const Terms terms{
        .schema = TestSchema(),
        .document = Learner::descriptor(),
        .national_id_taken = enrollment::v1::EnrollmentErrorReason_descriptor()->FindValueByNumber(
            enrollment::v1::NATIONAL_ID_TAKEN)};
    persons_ = std::make_unique<Persons>(terms, *keys_, host_->writer(), host_->readers(),
                                         [this] { return now_; });
    Settle();
    return true;
  }

  void LosePower() {
    disk_.LosePower();
    LEARNCITY_CHECK(Open());
  }

  // Seals the request without its turn. Nullopt: it may go on.
  template <class Request>
  std::optional<std::string> Seal(Request& request) {
    if (request.request_id().empty()) request.set_request_id(RandomId(now_).ToString());
    std::optional<std::string> why = "not sealed";
    const auto status =
        persons_->SealLater(&request, "clerk", [&](absl::StatusOr<std::optional<Refusal>> refusal) {
          if (!refusal.ok()) {
            why = refusal.status().ToString();
          } else if (refusal->has_value()) {
            why = (*refusal)->reason;
          } else {
            why = std::nullopt;
          }
        });
    LEARNCITY_CHECK_OK(status);
    (void)persons_->Step();
    return why;
  }

  // The name of what was written, or why nothing was.
  template <class Request>
  std::string Write(Request request) {
    if (auto why = Seal(request)) return *why;
    std::string answer = "not answered";
    auto status = host_->writer().Submit(ledger::RequestInput{
        .method = Request::descriptor()->full_name(),
        .caller = "clerk",
        .request_id = *Id::Parse(request.request_id()),
        .request_hash = std::string(32, 'h'),
        .request = std::make_unique<Request>(request),
        .refusal = {},
        .moment = {.now = now_, .seed = request.request_id()},
        .deadline = std::nullopt,
        .done = [&](const ledger::Answer& given) {
          if (given.ok()) {
            answer = static_cast<const Learner&>(*given.document).name();
          } else {
            answer = given.refusal ? given.refusal->reason : given.fault.ToString();
          }
        }});
    if (!status.ok()) return status.ToString();
    for (int i = 0; i < kStepsMax && host_->Step(); ++i) {
    }
    return answer;
  }

  void Settle() {
    for (int i = 0; i < kStepsMax && (persons_->Step() | host_->Step()); ++i) {
    }
  }
  void Pass(std::chrono::minutes time) {
    now_ += time;
    Settle();
  }

  // What the ledger holds.
  Learner Read(const std::string& name) {
    auto reader = host_->readers().Mine();
    const auto row = (*reader)->Get(*TestSchema().ByDocument(Learner::descriptor()), IdOf(name));
    Learner learner;
    LEARNCITY_CHECK(row.ok() && row->has_value() && learner.ParseFromString((*row)->bytes));
    return learner;
  }
  Learner OpenOf(const std::string& name) {
    Learner learner = Read(name);
    LEARNCITY_CHECK_OK(persons_->Open(learner));
    return learner;
  }

  PowerLossDisk& disk() { return disk_; }
  privacy::KeyStore& keys() { return *keys_; }

 private:
  PowerLossDisk disk_;
  Time now_{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}};
  std::unique_ptr<privacy::KeyStore> keys_;
  std::unique_ptr<host::Host> host_;
  std::unique_ptr<Persons> persons_;
};

RegisterLearnerRequest Registering(const std::string& national_id, int birth_year = 2015) {
  RegisterLearnerRequest request;
  request.mutable_learner()->set_birth_year(birth_year);
  if (national_id.empty()) return request;
  request.mutable_learner()->mutable_person()->set_full_name("Nguyễn Thị Lan");
  request.mutable_learner()->mutable_person()->set_national_id(national_id);
  return request;
}

UpdateLearnerRequest Restating(const std::string& name, const std::string& national_id,
                               int birth_year = 2015) {
  UpdateLearnerRequest request;
  *request.mutable_learner() = Registering(national_id, birth_year).learner();
  request.mutable_learner()->set_name(name);
  request.mutable_update_mask()->add_paths("person");
  return request;
}

TEST(Person, IsSealedInTheLedgerAndOpensAgain) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  const Learner learner = s.Read(name);
  EXPECT_FALSE(learner.has_person());
  EXPECT_EQ(learner.SerializeAsString().find("Lan"), std::string::npos);
  EXPECT_EQ(s.OpenOf(name).person().full_name(), "Nguyễn Thị Lan");
}

TEST(Person, WhoIsNotNamedHasNoKey) {
  Service s;
  const std::string name = s.Write(Registering(""));
  EXPECT_EQ(s.Read(name).sealed_person(), "");
  EXPECT_FALSE(s.keys().HasKey(IdOf(name)).value());
}

TEST(Person, HasANationalIdOfTheirOwn) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  EXPECT_EQ(s.Write(Registering(kOld)), "NATIONAL_ID_TAKEN");
  EXPECT_NE(s.Write(Registering(kNew)), name);
}

TEST(Person, WhoseRegistrationCameToNothingLeavesTheNationalIdInTenMinutes) {
  Service s;
  EXPECT_EQ(s.Write(Registering(kOld, 1900)), "LEARNER_ERASED");
  EXPECT_EQ(s.Write(Registering(kOld)), "REGISTRATION_UNDECIDED");
  s.Pass(kReservationKept + std::chrono::minutes(1));
  s.Pass(std::chrono::minutes(1));
  EXPECT_THAT(s.Write(Registering(kOld)), testing::StartsWith("learners/"));
}

TEST(RestatedPerson, IsSealedWithTheirOwnKey) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  auto request = Restating(name, kOld);
  request.mutable_learner()->mutable_person()->set_phone("0999");
  EXPECT_EQ(s.Write(request), name);
  EXPECT_EQ(s.OpenOf(name).person().phone(), "0999");
}

TEST(RestatedPerson, GetsAKeyWhenTheyHadNone) {
  Service s;
  const std::string name = s.Write(Registering(""));
  EXPECT_EQ(s.Write(Restating(name, kNew)), name);
  EXPECT_EQ(s.OpenOf(name).person().national_id(), kNew);
  EXPECT_EQ(s.Write(Registering(kNew)), "NATIONAL_ID_TAKEN");
  s.Pass(kReservationKept * 2);
  EXPECT_EQ(s.Write(Registering(kNew)), "NATIONAL_ID_TAKEN");
}

TEST(RestatedPerson, KeepsOthersFromTheNewNationalIdAndLeavesTheOldOne) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  EXPECT_EQ(s.Write(Restating(name, kNew)), name);
  // Whether or not the key store has been told yet, the ledger decides.
  EXPECT_EQ(s.Write(Registering(kNew)), "NATIONAL_ID_TAKEN");
  s.Settle();
  EXPECT_EQ(s.Write(Registering(kNew)), "NATIONAL_ID_TAKEN");
  EXPECT_EQ(s.Write(Registering(kOld)), "REGISTRATION_UNDECIDED");
  s.Pass(kReservationKept + std::chrono::minutes(1));
  s.Pass(std::chrono::minutes(1));
  EXPECT_THAT(s.Write(Registering(kOld)), testing::StartsWith("learners/"));
  EXPECT_EQ(s.Write(Registering(kNew)), "NATIONAL_ID_TAKEN");
}

TEST(RestatedPerson, CannotTakeTheNationalIdOfAnother) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  EXPECT_THAT(s.Write(Registering(kNew)), testing::StartsWith("learners/"));
  EXPECT_EQ(s.Write(Restating(name, kNew)), "NATIONAL_ID_TAKEN");
  EXPECT_EQ(s.OpenOf(name).person().national_id(), kOld);
  EXPECT_EQ(s.Write(Registering(kOld)), "NATIONAL_ID_TAKEN");
}

TEST(RestatedPerson, KeepsTheOldNationalIdWhenTheRequestIsRefused) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  EXPECT_EQ(s.Write(Restating(name, kNew, 1900)), "LEARNER_ERASED");
  EXPECT_EQ(s.Write(Registering(kNew)), "REGISTRATION_UNDECIDED");
  EXPECT_EQ(s.Write(Registering(kOld)), "NATIONAL_ID_TAKEN");
  s.Pass(kReservationKept + std::chrono::minutes(1));
  s.Pass(std::chrono::minutes(1));
  EXPECT_EQ(s.Write(Registering(kOld)), "NATIONAL_ID_TAKEN");
  EXPECT_THAT(s.Write(Registering(kNew)), testing::StartsWith("learners/"));
}

// Two requests on their way at once, the second with the national id that the first gives up.
TEST(RestatedPerson, HoldsWhatARequestOnItsWayMayBringBack) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  auto back = Restating(name, kOld);
  ASSERT_EQ(s.Seal(back), std::nullopt);
  EXPECT_EQ(s.Write(Restating(name, kNew)), name);
  s.Settle();
  EXPECT_EQ(s.Write(Registering(kOld)), "REGISTRATION_UNDECIDED");
}

TEST(RestatedPerson, WhoIsUnknownOrErasedIsLeftToTheRule) {
  Service s;
  auto unknown = Restating("learners/01980000-0000-7000-8000-0000000000ff", kNew);
  EXPECT_EQ(s.Seal(unknown), std::nullopt);
  EXPECT_FALSE(unknown.learner().has_person());

  const std::string name = s.Write(Registering(kOld));
  auto erase = Restating(name, "");
  erase.mutable_update_mask()->set_paths(0, "sex");
  EXPECT_EQ(s.Write(erase), name);
  ASSERT_TRUE(s.keys().Erase(IdOf(name)).ok());
  auto request = Restating(name, kNew);
  EXPECT_EQ(s.Seal(request), std::nullopt);
  EXPECT_FALSE(request.learner().has_person());
  EXPECT_EQ(request.learner().sealed_person(), "");
  EXPECT_THAT(s.Write(Registering(kNew)), testing::StartsWith("learners/"));
}

TEST(RestatedPerson, WithoutPersonInTheMaskIsNotSealed) {
  Service s;
  const std::string name = s.Write(Registering(kOld));
  auto request = Restating(name, kNew);
  request.mutable_update_mask()->set_paths(0, "birth_year");
  EXPECT_EQ(s.Seal(request), std::nullopt);
  EXPECT_FALSE(request.learner().has_person());
  EXPECT_EQ(request.learner().sealed_person(), "");
}

// Wherever power is lost on the way from one national id to another, the ledger says which of the
// two the person has, that one is kept from others, and ten minutes later the other one is free.
TEST(RestatedPerson, HasOneNationalIdAfterALossOfPowerAtAnyPoint) {
  int changed = 0, kept = 0;
  for (int64_t nth = 1;; ++nth) {
    SCOPED_TRACE(nth);
    Service s(static_cast<uint64_t>(nth));
    const std::string name = s.Write(Registering(kOld));
    s.Settle();
    s.disk().CrashAt(s.disk().operations() + nth, nth % 2 == 0 ? When::kBefore : When::kAfter);
    const bool answered = s.Write(Restating(name, kNew)) == name;
    if (!s.disk().dead()) s.Settle();
    if (!s.disk().dead()) {
      EXPECT_GT(nth, 8) << "the crash was never reached";
      break;
    }
    s.LosePower();
    const std::string holds = s.OpenOf(name).person().national_id();
    EXPECT_TRUE(!answered || holds == kNew);
    ++(holds == kNew ? changed : kept);
    EXPECT_EQ(s.Write(Registering(holds)), "NATIONAL_ID_TAKEN");
    s.Pass(kReservationKept + std::chrono::minutes(1));
    // A claim that was made when the other one was let go ends ten minutes later.
    s.Pass(kReservationKept + std::chrono::minutes(1));
    s.Pass(std::chrono::minutes(1));
    EXPECT_EQ(s.Write(Registering(holds)), "NATIONAL_ID_TAKEN");
    EXPECT_THAT(s.Write(Registering(holds == kNew ? kOld : kNew)),
                testing::StartsWith("learners/"));
  }
  EXPECT_GT(changed, 0);
  EXPECT_GT(kept, 0);
}

}  // namespace
}  // namespace learncity::persons
