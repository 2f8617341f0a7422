#include "platform/rpc/caller.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

constexpr size_t kIdentityBytesMax = 100;

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The characters of RFC 6750's b64token.
bool IsTokenCharacter(char c) {
  return IsAlphanumeric(c) || std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

bool IsIdentityCharacter(char c) {
  return IsAlphanumeric(c) || std::string_view("-._@:").find(c) != std::string_view::npos;
}

std::vector<std::string> Words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string RoleNames() {
  std::vector<std::string_view> names;
  for (const Role& role : AllRoles()) names.push_back(role.name);
  return Join(names, ", ");
}

bool EqualsIgnoringCase(std::string_view a, std::string_view lower_case) {
  return std::equal(a.begin(), a.end(), lower_case.begin(), lower_case.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

// The scope of a person is for the role of a person alone, and the other way round.
absl::Status CheckScope(const std::vector<std::string>& roles, const Scope& scope) {
  const auto learners = std::count(roles.begin(), roles.end(), kLearnerRole);
  if (scope.kind == Scope::Kind::kLearner && learners != static_cast<ptrdiff_t>(roles.size())) {
    return absl::InvalidArgumentError(
        Concat("the scope ", scope.name, " is for the role ", kLearnerRole, " alone"));
  }
  if (scope.kind != Scope::Kind::kLearner && learners > 0) {
    return absl::InvalidArgumentError(
        Concat("the role ", kLearnerRole, " needs the scope learners/<uuid> of its person"));
  }
  return absl::OkStatus();
}

Refusal Unauthenticated(std::string reason, std::string message) {
  return PlatformRefusal(absl::StatusCode::kUnauthenticated, std::move(reason), std::move(message));
}

}  // namespace

bool Caller::May(std::string_view permission) const {
  return std::any_of(permissions.begin(), permissions.end(),
                     [&](PermissionPattern pattern) { return Grants(pattern, permission); });
}

absl::Status Tokens::Add(std::string_view token, std::string_view identity,
                         const std::vector<std::string>& roles, const Scope& scope) {
  if (token.size() < kTokenBytesMin || token.size() > kTokenBytesMax ||
      !std::all_of(token.begin(), token.end(), IsTokenCharacter)) {
    return absl::InvalidArgumentError(Concat("the token must have ", kTokenBytesMin, " to ",
                                             kTokenBytesMax, " characters of [A-Za-z0-9-._~+/=]"));
  }
  if (identity.empty() || identity.size() > kIdentityBytesMax ||
      !std::all_of(identity.begin(), identity.end(), IsIdentityCharacter)) {
    return absl::InvalidArgumentError(Concat("the identity must have 1 to ", kIdentityBytesMax,
                                             " characters of [A-Za-z0-9-._@:]"));
  }
  Caller caller{
      .identity = std::string(identity), .roles = roles, .permissions = {}, .scope = scope};
  if (roles.empty()) return absl::InvalidArgumentError("a caller needs a role");
  for (const std::string& name : roles) {
    const Role* role = FindRole(name);
    if (role == nullptr) {
      return absl::InvalidArgumentError(
          Concat("there is no role \"", name, "\"; roles are ", RoleNames()));
    }
    caller.permissions.insert(caller.permissions.end(), role->permissions.begin(),
                              role->permissions.end());
  }
  if (auto status = CheckScope(roles, scope); !status.ok()) return status;
  if (callers_.size() >= kTokensMax) {
    return absl::InvalidArgumentError(Concat("at most ", kTokensMax, " tokens are allowed"));
  }
  if (!callers_.emplace(std::string(token), std::move(caller)).second) {
    return absl::AlreadyExistsError("the token stands here a second time");
  }
  return absl::OkStatus();
}

absl::Status Tokens::AddLine(const std::vector<std::string>& words) {
  if (words.size() != 3 && words.size() != 4) {
    return absl::InvalidArgumentError("a line is `token identity role[,role…] [scope]`");
  }
  const auto scope = words.size() == 4 ? Scope::Parse(words[3]) : Scope();
  if (!scope.ok()) return scope.status();
  return Add(words[0], words[1], SplitAtCommas(words[2]), *scope);
}

absl::StatusOr<Tokens> Tokens::Parse(std::string_view text) {
  Tokens tokens;
  std::vector<std::string> errors;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::vector<std::string> words = Words(line);
    if (words.empty() || words[0].starts_with('#')) continue;
    const absl::Status added = tokens.AddLine(words);
    if (!added.ok()) errors.push_back(Concat("line ", number, ": ", added.message()));
  }
  if (!errors.empty()) return absl::InvalidArgumentError(Join(errors, "\n"));
  return tokens;
}

absl::StatusOr<Tokens> Tokens::Load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return absl::NotFoundError(Concat("tokens cannot be read from ", path.string()));
  auto tokens = Parse(text.str());
  if (!tokens.ok()) {
    return absl::InvalidArgumentError(Concat(path.string(), ":\n", tokens.status().message()));
  }
  return tokens;
}

const Caller* Tokens::Find(std::string_view token) const {
  const auto found = callers_.find(token);
  return found == callers_.end() ? nullptr : &found->second;
}

std::variant<const Caller*, Refusal> Authenticate(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata, const Tokens& tokens) {
  constexpr std::string_view kScheme = "bearer ";
  const auto [first, last] = metadata.equal_range("authorization");
  if (first == last) {
    return Unauthenticated(
        "TOKEN_MISSING", "Who calls is not known: send metadata `authorization: Bearer <token>`.");
  }
  const std::string_view value(first->second.data(), first->second.size());
  if (std::next(first) != last || !EqualsIgnoringCase(value.substr(0, kScheme.size()), kScheme)) {
    return Unauthenticated("TOKEN_MALFORMED",
                           "Metadata `authorization` must be there once, as `Bearer <token>`.");
  }
  const Caller* caller = tokens.Find(value.substr(kScheme.size()));
  if (caller == nullptr) {
    return Unauthenticated("TOKEN_UNKNOWN",
                           "This server does not know the token: ask its operator for one.");
  }
  return caller;
}

}  // namespace learncity::rpc
