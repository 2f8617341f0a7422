// The cities that histories begin with, each made once for the whole process.
#pragma once

#include "tests/simulation/client.h"
#include "tests/simulation/world.h"

namespace learncity::simulation {

struct Beginning {
  // Of the closed city. None: there is no city yet.
  Files files;
  Known known;
  Time now;
};

const Beginning& NoCity();
// A city in which nothing has happened.
const Beginning& EmptyCity();
// Units, centers, classes and learners are there, two of whom hold the only seats of their classes,
// and everything is followed.
const Beginning& FoundedCity();

}  // namespace learncity::simulation
