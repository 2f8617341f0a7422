// Who calls: development tokens, and the caller that a call's metadata names.
//
// A token is a secret: it is kept in memory only, appears in no log, error or metric, and is looked
// up by its hash, so that the time of a wrong one does not tell how much of it was right.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/support/string_ref.h"
#include "platform/ledger/decision.h"
#include "platform/rpc/roles.h"
#include "platform/rpc/scope.h"

namespace learncity::rpc {

struct Caller {
  // As logs, audit lines and answers name the caller: "clerk-ba-dinh".
  std::string identity;
  // Names of roles.
  std::vector<std::string> roles;
  // What the roles grant, taken together.
  std::vector<PermissionPattern> permissions;
  // Where they hold: all roles of a caller have one scope.
  Scope scope = {};

  // Denied unless a role grants it.
  bool May(std::string_view permission) const;
};

constexpr size_t kTokenBytesMin = 16;
constexpr size_t kTokenBytesMax = 200;
constexpr size_t kTokensMax = 10'000;

// Which token names whom. Filled at start-up; constant after that, used from any thread, and the
// callers it gives out live as long as it does.
class Tokens {
 public:
  // Nobody.
  Tokens() = default;
  // Lines `token identity role[,role…] [scope]`; without a scope it is the city. '#' starts a
  // comment at a line's begin. INVALID_ARGUMENT with every bad line's number and what is wrong with
  // it; the token itself is not shown.
  static absl::StatusOr<Tokens> Parse(std::string_view text);
  // The same from a file.
  static absl::StatusOr<Tokens> Load(const std::filesystem::path& path);

  // INVALID_ARGUMENT when token, identity or a role is not one, or when the role of a learner and
  // the scope of one do not come together; ALREADY_EXISTS for a second time.
  absl::Status Add(std::string_view token, std::string_view identity,
                   const std::vector<std::string>& roles, const Scope& scope = {});

  // nullptr when nobody has this token.
  const Caller* Find(std::string_view token) const;
  size_t size() const { return callers_.size(); }

 private:
  absl::Status AddLine(const std::vector<std::string>& words);

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view token) const { return std::hash<std::string_view>{}(token); }
  };
  std::unordered_map<std::string, Caller, Hash, std::equal_to<>> callers_;
};

// The caller whom `authorization: Bearer <token>` names, or UNAUTHENTICATED with what to do.
std::variant<const Caller*, Refusal> Authenticate(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata, const Tokens& tokens);

}  // namespace learncity::rpc
