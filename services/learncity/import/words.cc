#include "services/learncity/import/words.h"

#include <algorithm>
#include <array>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/text/unicode.h"

namespace learncity::importing {
namespace {

constexpr Word kWords[] = {
    {"UNIT_TYPE_WARD", "phường"},
    {"UNIT_TYPE_COMMUNE", "xã"},
    {"UNIT_TYPE_TOWNSHIP", "thị trấn"},
    {"UNIT_TYPE_URBAN_DISTRICT", "quận"},
    {"UNIT_TYPE_RURAL_DISTRICT", "huyện"},
    {"UNIT_TYPE_TOWN", "thị xã"},
    {"UNIT_TYPE_PROFESSIONAL_CLUSTER", "cụm chuyên môn"},
    {"UNIT_TYPE_RESIDENTIAL_GROUP", "tổ dân phố"},
    {"UNIT_TYPE_RESIDENTIAL_GROUP", "thôn"},

    {"CENTER_KIND_PRESCHOOL", "trường mầm non"},
    {"CENTER_KIND_PRIMARY_SCHOOL", "trường tiểu học"},
    {"CENTER_KIND_LOWER_SECONDARY_SCHOOL", "trường trung học cơ sở"},
    {"CENTER_KIND_LOWER_SECONDARY_SCHOOL", "trường THCS"},
    {"CENTER_KIND_UPPER_SECONDARY_SCHOOL", "trường trung học phổ thông"},
    {"CENTER_KIND_UPPER_SECONDARY_SCHOOL", "trường THPT"},
    {"CENTER_KIND_MULTI_LEVEL_SCHOOL", "trường phổ thông nhiều cấp học"},
    {"CENTER_KIND_COMMUNITY_LEARNING_CENTER", "trung tâm học tập cộng đồng"},
    {"CENTER_KIND_COMMUNITY_LEARNING_CENTER", "TTHTCĐ"},
    {"CENTER_KIND_COMMUNITY_LEARNING_CENTER", "CLC"},
    {"CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER",
     "trung tâm giáo dục nghề nghiệp – giáo dục thường xuyên"},
    {"CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER", "trung tâm GDNN-GDTX"},
    {"CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER", "GDNN-GDTX"},
    {"CENTER_KIND_VOCATIONAL_INSTITUTION", "cơ sở giáo dục nghề nghiệp"},
    {"CENTER_KIND_VOCATIONAL_INSTITUTION", "trường cao đẳng"},
    {"CENTER_KIND_VOCATIONAL_INSTITUTION", "trường trung cấp"},
    {"CENTER_KIND_LITERACY_PROVIDER", "lớp học tình thương"},
    {"CENTER_KIND_LIBRARY", "thư viện"},
    {"CENTER_KIND_CULTURE_HOUSE", "nhà văn hóa"},

    {"OWNERSHIP_PUBLIC", "công lập"},
    {"OWNERSHIP_PRIVATE", "ngoài công lập"},
    {"OWNERSHIP_PRIVATE", "tư thục"},

    {"SEX_FEMALE", "nữ"},
    {"SEX_MALE", "nam"},

    {"YES_NO_YES", "có"},
    {"YES_NO_NO", "không"},

    {"OFFERING_KIND_SCHOOL_CLASS", "lớp học của trường"},
    {"OFFERING_KIND_CONTINUING_CLASS", "lớp giáo dục thường xuyên"},
    {"OFFERING_KIND_COMMUNITY_COURSE", "chuyên đề"},
    {"OFFERING_KIND_LITERACY_CLASS", "lớp xóa mù chữ"},
    {"OFFERING_KIND_VOCATIONAL_COURSE", "khóa học nghề"},

    {"ISCED_LEVEL_01", "nhà trẻ"},
    {"ISCED_LEVEL_02", "mẫu giáo"},
    {"ISCED_LEVEL_1", "tiểu học"},
    {"ISCED_LEVEL_2", "trung học cơ sở"},
    {"ISCED_LEVEL_2", "THCS"},
    {"ISCED_LEVEL_3", "trung học phổ thông"},
    {"ISCED_LEVEL_3", "THPT"},
    {"ISCED_LEVEL_4", "sau trung học"},
    {"ISCED_LEVEL_NON_FORMAL", "không chính quy"},

    {"OFFERING_MODE_IN_PERSON", "trực tiếp"},
    {"OFFERING_MODE_ONLINE", "trực tuyến"},
    {"OFFERING_MODE_BLENDED", "kết hợp"},

    {"LITERACY_STAGE_1", "giai đoạn 1"},
    {"LITERACY_STAGE_2", "giai đoạn 2"},
    {"LITERACY_STAGE_POST", "sau khi biết chữ"},

    {"AWARD_LEVEL_NATIONAL", "quốc gia"},
    {"AWARD_LEVEL_INTERNATIONAL", "quốc tế"},
    {"AWARD_LEVEL_INTERNATIONAL", "khu vực"},

    {"AWARD_RANK_FIRST", "giải nhất"},
    {"AWARD_RANK_SECOND", "giải nhì"},
    {"AWARD_RANK_THIRD", "giải ba"},
    {"AWARD_RANK_CONSOLATION", "giải khuyến khích"},
    {"AWARD_RANK_GOLD", "huy chương vàng"},
    {"AWARD_RANK_SILVER", "huy chương bạc"},
    {"AWARD_RANK_BRONZE", "huy chương đồng"},
    {"AWARD_RANK_HONOURABLE_MENTION", "bằng khen"},

    {"RECOGNITION_SUBJECT_FAMILY", "gia đình học tập"},
    {"RECOGNITION_SUBJECT_FAMILY", "learning family"},
    {"RECOGNITION_SUBJECT_CLAN", "dòng họ học tập"},
    {"RECOGNITION_SUBJECT_CLAN", "learning clan"},
    {"RECOGNITION_SUBJECT_RESIDENTIAL_GROUP", "cộng đồng học tập"},
    {"RECOGNITION_SUBJECT_RESIDENTIAL_GROUP", "learning community"},
    {"RECOGNITION_SUBJECT_ORGANIZATION", "đơn vị học tập"},
    {"RECOGNITION_SUBJECT_ORGANIZATION", "learning organisation"},
    {"RECOGNITION_SUBJECT_CITIZEN", "công dân học tập"},
    {"RECOGNITION_SUBJECT_CITIZEN", "learning citizen"},
};

// Of what is not known: the value 0 of every enum.
constexpr std::array<std::string_view, 2> kUnknown = {"unknown", "không rõ"};
constexpr std::array<std::string_view, 4> kYes = {"yes", "true", "có", "1"};
constexpr std::array<std::string_view, 4> kNo = {"no", "false", "không", "0"};

bool HasFolded(const std::array<std::string_view, 4>& words, const std::string& folded) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text::Folded(word) == folded; });
}

