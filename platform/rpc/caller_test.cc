#include "platform/rpc/caller.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace learncity::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

constexpr char kClerkToken[] = "clerk-token-0123456789";

Tokens OneClerk() {
  Tokens tokens;
  EXPECT_TRUE(tokens.Add(kClerkToken, "clerk-1", {"clerk"}).ok());
  return tokens;
}

std::string ReasonOf(const std::variant<const Caller*, Refusal>& answer) {
  const auto* refusal = std::get_if<Refusal>(&answer);
  if (refusal == nullptr) return "";
  EXPECT_EQ(refusal->code, absl::StatusCode::kUnauthenticated);
  return refusal->reason;
}

TEST(Tokens, AreReadFromTextWithComments) {
  const auto tokens = Tokens::Parse(
      "# who may come\n"
      "\n"
      "  token-0123456789abcdef  clerk-1  clerk,statistician  \n"
      "other-0123456789abcdef ops@hanoi operator\r\n");
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  EXPECT_EQ(tokens->size(), 2u);
  const Caller* caller = tokens->Find("token-0123456789abcdef");
  ASSERT_NE(caller, nullptr);
  EXPECT_EQ(caller->identity, "clerk-1");
  EXPECT_EQ(caller->roles, (std::vector<std::string>{"clerk", "statistician"}));
  EXPECT_TRUE(caller->May("enrollment.learners.write"));
  EXPECT_TRUE(caller->May("reporting.reports.write"));
  EXPECT_FALSE(caller->May("enrollment.learners.erase"));
  EXPECT_EQ(tokens->Find("token-0123456789abcde"), nullptr);
  EXPECT_EQ(tokens->Find(""), nullptr);
}

TEST(Tokens, ReportEveryBadLineWithItsNumberAndNoToken) {
  const auto tokens = Tokens::Parse(
      "short clerk-1 clerk\n"
      "token-0123456789abcdef clerk-1\n"
      "token-0123456789abcdef clerk-1 clerk\n"
      "token-0123456789abcdef clerk-2 clerk\n"
      "other-0123456789abcdef clerk-3 king\n"
      "third-0123456789abcdef clerk/4 clerk\n"
      "fourth-0123456789abcdef clerk-5 clerk,\n");
  ASSERT_FALSE(tokens.ok());
  const std::string errors(tokens.status().message());
  for (const char* line :
       {"line 1: ", "line 2: ", "line 4: ", "line 5: ", "line 6: ", "line 7: "}) {
    EXPECT_THAT(errors, HasSubstr(line));
  }
  EXPECT_THAT(errors, Not(HasSubstr("line 3: ")));
  EXPECT_THAT(errors, HasSubstr("king"));
  EXPECT_THAT(errors, Not(HasSubstr("0123456789abcdef")));
}

TEST(Tokens, AreForTheCityUnlessTheyNameAScope) {
  const auto tokens = Tokens::Parse(
      "token-0-0123456789abcdef a clerk\n"
      "token-1-0123456789abcdef a clerk city\n"
      "token-2-0123456789abcdef a clerk units/00004-20250701\n"
      "token-3-0123456789abcdef a clerk,registrar centers/0198c0de-0000-7000-8000-00000000000a\n"
      "token-4-0123456789abcdef a learner learners/0198c0de-0000-7000-8000-00000000000b\n");
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  const auto scope_of = [&](const std::string& number) {
    return tokens->Find("token-" + number + "-0123456789abcdef")->scope;
  };
  EXPECT_TRUE(scope_of("0").is_city());
  EXPECT_TRUE(scope_of("1").is_city());
  EXPECT_EQ(scope_of("2").kind, Scope::Kind::kUnit);
  EXPECT_EQ(scope_of("2").name, "units/00004-20250701");
  EXPECT_EQ(scope_of("3").kind, Scope::Kind::kCenter);
  EXPECT_EQ(scope_of("4").kind, Scope::Kind::kLearner);
}

