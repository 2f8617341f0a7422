#include "platform/rpc/field_rules.h"

#include <set>

#include "gmock/gmock.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/compiler/parser.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "platform/rpc/every_service.h"
#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One field per rule; `fine` of every test leaves the others absent.
constexpr char kProto[] = R"(
syntax = "proto3";
package learncity.rpc.test;
import "google/api/field_behavior.proto";
import "google/api/resource.proto";
import "google/type/date.proto";
import "learncity/options/v1/options.proto";

enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_BLUE = 5; }
message Item {
  string code = 1 [(google.api.field_behavior) = REQUIRED,
                   (learncity.options.v1.rules) = {max_length: 3}];
  string made = 2 [(google.api.field_behavior) = OUTPUT_ONLY,
                   (learncity.options.v1.rules) = {max_length: 3}];
  Item inner = 3;
}
message Request {
  string text = 1 [(learncity.options.v1.rules) = {max_length: 3}];
  bytes blob = 2 [(learncity.options.v1.rules) = {max_bytes: 3}];
  repeated string tags = 3 [(learncity.options.v1.rules) = {max_items: 2, max_length: 3}];
  repeated Item items = 4 [(learncity.options.v1.rules) = {max_items: 3}];
  Item item = 5;
  int32 seats = 6 [(learncity.options.v1.rules) = {has_range: true, min: 1, max: 10}];
  optional int32 maybe = 7 [(learncity.options.v1.rules) = {has_range: true, min: 1, max: 10}];
  int64 balance = 8 [(learncity.options.v1.rules) = {has_range: true, min: -5, max: 5}];
  uint64 huge = 9 [(learncity.options.v1.rules) = {has_range: true, min: 0, max: 7}];
  Color color = 10;
  repeated Color colors = 11;
  string uuid = 12 [(learncity.options.v1.rules) = {format: FORMAT_UUID}];
  google.type.Date day = 13 [(learncity.options.v1.rules) = {format: FORMAT_FULL_DATE}];
  google.type.Date birth = 14 [(learncity.options.v1.rules) = {format: FORMAT_PARTIAL_DATE}];
  google.type.Date plain = 15;
  string unit_code = 16 [(learncity.options.v1.rules) = {format: FORMAT_UNIT_CODE}];
  string school_year = 17 [(learncity.options.v1.rules) = {format: FORMAT_SCHOOL_YEAR}];
  string month = 18 [(learncity.options.v1.rules) = {format: FORMAT_MONTH}];
  string learner = 19 [(google.api.resource_reference) = {type: "learncity/Learner"}];
  string unit = 20 [(google.api.resource_reference) = {type: "learncity/Unit"}];
  string indicator = 21 [(google.api.resource_reference) = {type: "learncity/Indicator"}];
  string subject = 22 [(learncity.options.v1.rules) = {format: FORMAT_SUBJECT_NUMBER}];
}
message Required {
  string text = 1 [(google.api.field_behavior) = REQUIRED];
  bytes blob = 2 [(google.api.field_behavior) = REQUIRED];
  repeated string tags = 3 [(google.api.field_behavior) = REQUIRED];
  Item item = 4 [(google.api.field_behavior) = REQUIRED];
  Color color = 5 [(google.api.field_behavior) = REQUIRED];
  int32 number = 6 [(google.api.field_behavior) = REQUIRED];
  int32 from_zero = 7 [(google.api.field_behavior) = REQUIRED,
                       (learncity.options.v1.rules) = {has_range: true, min: 0, max: 9}];
  optional int32 maybe = 8 [(google.api.field_behavior) = REQUIRED];
  bool yes = 9 [(google.api.field_behavior) = REQUIRED];
  string name = 10 [(google.api.field_behavior) = REQUIRED,
                    (google.api.field_behavior) = OUTPUT_ONLY];
}
)";

