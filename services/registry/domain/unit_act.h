// Acts that reorganise units: on one day some end and others begin. An act is one decision, so
// nobody ever sees half of it, and history stays comparable: each ended unit says where it went.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/registry/domain/unit.h"

namespace learncity::registry::v1 {

struct RecordUnitActCase {
  // In the order of the request.
  std::vector<const Unit*> ended;
  std::vector<UnitGround> opened;
  // Units that the act neither opens nor ends and that take something over, by name.
  std::map<std::string, const Unit*> staying;

  static RecordUnitActCase Gather(const RecordUnitActRequest& request, Lookup& lookup);
};

// The act itself is the answer; then every end, every beginning, and who stays and took over.
Decision Decide(const RecordUnitActCase& c, const RecordUnitActRequest& request,
                const Moment& moment);

void Evolve(UnitAct& act, const UnitActEvent& event);

}  // namespace learncity::registry::v1