TEST(Tokens, SayWhatIsWrongWithAScope) {
  const auto tokens = Tokens::Parse(
      "token-1-0123456789abcdef a clerk units/hanoi\n"
      "token-2-0123456789abcdef a clerk centers/7\n"
      "token-3-0123456789abcdef a clerk offerings/0198c0de-0000-7000-8000-00000000000a\n"
      "token-4-0123456789abcdef a clerk city units/00004-20250701\n"
      "token-5-0123456789abcdef a learner\n"
      "token-6-0123456789abcdef a learner city\n"
      "token-7-0123456789abcdef a learner centers/0198c0de-0000-7000-8000-00000000000a\n"
      "token-8-0123456789abcdef a clerk learners/0198c0de-0000-7000-8000-00000000000a\n"
      "token-9-0123456789abcdef a clerk,learner learners/0198c0de-0000-7000-8000-00000000000a\n");
  ASSERT_FALSE(tokens.ok());
  const std::string errors(tokens.status().message());
  EXPECT_THAT(errors, HasSubstr("line 1: \"units/hanoi\" is no scope: it is city, units/"));
  EXPECT_THAT(errors, HasSubstr("line 2: \"centers/7\" is no scope"));
  EXPECT_THAT(errors, HasSubstr("line 3: \"offerings/"));
  EXPECT_THAT(errors, HasSubstr("line 4: a line is `token identity role[,role…] [scope]`"));
  for (const char* line : {"line 5: ", "line 6: ", "line 7: "}) {
    EXPECT_THAT(errors, HasSubstr(std::string(line) + "the role learner needs the scope"));
  }
  for (const char* line : {"line 8: ", "line 9: "}) {
    EXPECT_THAT(errors, HasSubstr(std::string(line) + "the scope learners/"));
  }
}

TEST(Tokens, OfAFileThatIsNotThereSayWhich) {
  const auto tokens = Tokens::Load("no/such/file");
  EXPECT_EQ(tokens.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(tokens.status().message()), HasSubstr("no/such/file"));
}

TEST(Authenticate, KnowsTheCallerByTheBearerToken) {
  const Tokens tokens = OneClerk();
  for (const std::string scheme : {"Bearer ", "bearer ", "BEARER "}) {
    const std::string value = scheme + kClerkToken;
    const auto answer = Authenticate(Metadata{{"authorization", value}}, tokens);
    ASSERT_EQ(ReasonOf(answer), "") << scheme;
    EXPECT_EQ(std::get<const Caller*>(answer)->identity, "clerk-1");
  }
}

TEST(Authenticate, SaysWhatIsWrongButNotTheToken) {
  const Tokens tokens = OneClerk();
  EXPECT_EQ(ReasonOf(Authenticate({}, tokens)), "TOKEN_MISSING");
  EXPECT_EQ(ReasonOf(Authenticate({{"authorization", kClerkToken}}, tokens)), "TOKEN_MALFORMED");
  EXPECT_EQ(ReasonOf(Authenticate({{"authorization", "Bear"}}, tokens)), "TOKEN_MALFORMED");
  EXPECT_EQ(ReasonOf(Authenticate({{"authorization", "Bearer "}}, tokens)), "TOKEN_UNKNOWN");
  const auto wrong = Authenticate({{"authorization", "Bearer clerk-token-012345678"}}, tokens);
  EXPECT_EQ(ReasonOf(wrong), "TOKEN_UNKNOWN");
  EXPECT_THAT(std::get<Refusal>(wrong).message, Not(HasSubstr("clerk-token")));
}

TEST(Authenticate, TakesNoSecondAuthorization) {
  const std::string value = std::string("Bearer ") + kClerkToken;
  EXPECT_EQ(
      ReasonOf(Authenticate({{"authorization", value}, {"authorization", value}}, OneClerk())),
      "TOKEN_MALFORMED");
}

TEST(Roles, GrantByNameOrByAllBelowAWord) {
  EXPECT_TRUE(Grants("registry.read", "registry.read"));
  EXPECT_FALSE(Grants("registry.read", "registry.reader"));
  EXPECT_TRUE(Grants("registry.*", "registry.read"));
  EXPECT_TRUE(Grants("enrollment.*", "enrollment.learners.read"));
  EXPECT_FALSE(Grants("registry.*", "registry"));
  EXPECT_FALSE(Grants("registry.*", "registry."));
  EXPECT_FALSE(Grants("registry.*", "registryx.read"));
  EXPECT_FALSE(Grants("registry.read", ""));
}

TEST(Roles, OpenPersonsOnlyToThoseWhoWorkWithThem) {
  for (const Role& role : AllRoles()) {
    // A learner's scope is that learner.
    const bool sees_persons =
        role.name == "clerk" || role.name == "privacy_officer" || role.name == kLearnerRole;
    bool granted = false;
    for (const auto& pattern : role.permissions) {
      granted |= Grants(pattern, "enrollment.persons.read");
    }
    EXPECT_EQ(granted, sees_persons) << role.name;
  }
}

TEST(Caller, WithoutARoleMayNothing) {
  EXPECT_FALSE(Caller{}.May("registry.read"));
  EXPECT_FALSE(Caller{}.May(""));
}

}  // namespace
}  // namespace learncity::rpc
