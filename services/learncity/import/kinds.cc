#include "services/learncity/import/kinds.h"

#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/runtime/check.h"

namespace learncity::importing {
namespace {

using google::protobuf::Message;
using enum Parse;

constexpr auto kNeeded = Presence::kRequired;
constexpr auto kMayLack = Presence::kOptional;

// One line for each column: field, English name, Vietnamese name, presence, how it is read.

constexpr Column kUnits[] = {
    {"unit.code", "code", "mã đơn vị", kNeeded, kText},
    {"unit.display_name", "display_name", "tên đơn vị", kNeeded, kText},
    {"unit.type", "type", "loại đơn vị", kNeeded, kWord},
    {"unit.valid_from", "valid_from", "có từ ngày", kNeeded, kDate},
    {"unit.valid_to", "valid_to", "không còn từ ngày", kMayLack, kDate},
    {"unit.legal_reference", "legal_reference", "văn bản pháp lý", kMayLack, kText},
    {"unit.parent", "parent", "trực thuộc", kMayLack, kUnit},
};

constexpr Column kCenters[] = {
    {"center.display_name", "display_name", "tên cơ sở", kNeeded, kText},
    {"center.kind", "kind", "loại cơ sở", kNeeded, kWord},
    {"center.unit", "unit", "đơn vị hành chính", kNeeded, kUnit},
    {"center.code", "code", "mã cơ sở", kMayLack, kText},
    {"center.valid_from", "valid_from", "hoạt động từ ngày", kNeeded, kDate},
    {"center.valid_to", "valid_to", "ngừng hoạt động từ ngày", kMayLack, kDate},
    {"center.ownership", "ownership", "loại hình", kMayLack, kWord},
};

constexpr Column kLearners[] = {
    {"learner.person.full_name", "full_name", "họ và tên", kMayLack, kText},
    {"learner.person.birth_date", "birth_date", "ngày sinh", kMayLack, kPartialDate},
    {"learner.person.national_id", "national_id", "số định danh cá nhân", kMayLack, kText},
    {"learner.person.address", "address", "địa chỉ", kMayLack, kText},
    {"learner.person.phone", "phone", "số điện thoại", kMayLack, kText},
    {"learner.person.disability", "disability", "dạng khuyết tật", kMayLack, kText},
    {"learner.person.disadvantage", "disadvantage", "hoàn cảnh khó khăn", kMayLack, kText},
    {"learner.birth_year", "birth_year", "năm sinh", kMayLack, kNumber},
    {"learner.sex", "sex", "giới tính", kMayLack, kWord},
    {"learner.unit", "unit", "nơi cư trú", kMayLack, kUnit},
    {"learner.center", "center", "cơ sở đăng ký", kMayLack, kCenter},
    {"learner.has_disability", "has_disability", "có khuyết tật", kMayLack, kWord},
    {"learner.is_disadvantaged", "is_disadvantaged", "thuộc diện khó khăn", kMayLack, kWord},
};

constexpr Column kOfferings[] = {
    {"offering.display_name", "display_name", "tên lớp", kNeeded, kText},
    {"offering.center", "center", "cơ sở giáo dục", kNeeded, kCenter},
    {"offering.kind", "kind", "loại lớp", kNeeded, kWord},
    {"offering.isced_level", "isced_level", "cấp học", kMayLack, kWord},
    {"offering.grade", "grade", "khối lớp", kMayLack, kNumber},
    {"offering.school_year", "school_year", "năm học", kMayLack, kText},
    {"offering.start_date", "start_date", "ngày bắt đầu", kNeeded, kDate},
    {"offering.end_date", "end_date", "ngày kết thúc", kNeeded, kDate},
    {"offering.seats", "seats", "số chỗ học", kNeeded, kNumber},
    {"offering.mode", "mode", "hình thức học", kMayLack, kWord},
    {"offering.literacy_stage", "literacy_stage", "giai đoạn xóa mù chữ", kMayLack, kWord},
};

constexpr Column kEnrollments[] = {
    {"learner", "learner", "người học", kNeeded, kName},
    {"offering", "offering", "lớp hoặc khóa học", kNeeded, kName},
    {"start_date", "start_date", "ngày bắt đầu", kMayLack, kDate},
    {"joins_waitlist", "joins_waitlist", "vào danh sách chờ", kMayLack, kYesOrNo},
};

constexpr Column kAwards[] = {
    {"award.level", "level", "cấp giải", kNeeded, kWord},
    {"award.competition", "competition", "kỳ thi", kNeeded, kText},
    {"award.subject", "subject", "môn thi", kNeeded, kText},
    {"award.year", "year", "năm", kNeeded, kNumber},
    {"award.rank", "rank", "hạng giải", kNeeded, kWord},
    {"award.is_team", "is_team", "giải đồng đội", kMayLack, kYesOrNo},
    {"award.learners", "learners", "người học", kMayLack, kNames},
    {"award.unknown_learners", "unknown_learners", "số người chưa có hồ sơ", kMayLack, kNumber},
    {"award.center", "center", "cơ sở giáo dục", kMayLack, kCenter},
};

constexpr Column kRecognitions[] = {
    {"recognition.kind", "kind", "danh hiệu", kNeeded, kWord},
    {"recognition.unit", "unit", "đơn vị hành chính", kNeeded, kUnit},
    {"recognition.subject", "subject", "số của đối tượng", kNeeded, kSubject},
    {"decision", "decision", "số quyết định", kNeeded, kText},
    {"valid_from", "valid_from", "có hiệu lực từ ngày", kNeeded, kDate},
    {"valid_to", "valid_to", "hết hiệu lực từ ngày", kNeeded, kDate},
    {"score", "score", "điểm", kMayLack, kNumber},
    {"scheme", "scheme", "bộ tiêu chí", kNeeded, kText},
};

constexpr std::string_view kRecognised[] = {"recognition.kind", "recognition.unit",
                                            "recognition.subject"};

constexpr auto kOrGiven = Presence::kRequiredOrGiven;

constexpr Column kPopulation[] = {
    {"unit_count.unit", "code", "mã", kNeeded, kUnit},
    {"unit_count.count", "population", "dân số", kNeeded, kNumber},
    {"unit_count.date", "date", "ngày", kOrGiven, kDate},
    {"unit_count.source", "source", "nguồn", kOrGiven, kText},
    {"unit_count.is_estimated", "is_estimated", "ước tính", kMayLack, kYesOrNo},
};

// As tables of the units formed on 2025-07-01 have them.
constexpr std::string_view kBesidePopulation[] = {
    "name",         "tên",      "name_with_type",    "tên đơn vị", "type",
    "loại đơn vị",  "area_km2", "diện tích",         "lat",        "lon",
    "admin_centre", "trụ sở",   "predecessors_text", "sáp nhập từ"};

constexpr std::string_view kCountedUnit[] = {"unit_count.unit"};

void BeginPopulation(Message& request) {
  static_cast<registry::v1::RecordUnitCountRequest&>(request).mutable_unit_count()->set_thing(
      registry::v1::COUNTED_THING_POPULATION);
}

template <class Request>
const Message& RequestOf() {
  return Request::default_instance();
}

constexpr Kind kKinds[] = {
    {.name = "units",
     .request = RequestOf<registry::v1::OpenUnitRequest>,
     .columns = kUnits,
     .day = "unit.valid_from",
     .same = {},
     .one_at_a_time = true,
     .role = "registrar"},
    {.name = "centers",
     .request = RequestOf<registry::v1::OpenCenterRequest>,
     .columns = kCenters,
     .day = "center.valid_from",
     .same = {},
     .one_at_a_time = false,
     .role = "registrar"},
    {.name = "learners",
     .request = RequestOf<enrollment::v1::RegisterLearnerRequest>,
     .columns = kLearners,
     .day = {},
     .same = {},
     .one_at_a_time = false,
     .role = "clerk"},
    {.name = "offerings",
     .request = RequestOf<enrollment::v1::OpenOfferingRequest>,
     .columns = kOfferings,
     .day = {},
     .same = {},
     .one_at_a_time = false,
     .role = "clerk"},
    {.name = "enrollments",
     .request = RequestOf<enrollment::v1::EnrollLearnerRequest>,
     .columns = kEnrollments,
     .day = {},
     .same = {},
     .one_at_a_time = false,
     .role = "clerk"},
    {.name = "awards",
     .request = RequestOf<achievements::v1::RecordAwardRequest>,
     .columns = kAwards,
     .day = {},
     .same = {},
     .one_at_a_time = false,
     .role = "clerk"},
    {.name = "recognitions",
     .request = RequestOf<achievements::v1::GrantRecognitionRequest>,
     .columns = kRecognitions,
     .day = "valid_from",
     .same = kRecognised,
     .one_at_a_time = false,
     .role = "learning_promoter"},
    {.name = "population",
     .request = RequestOf<registry::v1::RecordUnitCountRequest>,
     .columns = kPopulation,
     .day = "unit_count.date",
     .same = kCountedUnit,
     .one_at_a_time = false,
     .role = "registrar",
     .passed_over = kBesidePopulation,
     .begin = BeginPopulation},
};

}  // namespace

std::span<const Kind> AllKinds() { return kKinds; }

const Kind* FindKind(std::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const google::protobuf::MethodDescriptor& MethodOf(const Kind& kind) {
  const auto* request = kind.request().GetDescriptor();
  const auto& service = *request->file()->service(0);
  const google::protobuf::MethodDescriptor* found = nullptr;
  for (int i = 0; i < service.method_count(); ++i) {
    if (service.method(i)->input_type() == request) found = service.method(i);
  }
  LEARNCITY_CHECK(found != nullptr) << "no method takes a " << request->full_name();
  return *found;
}

std::string FeedOf(const Kind& kind) {
  // "learncity.enrollment.v1".
  const std::string& package = kind.request().GetDescriptor()->file()->package();
  const size_t begin = package.find('.') + 1;
  return package.substr(begin, package.find('.', begin) - begin);
}

}  // namespace learncity::importing
