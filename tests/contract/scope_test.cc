// Where in the city callers may do what their roles let them: every method against every role in
// every kind of scope, with what is expected written out in scope_table.cc.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/rpc/access.h"
#include "platform/rpc/resource_fields.h"
#include "platform/rpc/resource_name.h"
#include "platform/rpc/roles.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "tests/contract/access_table.h"
#include "tests/contract/examples.h"
#include "tests/contract/scope_table.h"

namespace learncity::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
namespace ach = achievements::v1;
namespace enroll = enrollment::v1;
namespace reg = registry::v1;

// Where a request is: what of each kind holds what it names.
struct Place {
  std::string unit;
  std::string center;
  std::string learner;
};

// Finds out where a request is, by reading what it names as a caller for the whole city.
class Finder {
 public:
  explicit Finder(TestCity& city) : city_(city) {}

  // What the request does not say is as `otherwise`.
  Place PlaceOf(const Message& request, const Place& otherwise) {
    place_ = {};
    Follow(request);
    if (place_.unit.empty()) place_.unit = otherwise.unit;
    if (place_.center.empty()) place_.center = otherwise.center;
    if (place_.learner.empty()) place_.learner = otherwise.learner;
    return place_;
  }

 private:
  void Follow(const Message& message) {
    std::vector<const FieldDescriptor*> fields;
    const auto& r = *message.GetReflection();
    r.ListFields(message, &fields);
    for (const auto* field : fields) {
      if (field->is_repeated()) continue;
      if (field->message_type() != nullptr) Follow(r.GetMessage(message, field));
      if (field->type() == FieldDescriptor::TYPE_STRING) Locate(r.GetString(message, field));
    }
  }

  // Takes what the resource's name says, and then what the resource does.
  void Locate(const std::string& name) {
    const auto* type = rpc::FindResourceTypeOfName(name);
    if (type == nullptr || !rpc::IsNameOf(*type, name)) return;
    if (type->collection == "units") return Take(&place_.unit, name);
    if (type->collection == "centers") Take(&place_.center, name);
    if (type->collection == "learners") Take(&place_.learner, name);
    for (const MethodDescriptor* method : EveryMethod()) {
      if (method->name() != Concat("Get", method->output_type()->name()) ||
          Concat("learncity/", method->output_type()->name()) != type->type) {
        continue;
      }
      const auto get = New(method->input_type());
      SetText(get.get(), "name", name);
      const Reply reply = city_.Call(*get);
      ASSERT_TRUE(reply.ok()) << name << ": " << reply.status.error_message();
      for (const std::string field : {"center", "unit", "learner"}) {
        if (reply.message->GetDescriptor()->FindFieldByName(field) == nullptr) continue;
        Locate(rpc::TextOf(*reply.message, field));
      }
    }
  }

  static void Take(std::string* what, const std::string& name) {
    if (what->empty()) *what = name;
  }

  TestCity& city_;
  Place place_;
};

// A caller of a role in a scope, and whether it is the one that holds the request.
struct Cell {
  std::string role;
  std::string kind;
  std::string scope;
  bool is_own = false;
};

std::vector<Cell> CellsOf(const Place& own, const Place& other) {
  std::vector<Cell> cells;
  for (const rpc::Role& role : rpc::AllRoles()) {
    const std::string name(role.name);
    if (name == rpc::kLearnerRole) {
      cells.push_back({name, "learner", own.learner, true});
      cells.push_back({name, "learner", other.learner, false});
      continue;
    }
    cells.push_back({name, "unit", own.unit, true});
    cells.push_back({name, "unit", other.unit, false});
    cells.push_back({name, "center", own.center, true});
    cells.push_back({name, "center", other.center, false});
  }
  return cells;
}

class Scopes : public testing::Test {
 protected:
  Scopes() {
    other_ = NewPlace();
    grounds_.GoElsewhere();
    home_ = NewPlace();
  }

  // A unit, a center in it, and a learner who came to it.
  Place NewPlace() {
    Place place;
    place.learner = grounds_.Learner();
    enroll::GetLearnerRequest learner;
    learner.set_name(place.learner);
    place.center = city_.Call(learner).As<enroll::Learner>().center();
    reg::GetCenterRequest center;
    center.set_name(place.center);
    place.unit = city_.Call(center).As<reg::Center>().unit();
    return place;
  }

  // An example whose subjects are named, all of them in one place.
  std::unique_ptr<Message> NewRequest(const MethodDescriptor& method, const Example& example) {
    auto request = example.make(grounds_);
    const std::string name = ShortName(method);
    if (name == "AchievementsService.ListCertificates" ||
        name == "EnrollmentService.ListEnrollments") {
      SetText(request.get(), "learner", home_.learner);
    }
    if (name == "AchievementsService.ListRecognitions") {
      SetText(request.get(), "unit", home_.unit);
    }
    if (name == "RegistryService.ListStaff") SetText(request.get(), "center", home_.center);
    // Within the unit where it stands.
    if (name == "RegistryService.MoveCenter") SetText(request.get(), "unit", home_.unit);
    Name(request.get());
    return request;
  }