// "PRIMARY_SCHOOL" of "CENTER_KIND_PRIMARY_SCHOOL".
std::string ShortName(const google::protobuf::EnumValueDescriptor& value) {
  constexpr std::string_view kZero = "UNSPECIFIED";
  const size_t prefix = value.type()->value(0)->name().size() - kZero.size();
  return value.name().substr(prefix);
}

bool IsNumber(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::span<const Word> AllWords() { return kWords; }

std::optional<bool> FindYesOrNo(std::string_view word) {
  const std::string folded = text::Folded(word);
  if (HasFolded(kYes, folded)) return true;
  if (HasFolded(kNo, folded)) return false;
  return std::nullopt;
}

Words::Words(const google::protobuf::EnumDescriptor* type) {
  for (int i = 0; i < type->value_count(); ++i) {
    const auto& value = *type->value(i);
    Add(value.name(), value.number());
    const std::string short_name = ShortName(value);
    // A spreadsheet makes 1 of 01, and both would be levels.
    const bool says_enough = !IsNumber(short_name);
    if (says_enough) Add(short_name, value.number());
    std::string shown = text::Folded(says_enough ? short_name : value.name());
    bool first = true;
    for (const Word& word : kWords) {
      if (word.value != value.name()) continue;
      Add(word.word, value.number());
      if (std::exchange(first, false)) shown += Concat(" (", word.word, ")");
    }
    if (value.number() == 0) continue;
    if (!list_.empty()) list_ += ", ";
    list_ += shown;
  }
  for (const std::string_view word : kUnknown) Add(word, 0);
}

void Words::Add(std::string_view word, int value) {
  const auto [at, is_new] = values_.emplace(text::Folded(word), value);
  LEARNCITY_CHECK(is_new || at->second == value) << "two values have the word " << at->first;
}

std::optional<int> Words::Find(std::string_view word) const {
  const auto found = values_.find(text::Folded(word));
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

}  // namespace learncity::importing
