#include "platform/rpc/access.h"

#include <set>

#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "platform/rpc/every_service.h"

namespace learncity::rpc {
namespace {

TEST(Access, IsAskedForByEveryMethod) {
  for (const auto* service : EveryService()) {
    EXPECT_EQ(MethodsWithoutPermission(*service), std::vector<std::string>()) << service->name();
  }
}

TEST(Access, ToAMethodWithoutPermissionIsRefusedToEverybody) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("open.proto");
  file.add_message_type()->set_name("Nothing");
  auto* service = file.add_service();
  service->set_name("OpenService");
  auto* method = service->add_method();
  method->set_name("Do");
  method->set_input_type("Nothing");
  method->set_output_type("Nothing");
  google::protobuf::DescriptorPool pool;
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  EXPECT_EQ(MethodsWithoutPermission(*built->service(0)),
            std::vector<std::string>{"OpenService.Do"});
  EXPECT_EQ(PermissionOf(*built->service(0)->method(0)), std::nullopt);
  Caller everything{.identity = "x", .roles = {}, .permissions = {"registry.*", "enrollment.*"}};
  EXPECT_TRUE(Authorise(everything, std::nullopt, "learners/7").has_value());
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
  std::set<std::string> asked = {"enrollment.persons.read"};
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