  static bool May(const std::string& method, const Cell& cell) {
    const ScopeRow& row = ScopesThatMay().at(method);
    return RolesThatMay().at(method).contains(cell.role) &&
           (row.is_public || (cell.is_own && row.own.contains(cell.kind)));
  }

  void ExpectDenied(const Message& request, const Cell& cell) {
    const MethodDescriptor& method = MethodOf(request);
    SCOPED_TRACE(Concat(ShortName(method), " by ", cell.role, " of ", cell.scope,
                        cell.is_own ? ", its own" : ", another"));
    const Reply reply = city_.Call(request, city_.ScopedToken(cell.role, cell.scope));
    EXPECT_EQ(reply.status.error_code(), StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(reply.reason(), "PERMISSION_DENIED");
    const bool is_named = request.GetDescriptor()->FindFieldByName("name") != nullptr;
    EXPECT_EQ(reply.status.error_message(),
              Concat("Permission '", *rpc::PermissionOf(method), "' denied on resource '",
                     is_named ? rpc::TextOf(request, "name") : method.service()->full_name(),
                     "' (or it might not exist)."));
  }

  Reply CallIn(const std::string& scope, const std::string& role, const Message& request) {
    return city_.Call(request, city_.ScopedToken(role, scope));
  }

  TestCity city_;
  Grounds grounds_{city_};
  Place home_;
  Place other_;
};

TEST_F(Scopes, HaveARowForEveryMethodAndNoOther) {
  std::set<std::string> methods, rows;
  for (const auto* method : EveryMethod()) methods.insert(ShortName(*method));
  for (const auto& [method, row] : ScopesThatMay()) rows.insert(method);
  EXPECT_EQ(methods, rows);
}

TEST_F(Scopes, AreDeniedWhatTheTableDoesNotSayAndNothingChanges) {
  Finder finder(city_);
  for (const auto* method : EveryMethod()) {
    const std::string name = ShortName(*method);
    const Example* example = FindExample(*method);
    if (example == nullptr || !ScopesThatMay().contains(name)) continue;
    const auto request = NewRequest(*method, *example);
    const Place own = finder.PlaceOf(*request, home_);
    const std::string heads = city_.Heads();
    for (const Cell& cell : CellsOf(own, other_)) {
      if (!May(name, cell)) ExpectDenied(*request, cell);
    }
    EXPECT_EQ(city_.Heads(), heads) << name << ": a denied call has changed something";
  }
}

TEST_F(Scopes, MayWhatTheTableSays) {
  Finder finder(city_);
  for (const auto* method : EveryMethod()) {
    const std::string name = ShortName(*method);
    const Example* example = FindExample(*method);
    if (example == nullptr || !ScopesThatMay().contains(name)) continue;
    // What changes something is asked for but once.
    auto request = NewRequest(*method, *example);
    Place own = finder.PlaceOf(*request, home_);
    bool is_used = false;
    for (size_t i = 0; i < CellsOf(own, other_).size(); ++i) {
      if (!May(name, CellsOf(own, other_)[i])) continue;
      if (is_used && example->change) {
        request = NewRequest(*method, *example);
        own = finder.PlaceOf(*request, home_);
      }
      is_used = true;
      const Cell cell = CellsOf(own, other_)[i];
      const Reply reply = CallIn(cell.scope, cell.role, *request);
      EXPECT_TRUE(reply.ok()) << name << " by " << cell.role << " of " << cell.scope << ": "
                              << reply.status.error_message();
    }
  }
}

// What ListEnrollments shows of a learner to a caller in a scope.
std::vector<std::string> CentersShown(const Reply& reply) {
  EXPECT_TRUE(reply.ok()) << reply.status.error_message();
  std::vector<std::string> centers;
  if (!reply.ok()) return centers;
  for (const auto& one : reply.As<enroll::ListEnrollmentsResponse>().enrollments()) {
    centers.push_back(one.center());
  }
  return centers;
}

TEST_F(Scopes, OfACenterSeeOfALearnerOnlyWhatIsThere) {
  const auto enroll_at = [&](const std::string& center) {
    auto open = grounds_.NewOffering(30);
    open.mutable_offering()->set_center(center);
    Name(&open);
    enroll::EnrollLearnerRequest request;
    request.set_learner(home_.learner);
    request.set_offering(city_.Call(open).name());
    Name(&request);
    const Reply reply = city_.Call(request);
    EXPECT_TRUE(reply.ok()) << reply.status.error_message();
    return reply.name();
  };
  enroll::GetLearnerRequest learner;
  learner.set_name(home_.learner);
  // Nothing joins the learner to the other center yet.
  EXPECT_EQ(CallIn(other_.center, "clerk", learner).status.error_code(),
            StatusCode::PERMISSION_DENIED);
  enroll::GetEnrollmentRequest first;
  first.set_name(enroll_at(home_.center));
  enroll_at(other_.center);
  EXPECT_TRUE(CallIn(other_.center, "clerk", learner).ok());
  EXPECT_EQ(CallIn(other_.center, "clerk", first).status.error_code(),
            StatusCode::PERMISSION_DENIED);

  enroll::ListEnrollmentsRequest list;
  list.set_learner(home_.learner);
  EXPECT_THAT(CentersShown(CallIn(home_.center, "clerk", list)), ElementsAre(home_.center));
  EXPECT_THAT(CentersShown(CallIn(other_.center, "clerk", list)), ElementsAre(other_.center));
  EXPECT_THAT(CentersShown(CallIn(home_.unit, "clerk", list)), ElementsAre(home_.center));
  EXPECT_THAT(CentersShown(CallIn(home_.learner, "learner", list)),
              UnorderedElementsAre(home_.center, other_.center));
  EXPECT_THAT(CentersShown(city_.Call(list)), UnorderedElementsAre(home_.center, other_.center));
}

TEST_F(Scopes, OfAUnitHoldWhoLivesThere) {
  auto request = grounds_.NewLearner();
  request.mutable_learner()->clear_center();
  request.mutable_learner()->set_unit(home_.unit);
  Name(&request);
  // The commune where the person lives may register them, and no other.
  EXPECT_EQ(CallIn(other_.unit, "clerk", request).status.error_code(),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(CallIn(home_.center, "clerk", request).status.error_code(),
            StatusCode::PERMISSION_DENIED);
  const Reply registered = CallIn(home_.unit, "clerk", request);
  ASSERT_TRUE(registered.ok()) << registered.status.error_message();
  enroll::GetLearnerRequest get;
  get.set_name(registered.name());
  const Reply reply = CallIn(home_.unit, "clerk", get);
  ASSERT_TRUE(reply.ok()) << reply.status.error_message();
  EXPECT_EQ(reply.As<enroll::Learner>().person().full_name(), "Nguyễn Thị Lan");
  EXPECT_EQ(CallIn(other_.unit, "clerk", get).status.error_code(), StatusCode::PERMISSION_DENIED);
  const Reply self = CallIn(registered.name(), "learner", get);
  ASSERT_TRUE(self.ok()) << self.status.error_message();
  EXPECT_EQ(self.As<enroll::Learner>().person().full_name(), "Nguyễn Thị Lan");
}

TEST_F(Scopes, OfAUnitHoldWhatIsBelowItAndWhatItTookOver) {
  // The home unit ends, and a new one begins in its place with a residential group.
  auto act = grounds_.NewUnitAct();
  act.mutable_unit_act()->mutable_ended(0)->set_unit(home_.unit);
  Name(&act);
  const Reply recorded = city_.Call(act);
  ASSERT_TRUE(recorded.ok()) << recorded.status.error_message();
  const std::string unit = act.unit_act().ended(0).successors(0).unit();
  auto group = grounds_.NewUnit();
  group.mutable_unit()->set_code(Concat(act.unit_act().opened(0).code(), "-7"));
  group.mutable_unit()->set_type(reg::UNIT_TYPE_RESIDENTIAL_GROUP);
  *group.mutable_unit()->mutable_valid_from() = act.unit_act().effective_date();
  group.mutable_unit()->set_parent(unit);
  Name(&group);
  const Reply opened = city_.Call(group);
  ASSERT_TRUE(opened.ok()) << opened.status.error_message();
  city_.Settle();

  const auto expect_held = [&](const std::string& role, Message&& request) {
    Name(&request);
    EXPECT_EQ(CallIn(other_.unit, role, request).status.error_code(),
              StatusCode::PERMISSION_DENIED);
    const Reply reply = CallIn(unit, role, request);
    EXPECT_TRUE(reply.ok()) << request.GetTypeName() << ": " << reply.status.error_message();
  };
  auto count = grounds_.NewUnitCount();
  count.mutable_unit_count()->set_unit(opened.name());
  *count.mutable_unit_count()->mutable_date() = DateOf("2026-03-01");
  expect_held("registrar", std::move(count));
  auto recognition = grounds_.NewRecognition();
  recognition.mutable_recognition()->set_unit(opened.name());
  expect_held("learning_promoter", std::move(recognition));
  // The center was last stated to stand in the unit that ended.
  expect_held("clerk", grounds_.NewOffering(30));
  expect_held("clerk", grounds_.NewAward());
}

TEST_F(Scopes, OfAUnitLoseACenterThatMovesAway) {
  reg::MoveCenterRequest move;
  move.set_name(home_.center);
  move.set_unit(other_.unit);
  *move.mutable_from_date() = DateOf("2026-02-01");
  Name(&move);
  // Out of one's unit is no more than into it: both ends must be held.
  EXPECT_EQ(CallIn(home_.unit, "registrar", move).status.error_code(),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(CallIn(other_.unit, "registrar", move).status.error_code(),
            StatusCode::PERMISSION_DENIED);
  const Reply moved = city_.Call(move);
  ASSERT_TRUE(moved.ok()) << moved.status.error_message();
  city_.Settle();
  auto open = grounds_.NewOffering(30);
  Name(&open);
  EXPECT_EQ(CallIn(home_.unit, "clerk", open).status.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(CallIn(other_.unit, "clerk", open).ok());
}

}  // namespace
}  // namespace learncity::contract