// Messages of kProto, made at run time, beside the generated ones.
class Types {
 public:
  Types() : pool_(google::protobuf::DescriptorPool::generated_pool()), factory_(&pool_) {
    factory_.SetDelegateToGeneratedFactory(true);
    google::protobuf::io::ArrayInputStream stream(kProto, sizeof(kProto) - 1);
    google::protobuf::io::Tokenizer tokenizer(&stream, nullptr);
    google::protobuf::FileDescriptorProto file;
    EXPECT_TRUE(google::protobuf::compiler::Parser().Parse(&tokenizer, &file));
    file.set_name("rpc_test.proto");
    EXPECT_NE(pool_.BuildFile(file), nullptr);
  }
  std::unique_ptr<Message> Parse(const std::string& type, const std::string& text) {
    const auto* descriptor = pool_.FindMessageTypeByName("learncity.rpc.test." + type);
    std::unique_ptr<Message> message(factory_.GetPrototype(descriptor)->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, message.get())) << text;
    return message;
  }

 private:
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
};

Types& TestTypes() {
  static auto* types = new Types();
  return *types;
}

std::vector<std::string> Found(const Message& message) {
  google::rpc::BadRequest violations;
  FieldPlan::Of(message.GetDescriptor()).Check(message, &violations);
  std::vector<std::string> found;
  for (const auto& violation : violations.field_violations()) {
    EXPECT_FALSE(violation.description().empty());
    found.push_back(violation.field() + " " + violation.reason());
  }
  return found;
}

// What is wrong with a Request. Seats must be there; texts need not repeat that.
std::vector<std::string> WrongWith(const std::string& text) {
  const bool has_seats = text.find("seats") != std::string::npos;
  return Found(*TestTypes().Parse("Request", has_seats ? text : text + " seats: 1"));
}

TEST(FieldRules, FindNothingWhereAllIsAbsent) { EXPECT_THAT(WrongWith(""), IsEmpty()); }

TEST(FieldRules, CountCharactersNotBytes) {
  EXPECT_THAT(WrongWith("text: 'Đỗễ'"), IsEmpty());
  EXPECT_THAT(WrongWith("text: 'Đỗễa'"), ElementsAre("text TOO_LONG"));
}

TEST(FieldRules, CountBytesOfBytes) {
  EXPECT_THAT(WrongWith("blob: '\\xff\\xff\\xff'"), IsEmpty());
  EXPECT_THAT(WrongWith("blob: 'abcd'"), ElementsAre("blob TOO_LONG"));
}

TEST(FieldRules, CountItemsAndLookAtEach) {
  EXPECT_THAT(WrongWith("tags: ['a', 'b']"), IsEmpty());
  EXPECT_THAT(WrongWith("tags: ['a', 'b', 'c']"), ElementsAre("tags TOO_MANY"));
  EXPECT_THAT(WrongWith("tags: ['a', 'abcd']"), ElementsAre("tags[1] TOO_LONG"));
}

TEST(FieldRules, WalkNestedMessagesWithTheirPaths) {
  EXPECT_THAT(WrongWith("item { code: 'abc' } items { code: 'a' }"), IsEmpty());
  EXPECT_THAT(WrongWith("item { inner { inner { code: 'abcd' } code: 'a' } }"),
              ElementsAre("item.code REQUIRED", "item.inner.inner.code TOO_LONG"));
  EXPECT_THAT(WrongWith("items { code: 'a' } items { code: 'abcd' } items { }"),
              ElementsAre("items[1].code TOO_LONG", "items[2].code REQUIRED"));
}

TEST(FieldRules, HoldNumbersToTheirRange) {
  EXPECT_THAT(WrongWith("seats: 10 balance: -5 huge: 7"), IsEmpty());
  EXPECT_THAT(WrongWith("seats: 11"), ElementsAre("seats OUT_OF_RANGE"));
  EXPECT_THAT(WrongWith("seats: 0"), ElementsAre("seats OUT_OF_RANGE"));
  EXPECT_THAT(WrongWith("balance: -6"), ElementsAre("balance OUT_OF_RANGE"));
  EXPECT_THAT(WrongWith("huge: 18446744073709551615"), ElementsAre("huge OUT_OF_RANGE"));
}

TEST(FieldRules, HoldAnOptionalNumberToItsRangeOnlyWhenGiven) {
  EXPECT_THAT(WrongWith("maybe: 1"), IsEmpty());
  EXPECT_THAT(WrongWith("maybe: 0"), ElementsAre("maybe OUT_OF_RANGE"));
}

