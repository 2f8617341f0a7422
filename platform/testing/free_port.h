// A port for a server that must be told one before it starts.
#pragma once

namespace learncity {

// One of 127.0.0.1 that nobody listens on at this moment.
int FreePort();

}  // namespace learncity
