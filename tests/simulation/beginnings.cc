#include "tests/simulation/beginnings.h"

#include "platform/runtime/concat.h"
#include "platform/testing/text.h"

namespace learncity::simulation {
namespace {

constexpr Time kBegin{std::chrono::sys_days{std::chrono::year{2026} / 9 / 5}};

// Makes what a founded city has, one call after the other.
class Founder {
 public:
  Founder() : chance_(0), world_(0, {}, chance_, EmptyCity().files, kBegin) {
    LEARNCITY_CHECK(world_.Drain());
  }

  Beginning Found() && {
    Units();
    Centers();
    Offerings();
    Learners();
    Recognitions();
    const Time now = world_.now();
    return {.files = world_.Close(), .known = client_.known(), .now = now};
  }

 private:
  template <class Request>
  void Does(const std::string& text) {
    const Call& call = client_.Ask(FromText<Request>(text), "founder");
    LEARNCITY_CHECK(world_.Drain()) << world_.trace();
    LEARNCITY_CHECK(call.end == End::kOk) << world_.trace();
  }
  std::string Known(const std::string& collection, size_t n) const {
    return client_.known().names.at(collection)[n];
  }

  void Units() {
    for (const char* code : {"00000", "00001", "00002"}) {
      Does<registry::v1::OpenUnitRequest>(
          Concat("unit { code: '", code, "' display_name: 'Phường ", code,
                 "' type: UNIT_TYPE_WARD valid_from { year: 2025 month: 7 day: 1 } }"));
    }
  }

  void Centers() {
    const char* const kinds[] = {"COMMUNITY_LEARNING_CENTER", "PRIMARY_SCHOOL", "PRIMARY_SCHOOL",
                                 "VOCATIONAL_CONTINUING_EDUCATION_CENTER"};
    for (size_t n = 0; n < 4; ++n) {
      Does<registry::v1::OpenCenterRequest>(
          Concat("center { display_name: 'Cơ sở ", n, "' unit: '", Known("units", n % 3),
                 "' kind: CENTER_KIND_", kinds[n],
                 " ownership: OWNERSHIP_PUBLIC valid_from { year: 2025 month: 7 day: 1 } }"));
    }
    Does<registry::v1::GrantAccreditationRequest>(
        Concat("accreditation { center: '", Known("centers", 1),
               "' decision: '0/QĐ-UBND' level: 1 valid_from { year: 2026 month: 1 day: 1 }"
               " valid_to { year: 2026 month: 12 day: 1 } }"));
  }

  void Offerings() {
    const char* const programmes[] = {
        "kind: OFFERING_KIND_COMMUNITY_COURSE",
        "kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_1 grade: 4",
        "kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_1 grade: 4",
        "kind: OFFERING_KIND_CONTINUING_CLASS isced_level: ISCED_LEVEL_3 grade: 11"};
    for (size_t n = 0; n < 4; ++n) {
      Does<enrollment::v1::OpenOfferingRequest>(Concat(
          "offering { display_name: 'Lớp ", n, "' center: '", Known("centers", n), "' ",
          programmes[n], n == 0 ? "" : " school_year: '2026-2027'", " seats: ", n == 2 ? 2 : 1,
          " start_date { year: 2026 month: 9 day: 1 }"
          " end_date { year: 2027 month: 3 day: 31 } }"));
    }
  }

  void Learners() {
    for (int n = 0; n < 5; ++n) {
      const std::string person = Concat(" person { full_name: '", kCanary, " ", n,
                                        "' national_id: '", kNationalIdCanary, n, "' }");
      Does<enrollment::v1::RegisterLearnerRequest>(Concat(
          "learner { sex: SEX_FEMALE birth_year: ", 1980 + 8 * n, n < 2 ? person : "", " }"));
    }
    for (size_t n = 0; n < 2; ++n) {
      Does<enrollment::v1::EnrollLearnerRequest>(
          Concat("learner: '", Known("learners", n), "' offering: '", Known("offerings", n), "'"));
    }
  }

  void Recognitions() {
    Does<achievements::v1::RecordAwardRequest>(
        Concat("award { level: AWARD_LEVEL_NATIONAL rank: AWARD_RANK_FIRST competition: 'Kỳ thi'"
               " subject: 'Toán' year: 2026 learners: '",
               Known("learners", 2), "' }"));
    Does<achievements::v1::GrantRecognitionRequest>(Concat(
        "recognition { kind: RECOGNITION_SUBJECT_FAMILY subject: 'h0' unit: '", Known("units", 0),
        "' } decision: '1/QĐ-HKH' score: 80 scheme: '2021-2030'"
        " valid_from { year: 2026 month: 1 day: 1 }"
        " valid_to { year: 2026 month: 11 day: 1 }"));
  }

  Chance chance_;
  World world_;
  Client client_{world_, chance_, {}};
};

}  // namespace

const Beginning& NoCity() {
  static const auto* const beginning = new Beginning{.files = {}, .known = {}, .now = kBegin};
  return *beginning;
}

const Beginning& EmptyCity() {
  static const auto* const beginning = [] {
    Chance chance(0);
    World world(0, {}, chance, {}, kBegin);
    LEARNCITY_CHECK(world.Drain());
    return new Beginning{.files = world.Close(), .known = {}, .now = kBegin};
  }();
  return *beginning;
}

const Beginning& FoundedCity() {
  static const auto* const beginning = new Beginning(Founder().Found());
  return *beginning;
}

}  // namespace learncity::simulation