TEST(FieldRules, RefuseEnumValuesTheyDoNotKnow) {
  EXPECT_THAT(WrongWith("color: COLOR_BLUE colors: [COLOR_RED]"), IsEmpty());
  EXPECT_THAT(WrongWith("color: 2 colors: [1, 6]"),
              ElementsAre("color UNKNOWN_VALUE", "colors[1] UNKNOWN_VALUE"));
}

struct FormatCase {
  std::vector<std::string> fine;
  std::vector<std::string> wrong;
};

TEST(FieldRules, HoldTextsToTheirFormat) {
  const std::map<std::string, FormatCase> cases = {
      {"uuid",
       {{"0198c0de-0000-7000-8000-00000000000a", "0198C0DE-0000-7000-8000-00000000000A"},
        {"0198c0de000070008000000000000000", "x", "0198c0de-0000-7000-8000-00000000000g"}}},
      {"unit_code",
       {{"00004", "001", "00004-1", "00004-123"},
        {"0004", "000004", "0000a", "00a", "00004-", "00004-1234", "00004-a", "001-1", "-001",
         "00004-1-2", "00004 1"}}},
      {"subject",
       {{"1", "A-1203", "0198c0de-0000-7000-8000-00000000000a", std::string(40, 'a')},
        {std::string(41, 'a'), "12 03", "12/03", "12_03", "hộ-1203"}}},
      {"school_year", {{"2026-2027"}, {"2026-2028", "2026-27", "2026/2027", "2027-2026", "0-1"}}},
      {"month", {{"2026-12"}, {"2026-13", "2026-00", "2026-1", "202612", "0000-01"}}}};
  for (const auto& [field, texts] : cases) {
    for (const std::string& text : texts.fine) {
      EXPECT_THAT(WrongWith(Concat(field, ": '", text, "'")), IsEmpty()) << text;
    }
    for (const std::string& text : texts.wrong) {
      EXPECT_THAT(WrongWith(Concat(field, ": '", text, "'")), ElementsAre(field + " FORMAT"))
          << text;
    }
  }
}

TEST(FieldRules, HoldDatesToDaysThatExist) {
  EXPECT_THAT(WrongWith("day { year: 2024 month: 2 day: 29 }"), IsEmpty());
  for (const char* wrong :
       {"year: 2025 month: 2 day: 29", "year: 2025 month: 2", "year: 2025", "", "month: 2 day: 1",
        "year: 10000 month: 1 day: 1", "year: -1 month: 1 day: 1", "year: 2025 month: 13 day: 1",
        "year: 2025 month: 1 day: 32", "year: 2025 month: 1 day: 257",
        "year: 2025 month: -1 day: 1"}) {
    EXPECT_THAT(WrongWith(Concat("day {", wrong, "}")), ElementsAre("day FORMAT")) << wrong;
    EXPECT_THAT(WrongWith(Concat("plain {", wrong, "}")), ElementsAre("plain FORMAT")) << wrong;
  }
}

TEST(FieldRules, TakeBirthDatesThatAreKnownInPart) {
  for (const char* fine : {"year: 1980", "year: 1980 month: 12", "year: 1980 month: 2 day: 29"}) {
    EXPECT_THAT(WrongWith(Concat("birth {", fine, "}")), IsEmpty()) << fine;
  }
  for (const char* wrong : {"", "month: 2", "year: 1980 day: 3", "year: 1980 month: 13",
                            "year: 1981 month: 2 day: 29", "year: 1980 month: -1"}) {
    EXPECT_THAT(WrongWith(Concat("birth {", wrong, "}")), ElementsAre("birth FORMAT")) << wrong;
  }
}

