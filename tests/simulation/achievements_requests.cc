// What clerks ask of achievements.
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/client.h"

namespace learncity::simulation {
namespace {

namespace ach = achievements::v1;
using namespace type::v1;
using std::chrono::days;

// So few that decisions are about the same ones again and again.
constexpr int kSubjects = 3;
constexpr char kScheme[] = "2021-2030";

}  // namespace

void Client::RecordAward() {
  if (!Knows("learners")) return RegisterLearner();
  ach::RecordAwardRequest request;
  ach::Award& award = *request.mutable_award();
  const bool national = chance_.OneIn(2);
  award.set_level(national ? ach::AWARD_LEVEL_NATIONAL : ach::AWARD_LEVEL_INTERNATIONAL);
  award.set_rank(national != chance_.OneIn(8) ? ach::AWARD_RANK_SECOND : ach::AWARD_RANK_SILVER);
  award.set_competition(Concat("Kỳ thi ", ++known_.made));
  award.set_subject("Toán");
  award.set_year(2024 + chance_.Below(4));
  for (int n = chance_.Below(3); n > 0; --n) award.add_learners(Some("learners"));
  award.set_unknown_learners(chance_.Below(2));
  const bool several = award.learners_size() + award.unknown_learners() > 1;
  award.set_is_team(several != chance_.OneIn(8));
  if (chance_.OneIn(3) && Knows("centers")) award.set_center(Some("centers"));
  Ask(request);
}

void Client::WithdrawAward() {
  if (!Knows("awards")) return RecordAward();
  ach::WithdrawAwardRequest request;
  request.set_name(Some("awards"));
  if (!chance_.OneIn(3)) *request.mutable_withdrawn_date() = DateNear(400, 1);
  Ask(request);
}

void Client::GrantRecognition() {
  if (!Knows("units")) return OpenUnit();
  ach::GrantRecognitionRequest request;
  ach::Recognition& recognition = *request.mutable_recognition();
  recognition.set_unit(Some("units"));
  recognition.set_kind(RECOGNITION_SUBJECT_FAMILY);
  recognition.set_subject(Concat("h", chance_.Below(kSubjects)));
  if (chance_.OneIn(4)) recognition.set_kind(RECOGNITION_SUBJECT_ORGANIZATION);
  if (chance_.OneIn(4) && Knows("learners")) {
    recognition.set_kind(RECOGNITION_SUBJECT_CITIZEN);
    recognition.set_subject(IdOf(Some("learners")).ToString());
  }
  request.set_decision(Concat(++known_.made, "/QĐ-HKH"));
  const Day from = NearToday(150, 3);
  *request.mutable_valid_from() = ToDate(from);
  *request.mutable_valid_to() = ToDate(from + days(chance_.Below(200)));
  request.set_score(chance_.OneIn(8) ? 79 : 80 + chance_.Below(21));
  request.set_scheme(kScheme);
  Ask(request);
}

void Client::RenewRecognition() {
  if (!Knows("recognitions")) return GrantRecognition();
  ach::RenewRecognitionRequest request;
  request.set_name(Some("recognitions"));
  request.set_decision(Concat(++known_.made, "/QĐ-HKH"));
  *request.mutable_valid_to() = DateNear(-20, 300);
  request.set_score(80 + chance_.Below(21));
  request.set_scheme(kScheme);
  Ask(request);
}

void Client::WithdrawRecognition() {
  if (!Knows("recognitions")) return GrantRecognition();
  ach::WithdrawRecognitionRequest request;
  request.set_name(Some("recognitions"));
  *request.mutable_valid_to() = DateNear(60, 2);
  if (chance_.OneIn(4)) request.set_etag("\"v1\"");
  Ask(request);
}

}  // namespace learncity::simulation
