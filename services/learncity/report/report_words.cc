#include "services/learncity/report/report_words.h"

namespace learncity {

Words LevelWords(type::v1::IscedLevel level) {
  switch (level) {
    case type::v1::ISCED_LEVEL_01:
      return {"Nhà trẻ", "Early childhood, ISCED 01"};
    case type::v1::ISCED_LEVEL_02:
      return {"Mẫu giáo", "Pre-primary, ISCED 02"};
    case type::v1::ISCED_LEVEL_1:
      return {"Tiểu học", "Primary, ISCED 1"};
    case type::v1::ISCED_LEVEL_2:
      return {"Trung học cơ sở", "Lower secondary, ISCED 2"};
    case type::v1::ISCED_LEVEL_3:
      return {"Trung học phổ thông", "Upper secondary, ISCED 3"};
    case type::v1::ISCED_LEVEL_4:
      return {"Sau trung học phổ thông", "Post-secondary, ISCED 4"};
    case type::v1::ISCED_LEVEL_NON_FORMAL:
      return {"Không chính quy", "Not formal"};
    default:
      return {"Không rõ", "Not known"};
  }
}

Words SexWords(type::v1::Sex sex) {
  switch (sex) {
    case type::v1::SEX_FEMALE:
      return {"Nữ", "Female"};
    case type::v1::SEX_MALE:
      return {"Nam", "Male"};
    default:
      return {"Không rõ", "Not known"};
  }
}

Words CenterKindWords(type::v1::CenterKind kind) {
  switch (kind) {
    case type::v1::CENTER_KIND_PRESCHOOL:
      return {"Trường mầm non", "Preschool"};
    case type::v1::CENTER_KIND_PRIMARY_SCHOOL:
      return {"Trường tiểu học", "Primary school"};
    case type::v1::CENTER_KIND_LOWER_SECONDARY_SCHOOL:
      return {"Trường trung học cơ sở", "Lower secondary school"};
    case type::v1::CENTER_KIND_UPPER_SECONDARY_SCHOOL:
      return {"Trường trung học phổ thông", "Upper secondary school"};
    case type::v1::CENTER_KIND_MULTI_LEVEL_SCHOOL:
      return {"Trường nhiều cấp học", "Multi-level school"};
    case type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER:
      return {"Trung tâm học tập cộng đồng", "Community learning center"};
    case type::v1::CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER:
      return {"Trung tâm GDNN-GDTX", "Vocational and continuing education center"};
    case type::v1::CENTER_KIND_VOCATIONAL_INSTITUTION:
      return {"Cơ sở giáo dục nghề nghiệp", "Vocational institution"};
    case type::v1::CENTER_KIND_LITERACY_PROVIDER:
      return {"Lớp học tình thương", "Informal literacy provider"};
    case type::v1::CENTER_KIND_LIBRARY:
      return {"Thư viện", "Library"};
    case type::v1::CENTER_KIND_CULTURE_HOUSE:
      return {"Nhà văn hóa", "Culture house"};
    default:
      return {"Không rõ", "Not known"};
  }
}

Words CredentialWords(type::v1::CredentialKind kind) {
  switch (kind) {
    case type::v1::CREDENTIAL_KIND_COMPLETION:
      return {"Hoàn thành lớp, khóa học", "Completion"};
    case type::v1::CREDENTIAL_KIND_LITERACY_LEVEL_1:
      return {"Biết chữ mức 1", "Literacy, level 1"};
    case type::v1::CREDENTIAL_KIND_LITERACY_LEVEL_2:
      return {"Biết chữ mức 2", "Literacy, level 2"};
    case type::v1::CREDENTIAL_KIND_EQUIVALENCY:
      return {"Tương đương giáo dục thường xuyên", "Equivalency"};
    case type::v1::CREDENTIAL_KIND_VOCATIONAL:
      return {"Nghề", "Vocational"};
    default:
      return {"Không rõ", "Not known"};
  }
}

Words StatusWords(reporting::v1::ObservationStatus status) {
  switch (status) {
    case reporting::v1::OBSERVATION_STATUS_NORMAL:
      return {"A · tính toán", "computed"};
    case reporting::v1::OBSERVATION_STATUS_REPORTED:
      return {"A · nhập, có bằng chứng", "entered, with evidence"};
    case reporting::v1::OBSERVATION_STATUS_ESTIMATED:
      return {"E · ước tính", "estimated"};
    case reporting::v1::OBSERVATION_STATUS_MISSING:
      return {"O · không có số liệu", "missing"};
    default:
      return {"Không rõ", "not stated"};
  }
}

Words VerificationWords(reporting::v1::Verification verification) {
  if (verification == reporting::v1::VERIFICATION_SOURCED) {
    return {"đã đối chiếu với nguồn", "checked against its source"};
  }
  return {"chưa đối chiếu với nguồn", "not checked against its source"};
}

Words UnitWords(const std::string& unit_measure) {
  if (unit_measure == "PER") return {"người", "persons"};
  if (unit_measure == "PT") return {"phần trăm", "percent"};
  if (unit_measure == "GPIA") return {"chỉ số công bằng điều chỉnh", "adjusted parity index"};
  return {"số lượng", "number"};
}

}  // namespace learncity