TEST(FieldRules, HoldNamesToTheirResource) {
  for (const char* fine : {"learners/0198c0de-0000-7000-8000-00000000000a",
                           "learners/0198C0DE-0000-7000-8000-00000000000A", "learners/nguyen-7"}) {
    EXPECT_THAT(WrongWith(Concat("learner: '", fine, "'")), IsEmpty()) << fine;
  }
  for (const std::string& wrong :
       {std::string("learners/"), std::string("learners"), std::string("centers/7"),
        std::string("learners/7/x"), std::string("learners/A"), std::string("learnersx/7"),
        std::string("/learners/7"), "learners/" + std::string(81, 'a')}) {
    EXPECT_THAT(WrongWith(Concat("learner: '", wrong, "'")), ElementsAre("learner RESOURCE_NAME"))
        << wrong;
  }
  for (const char* fine :
       {"units/00004-20250701", "units/001-20250701", "units/00004-12-20250701"}) {
    EXPECT_THAT(WrongWith(Concat("unit: '", fine, "'")), IsEmpty()) << fine;
  }
  for (const char* wrong :
       {"units/00004-20250231", "units/00004", "units/0004-20250701", "units/00004_20250701",
        "units/00004-2025070a", "units/20250701", "units/00004-1234-20250701", "units/-20250701"}) {
    EXPECT_THAT(WrongWith(Concat("unit: '", wrong, "'")), ElementsAre("unit RESOURCE_NAME"))
        << wrong;
  }
  EXPECT_THAT(WrongWith("indicator: 'indicators/OAEPG.1_a'"), IsEmpty());
  EXPECT_THAT(WrongWith("indicator: 'indicators/a b'"), ElementsAre("indicator RESOURCE_NAME"));
}

TEST(FieldRules, AskForEverythingRequired) {
  EXPECT_THAT(Found(*TestTypes().Parse("Required", "")),
              ElementsAre("text REQUIRED", "blob REQUIRED", "tags REQUIRED", "item REQUIRED",
                          "color REQUIRED", "number REQUIRED", "maybe REQUIRED"));
  EXPECT_THAT(Found(*TestTypes().Parse(
                  "Required",
                  "text: 'a' blob: 'b' tags: ['c'] item { code: 'd' } color: COLOR_RED "
                  "number: 1 from_zero: 0 maybe: 0")),
              IsEmpty());
}

TEST(FieldRules, FindEverythingAtOnce) {
  EXPECT_THAT(
      WrongWith("text: 'abcd' seats: 0 color: 9 uuid: 'x' day { } learner: 'x' "
                "item { code: 'abcd' }"),
      ElementsAre("text TOO_LONG", "item.code TOO_LONG", "seats OUT_OF_RANGE",
                  "color UNKNOWN_VALUE", "uuid FORMAT", "day FORMAT", "learner RESOURCE_NAME"));
}

TEST(FieldRules, PassOverWhatIsOutputOnlyAndClearIt) {
  auto message = TestTypes().Parse(
      "Request",
      "seats: 1 item { code: 'a' made: 'too long' inner { code: 'b' made: 'x' } } "
      "items { code: 'c' made: 'y' } items { code: 'd' }");
  EXPECT_THAT(Found(*message), IsEmpty());
  FieldPlan::Of(message->GetDescriptor()).ClearOutputOnly(message.get());
  EXPECT_EQ(message->ShortDebugString(),
            TestTypes()
                .Parse("Request",
                       "seats: 1 item { code: 'a' inner { code: 'b' } } items { code: 'c' } "
                       "items { code: 'd' }")
                ->ShortDebugString());
}

std::vector<std::string> WrongWithUpdate(const std::string& text) {
  registry::v1::UpdateStaffRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
  google::rpc::BadRequest violations;
  FieldPlan::Of(request.GetDescriptor()).Check(request, &violations);
  std::vector<std::string> fields;
  for (const auto& violation : violations.field_violations()) fields.push_back(violation.field());
  return fields;
}

TEST(FieldRules, OfAnUpdateAskForTheNameAndWhatTheMaskNames) {
  const std::string id = "request_id: '01980000-0000-7000-8000-000000000001' ";
  const std::string name = "name: 'staff/01980000-0000-7000-8000-000000000001' ";
  EXPECT_THAT(WrongWithUpdate(id + "staff {} update_mask { paths: 'subject' }"),
              ElementsAre("staff.name"));
  EXPECT_THAT(WrongWithUpdate(id + "staff { name: 'staff/1/2' } update_mask { paths: 'subject' }"),
              ElementsAre("staff.name"));
  EXPECT_THAT(WrongWithUpdate(id + "staff {" + name + "} update_mask { paths: 'subject' }"),
              IsEmpty());
  EXPECT_THAT(WrongWithUpdate(id + "staff {" + name + "} update_mask { paths: 'position' }"),
              ElementsAre("staff.position"));
}

