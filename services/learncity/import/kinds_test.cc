// The table of columns, against the protos that it is about.
#include "services/learncity/import/kinds.h"

#include <map>
#include <memory>
#include <set>

#include "google/api/field_behavior.pb.h"
#include "gtest/gtest.h"
#include "learncity/achievements/v1/achievements.pb.h"
#include "platform/rpc/roles.h"
#include "platform/text/unicode.h"
#include "services/learncity/import/field_path.h"
#include "services/learncity/import/words.h"

namespace learncity::importing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

struct Leaf {
  const FieldDescriptor* field;
  // Whether it and all that it stands in are required.
  bool required;
};

// What a caller may set, by path.
void AddLeaves(const Descriptor& message, const std::string& prefix, bool required,
               std::map<std::string, Leaf>* leaves) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const bool is_required = required && Has(field, google::api::REQUIRED);
    const std::string path = prefix + field.name();
    if (Has(field, google::api::OUTPUT_ONLY) || path == "request_id") continue;
    const auto* below = field.message_type();
    if (below == nullptr || below->full_name() == "google.type.Date") {
      leaves->emplace(path, Leaf{&field, is_required});
    } else {
      AddLeaves(*below, path + ".", is_required, leaves);
    }
  }
}

class EveryKind : public testing::TestWithParam<const Kind*> {
 protected:
  const Kind& kind() const { return *GetParam(); }
};

TEST_P(EveryKind, ReachesEveryFieldThatACallerMaySet) {
  std::map<std::string, Leaf> leaves;
  AddLeaves(*kind().request().GetDescriptor(), "", true, &leaves);
  ASSERT_FALSE(leaves.empty());
  std::set<std::string> reached;
  for (const Column& column : kind().columns) {
    const std::string path(column.path);
    ASSERT_TRUE(leaves.contains(path)) << path << " is no field that may be set";
    EXPECT_TRUE(reached.insert(path).second) << path << " has two columns";
    EXPECT_TRUE(column.presence != Presence::kOptional || !leaves.at(path).required) << path;
  }
  // What the kind sets by itself needs no column, and has none.
  const std::unique_ptr<google::protobuf::Message> begun(kind().request().New());
  if (kind().begin != nullptr) kind().begin(*begun);
  for (const auto& [path, leaf] : leaves) {
    const FieldPath field(kind().request().GetDescriptor(), path);
    const auto& holder = field.Holder(*begun);
    const bool is_set =
        !leaf.field->is_repeated() && holder.GetReflection()->HasField(holder, leaf.field);
    EXPECT_NE(reached.contains(path), is_set) << path;
  }
}

TEST_P(EveryKind, ReadsEachFieldAsWhatItIs) {
  for (const Column& column : kind().columns) {
    const FieldPath path(kind().request().GetDescriptor(), column.path);
    const FieldDescriptor& field = path.field();
    EXPECT_EQ(field.is_repeated(), column.parse == Parse::kNames) << column.path;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_ENUM:
        EXPECT_EQ(column.parse, Parse::kWord) << column.path;
        break;
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64:
        EXPECT_EQ(column.parse, Parse::kNumber) << column.path;
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        EXPECT_EQ(column.parse, Parse::kYesOrNo) << column.path;
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        EXPECT_TRUE(column.parse == Parse::kDate || column.parse == Parse::kPartialDate)
            << column.path;
        break;
      default:
        EXPECT_EQ(field.cpp_type(), FieldDescriptor::CPPTYPE_STRING) << column.path;
        EXPECT_TRUE(column.parse != Parse::kWord && column.parse != Parse::kNumber) << column.path;
    }
  }
}

TEST_P(EveryKind, NamesItsColumnsApart) {
  std::set<std::string> names = {text::Folded(kKeyEnglish), text::Folded(kKeyVietnamese),
                                 std::string(kErrorColumn), std::string(kReasonColumn)};
  for (const Column& column : kind().columns) {
    EXPECT_TRUE(names.insert(text::Folded(column.english)).second) << column.english;
    EXPECT_TRUE(names.insert(text::Folded(column.vietnamese)).second) << column.vietnamese;
  }
  for (const std::string_view name : kind().passed_over) {
    EXPECT_TRUE(names.insert(text::Folded(name)).second) << name;
  }
}

TEST_P(EveryKind, NamesARoleAndFieldsThatThereAre) {
  EXPECT_NE(rpc::FindRole(kind().role), nullptr) << kind().role;
  const auto* request = kind().request().GetDescriptor();
  if (!kind().day.empty()) FieldPath(request, kind().day);
  for (const std::string_view path : kind().same) FieldPath(request, path);
  EXPECT_EQ(MethodOf(kind()).input_type(), request);
  EXPECT_EQ(FindKind(kind().name), &kind());
}

TEST_P(EveryKind, HasAVietnameseWordForEveryValue) {
  std::set<std::string_view> said;
  for (const Word& word : AllWords()) said.insert(word.value);
  for (const Column& column : kind().columns) {
    if (column.parse != Parse::kWord) continue;
    const FieldPath path(kind().request().GetDescriptor(), column.path);
    const auto& type = *path.field().enum_type();
    // Aborts when two values share a word.
    const Words words(&type);
    for (int i = 0; i < type.value_count(); ++i) {
      const auto& value = *type.value(i);
      EXPECT_EQ(words.Find(value.name()), value.number());
      EXPECT_TRUE(value.number() == 0 || said.contains(value.name())) << value.name();
    }
  }
}

std::vector<const Kind*> Kinds() {
  std::vector<const Kind*> kinds;
  for (const Kind& kind : AllKinds()) kinds.push_back(&kind);
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(Import, EveryKind, testing::ValuesIn(Kinds()),
                         [](const auto& one) { return std::string(one.param->name); });

TEST(Words, AreProtoNamesShortNamesAndTheFieldsOwn) {
  const Words words(type::v1::CenterKind_descriptor());
  const int primary = type::v1::CENTER_KIND_PRIMARY_SCHOOL;
  EXPECT_EQ(words.Find("CENTER_KIND_PRIMARY_SCHOOL"), primary);
  EXPECT_EQ(words.Find("primary school"), primary);
  EXPECT_EQ(words.Find("Trường Tiểu học"), primary);
  EXPECT_EQ(words.Find("truong tieu hoc"), primary);
  EXPECT_EQ(words.Find("school"), std::nullopt);
  EXPECT_NE(words.list().find("primary school (trường tiểu học)"), std::string::npos);
}

TEST(Words, OfALevelAreNoBareNumbers) {
  const Words words(type::v1::IscedLevel_descriptor());
  EXPECT_EQ(words.Find("1"), std::nullopt);
  EXPECT_EQ(words.Find("01"), std::nullopt);
  EXPECT_EQ(words.Find("ISCED_LEVEL_01"), type::v1::ISCED_LEVEL_01);
  EXPECT_EQ(words.Find("nhà trẻ"), type::v1::ISCED_LEVEL_01);
}

TEST(Kinds, KnowTheirFeeds) {
  EXPECT_EQ(FeedOf(*FindKind("units")), "registry");
  EXPECT_EQ(FeedOf(*FindKind("learners")), "enrollment");
  EXPECT_EQ(FeedOf(*FindKind("awards")), "achievements");
  EXPECT_EQ(FindKind("teachers"), nullptr);
}

}  // namespace
}  // namespace learncity::importing
