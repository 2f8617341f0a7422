#include "platform/rpc/access.h"

#include <set>

#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "learncity/options/v1/options.pb.h"
#include "platform/rpc/every_service.h"

namespace learncity::rpc {
namespace {

using enrollment::v1::EnrollLearnerRequest;

const std::string kLearner = "learners/0198c0de-0000-7000-8000-00000000000a";
const std::string kOffering = "offerings/0198c0de-0000-7000-8000-00000000000b";
const Scope kCenterScope{.kind = Scope::Kind::kCenter,
                         .name = "centers/0198c0de-0000-7000-8000-00000000000c"};

absl::StatusOr<bool> All(const Scope&, const std::string&) { return true; }

TEST(Access, IsAskedForByEveryMethod) {
  for (const auto* service : EveryService()) {
    EXPECT_EQ(MethodsWithoutPermission(*service), std::vector<std::string>()) << service->name();
  }
}

// A service whose one method takes a learner's request and has no option.
google::protobuf::FileDescriptorProto OpenService() {
  google::protobuf::FileDescriptorProto file;
  file.set_name("open.proto");
  const std::string request = "learncity.enrollment.v1.RegisterLearnerRequest";
  file.add_dependency(enrollment::v1::RegisterLearnerRequest::descriptor()->file()->name());
  auto* service = file.add_service();
  service->set_name("OpenService");
  auto* method = service->add_method();
  method->set_name("Do");
  method->set_input_type(request);
  method->set_output_type(request);
  return file;
}

TEST(Access, ToAMethodWithoutPermissionIsRefusedToEverybody) {
  const auto file = OpenService();
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  EXPECT_EQ(MethodsWithoutPermission(*built->service(0)),
            std::vector<std::string>{"OpenService.Do"});
  EXPECT_EQ(PermissionOf(*built->service(0)->method(0)), std::nullopt);
  Caller everything{.identity = "x", .roles = {}, .permissions = {"registry.*", "enrollment.*"}};
  EXPECT_TRUE(Authorise(everything, std::nullopt, "learners/7").has_value());
  EXPECT_EQ(IsReached(ReachOf(*built->service(0)->method(0)), kCenterScope,
                      enrollment::v1::RegisterLearnerRequest(), All)
                .value(),
            false);
}

TEST(Access, HasSubjectsThatNameResources) {
  for (const auto* service : EveryService()) {
    EXPECT_EQ(SubjectsUnknown(*service), std::vector<std::string>()) << service->name();
  }
}

TEST(Access, OfASubjectThatNamesNoResourceIsToldAndHeldByNobody) {
  auto file = OpenService();
  auto& access = *file.mutable_service(0)->mutable_method(0)->mutable_options()->MutableExtension(
      options::v1::access);
  access.set_permission("registry.read");
  access.add_subjects("learner.unit|learner.centre");
  for (const char* path : {"learner.birth_year", "learner", "learner.person.phone", "request_id"}) {
    access.add_subjects(path);
  }
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  EXPECT_EQ(SubjectsUnknown(*built->service(0)),
            (std::vector<std::string>{"OpenService.Do learner.centre",
                                      "OpenService.Do learner.birth_year", "OpenService.Do learner",
                                      "OpenService.Do learner.person.phone",
                                      "OpenService.Do request_id"}));
  enrollment::v1::RegisterLearnerRequest request;
  request.mutable_learner()->set_unit("units/00004-20250701");
  const Reach reach = ReachOf(*built->service(0)->method(0));
  EXPECT_FALSE(IsReached(reach, kCenterScope, request, All).value());
}

TEST(Access, AsksForOneSubjectOfEachLine) {
  const auto* service = EnrollLearnerRequest::descriptor()->file()->service(0);
  const Reach reach = ReachOf(*service->FindMethodByName("EnrollLearner"));
  EnrollLearnerRequest request;
  request.set_learner(kLearner);
  request.set_offering(kOffering);
  std::set<std::string> held;
  const Within within = [&](const Scope& scope, const std::string& resource) {
    EXPECT_EQ(scope.name, kCenterScope.name);
    return held.contains(resource);
  };
  EXPECT_FALSE(IsReached(reach, kCenterScope, request, within).value());
  held = {kLearner};
  EXPECT_FALSE(IsReached(reach, kCenterScope, request, within).value());
  held = {kOffering};
  EXPECT_FALSE(IsReached(reach, kCenterScope, request, within).value());
  held = {kLearner, kOffering};
  EXPECT_TRUE(IsReached(reach, kCenterScope, request, within).value());
  EXPECT_FALSE(IsReached(reach, kCenterScope, request, {}).value());

  const Reach either = ReachOf(*service->FindMethodByName("ListEnrollments"));
  enrollment::v1::ListEnrollmentsRequest list;
  EXPECT_FALSE(IsReached(either, kCenterScope, list, All).value());
  list.set_offering(kOffering);
  EXPECT_TRUE(IsReached(either, kCenterScope, list, within).value());
  list.set_learner("learners/0198c0de-0000-7000-8000-00000000000c");
  EXPECT_TRUE(IsReached(either, kCenterScope, list, within).value());
}

TEST(Access, ByANameOfAnotherKindOfResourceIsHeldByNobody) {
  const auto* service = EnrollLearnerRequest::descriptor()->file()->service(0);
  const Reach reach = ReachOf(*service->FindMethodByName("GetLearner"));
  enrollment::v1::GetLearnerRequest request;
  for (const std::string& name : {std::string(), kOffering, std::string("learners/"),
                                  std::string("learners/7/7"), kCenterScope.name}) {
    request.set_name(name);
    EXPECT_FALSE(IsReached(reach, kCenterScope, request, All).value()) << name;
  }
  request.set_name(kLearner);
  EXPECT_TRUE(IsReached(reach, kCenterScope, request, All).value());
}

TEST(Access, IsNotGivenWhenTheScopeCannotBeLookedUp) {
  const auto* service = EnrollLearnerRequest::descriptor()->file()->service(0);
  const Reach reach = ReachOf(*service->FindMethodByName("GetLearner"));
  enrollment::v1::GetLearnerRequest request;
  request.set_name(kLearner);
  const Within broken = [](const Scope&, const std::string&) -> absl::StatusOr<bool> {
    return absl::UnavailableError("the disk is gone");
  };
  EXPECT_EQ(IsReached(reach, kCenterScope, request, broken).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(Access, IsDeniedInTheWordsOfAip211) {
  const Caller reader{.identity = "x", .roles = {}, .permissions = {"registry.read"}};
  EXPECT_EQ(Authorise(reader, "registry.read", "units/7"), std::nullopt);
  const auto refusal = Authorise(reader, "registry.write", "units/7");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->code, absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(refusal->message,
            "Permission 'registry.write' denied on resource 'units/7' (or it might not exist).");
}

TEST(Access, OfEachMethodIsGrantedBySomeRole) {
  for (const auto* service : EveryService()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string permission = PermissionOf(*service->method(i)).value_or("");
      bool granted = false;
      for (const Role& role : AllRoles()) {
        for (const auto& pattern : role.permissions) granted |= Grants(pattern, permission);
      }
      EXPECT_TRUE(granted) << permission << " of " << service->method(i)->full_name();
    }
  }
}

TEST(Access, GrantedByARoleIsAskedForSomewhere) {
  std::set<std::string> asked = {"enrollment.persons.read", "registry.persons.read"};
  for (const auto* service : EveryService()) {
    for (int i = 0; i < service->method_count(); ++i) {
      asked.insert(PermissionOf(*service->method(i)).value_or(""));
    }
  }
  for (const Role& role : AllRoles()) {
    for (const auto& pattern : role.permissions) {
      bool used = false;
      for (const std::string& permission : asked) used |= Grants(pattern, permission);
      EXPECT_TRUE(used) << role.name << " is granted " << pattern;
    }
  }
}

TEST(Access, PathIsTheOneOfGrpc) {
  const auto* service = EveryService().front();
  EXPECT_EQ(PathOf(*service->method(0)),
            "/" + service->full_name() + "/" + service->method(0)->name());
}

}  // namespace
}  // namespace learncity::rpc
