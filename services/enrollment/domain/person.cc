#include "services/enrollment/domain/person.h"

namespace learncity::enrollment::v1 {

persons::Findings CheckPerson(const Learner& learner, Day today) {
  return persons::CheckPapers(persons::PapersOf(learner), "learner", today);
}

void FillBirthYear(Learner& learner) {
  learner.set_birth_year(persons::BirthYearOf(persons::PapersOf(learner)));
}

}  // namespace learncity::enrollment::v1