TEST(FieldRules, OfAnUpdateLeaveTheNameAndClearWhatElseIsOutputOnly) {
  registry::v1::UpdateStaffRequest request;
  request.mutable_staff()->set_name("staff/1");
  request.mutable_staff()->set_sealed_person("sealed");
  FieldPlan::Of(request.GetDescriptor()).ClearOutputOnly(&request);
  EXPECT_EQ(request.staff().name(), "staff/1");
  EXPECT_EQ(request.staff().sealed_person(), "");
  registry::v1::EmployStaffRequest employ;
  employ.mutable_staff()->set_name("staff/1");
  FieldPlan::Of(employ.GetDescriptor()).ClearOutputOnly(&employ);
  EXPECT_EQ(employ.staff().name(), "");
}

TEST(FieldRules, NeverRepeatATextInWhatTheySay) {
  google::rpc::BadRequest violations;
  auto message = TestTypes().Parse("Request", "text: 'secret' uuid: 'secret' learner: 'secret'");
  FieldPlan::Of(message->GetDescriptor()).Check(*message, &violations);
  EXPECT_EQ(violations.SerializeAsString().find("secret"), std::string::npos);
}

bool IsOutputOnly(const FieldDescriptor& field) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field.options().GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY) {
      return true;
    }
  }
  return false;
}

void ExpectLimits(const Descriptor& type, std::set<const Descriptor*>* seen) {
  if (!seen->insert(&type).second || type.file()->package() == "google.protobuf") return;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (IsOutputOnly(field)) continue;
    const auto& rules = field.options().GetExtension(options::v1::rules);
    if (field.is_repeated()) {
      EXPECT_GT(rules.max_items(), 0u) << field.full_name();
    }
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      EXPECT_TRUE(rules.max_length() > 0 || rules.format() != options::v1::FORMAT_UNSPECIFIED ||
                  field.options().HasExtension(google::api::resource_reference))
          << field.full_name() << " has no limit";
    }
    if (field.type() == FieldDescriptor::TYPE_BYTES) {
      EXPECT_GT(rules.max_bytes(), 0u) << field.full_name();
    }
    if (field.message_type() != nullptr) ExpectLimits(*field.message_type(), seen);
  }
}

// A plan that contradicts itself aborts, so making it is the check.
TEST(FieldRules, OfEveryRequestCanBeMadeAndLimitEveryTextAndList) {
  std::set<const Descriptor*> seen;
  int methods = 0;
  for (const auto* service : EveryService()) {
    for (int i = 0; i < service->method_count(); ++i, ++methods) {
      FieldPlan::Of(service->method(i)->input_type());
      ExpectLimits(*service->method(i)->input_type(), &seen);
    }
  }
  EXPECT_GT(methods, 20);
}

TEST(FieldRulesDeathTest, ThatContradictThemselvesAbort) {
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  google::protobuf::FileDescriptorProto file;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(name: "wrong.proto" syntax: "proto3" dependency: "learncity/options/v1/options.proto"
         message_type { name: "LengthOfNumber" field { name: "n" number: 1 type: TYPE_INT32
           label: LABEL_OPTIONAL options { [learncity.options.v1.rules] { max_length: 3 } } } }
         message_type { name: "DateOfText" field { name: "t" number: 1 type: TYPE_STRING
           label: LABEL_OPTIONAL
           options { [learncity.options.v1.rules] { format: FORMAT_FULL_DATE } } } }
         message_type { name: "NoSuchResource" field { name: "r" number: 1 type: TYPE_STRING
           label: LABEL_OPTIONAL
           options { [google.api.resource_reference] { type: "learncity/Dragon" } } } })",
      &file));
  file.add_dependency("google/api/resource.proto");
  ASSERT_NE(pool.BuildFile(file), nullptr);
  EXPECT_DEATH(FieldPlan::Of(pool.FindMessageTypeByName("LengthOfNumber")), "LengthOfNumber.n");
  EXPECT_DEATH(FieldPlan::Of(pool.FindMessageTypeByName("DateOfText")), "DateOfText.t");
  EXPECT_DEATH(FieldPlan::Of(pool.FindMessageTypeByName("NoSuchResource")), "learncity/Dragon");
}

}  // namespace
}  // namespace learncity::rpc
