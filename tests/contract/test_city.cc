#include "tests/contract/test_city.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/rpc/access.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/unique_fd.h"
#include "platform/testing/text.h"
#include "services/reporting/domain/recounting.h"
#include "services/reporting/tables.h"
#include "tests/contract/engines.h"

namespace learncity::contract {
namespace {

constexpr std::string_view kMasterKey = "32 bytes of a key for tests only";

template <class Value>
Value Expect(absl::StatusOr<Value> value) {
  LEARNCITY_CHECK(value.ok()) << std::string(value.status().message());
  return *std::move(value);
}

rpc::Tokens AllTokens() {
  rpc::Tokens tokens;
  for (const rpc::Role& role : rpc::AllRoles()) {
    const std::string name(role.name);
    const auto scope = rpc::Scope::Parse(name == rpc::kLearnerRole ? kNobody : "city");
    for (const int caller : {1, 2}) {
      const auto added =
          tokens.Add(TokenOf(name, caller), Concat(name, "-", caller), {name}, *scope);
      LEARNCITY_CHECK(added.ok()) << std::string(added.message());
    }
  }
  return tokens;
}

// Looks until it is so; fails the test after kCallTime.
void AwaitThat(const char* what, const std::function<bool()>& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + kCallTime;
  while (!is_so()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "it does not come about that " << what;
  }
}

}  // namespace

void TestClock::SetTo(const std::string& day) {
  // Eight o'clock at UTC+7 is one o'clock at UTC.
  const Time wanted = DayOf(DateOf(day)) + std::chrono::hours(1);
  ahead_us_ = (wanted - SystemNow()).count();
}

std::string TokenOf(const std::string& role, int caller) {
  return Concat("token-of-", role, "-", caller);
}

std::string RoleFor(const google::protobuf::MethodDescriptor& method) {
  const auto permission = rpc::PermissionOf(method);
  for (const rpc::Role& role : rpc::AllRoles()) {
    for (const rpc::PermissionPattern pattern : role.permissions) {
      if (permission && rpc::Grants(pattern, *permission)) return std::string(role.name);
    }
  }
  LEARNCITY_CHECK(false) << "no role may call " << method.full_name();
  return "";
}

TestCity::TestCity(TestCityOptions options)
    : options_(std::move(options)),
      folder_(NewFolder("city")),
      clock_(options_.today),
      master_key_(Expect(privacy::MasterKey::FromBytes(kMasterKey))),
      foundations_(
          Expect(reporting::LoadFoundations(LEARNCITY_SOURCE_DIR "/data", "hanoi", "VN-HN"))),
      tokens_(AllTokens()) {
  Start();
}

TestCity::~TestCity() {
  Stop();
  std::filesystem::remove_all(folder_);
}

void TestCity::Start() {
  const Clock clock = [this] { return clock_.Now(); };
  city_ = Expect(City::Open(master_key_, {.code = CodeOf(folder_),
                                          .folder = folder_.string(),
                                          .engines = EnginesOf(folder_),
                                          .limits = options_.limits,
                                          .clock = clock,
                                          .topics = Topics()}));
  server_ = Expect(
      CityServer::Start(*city_, tokens_, foundations_, {.rpc = {}, .admin = {}, .clock = clock}));
  channel_ = NewChannel();
}

void TestCity::Stop() {
  channel_.reset();
  if (server_) server_->Stop(std::chrono::seconds(10));
  server_.reset();
  city_.reset();
}

std::shared_ptr<grpc::Channel> TestCity::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  auto channel = grpc::CreateCustomChannel(Concat("127.0.0.1:", server_->port()),
                                           grpc::InsecureChannelCredentials(), arguments);
  // Of many that connect at once gRPC fails one now and then, and tries again.
  const auto deadline = std::chrono::system_clock::now() + kCallTime;
  LEARNCITY_CHECK(channel->WaitForConnected(deadline)) << "port " << server_->port();
  return channel;
}

Reply TestCity::Call(const google::protobuf::Message& request) const {
  return Call(request, TokenOf(RoleFor(MethodOf(request))));
}

Reply TestCity::Call(const google::protobuf::Message& request, const std::string& token) const {
  return Send(channel_, request, token);
}

std::string TestCity::ScopedToken(const std::string& role, const std::string& scope) {
  const std::string token = Concat("token-of-", role, "-in-", scope);
  if (tokens_.Find(token) == nullptr) {
    const auto added =
        tokens_.Add(token, Concat(role, "-in-part"), {role}, Expect(rpc::Scope::Parse(scope)));
    LEARNCITY_CHECK(added.ok()) << std::string(added.message());
  }
  return token;
}

void TestCity::Await(const std::string& follower, const std::string& feed, int64_t position) {
  // Shared, since the answer may come after the wait was given up.
  auto reached = std::make_shared<std::promise<absl::Status>>();
  auto answer = reached->get_future();
  city_->Owner(follower)->positions().Await(
      feed, 1, position,
      [reached](const absl::Status& status, int64_t) { reached->set_value(status); });
  ASSERT_EQ(answer.wait_for(kCallTime), std::future_status::ready)
      << follower << " does not reach " << position << " of " << feed;
  const absl::Status status = answer.get();
  ASSERT_TRUE(status.ok()) << std::string(status.message());
}

void TestCity::AwaitRecount() {
  const auto& table =
      *reporting::ReportingSchema().ByDocument(reporting::v1::Recount::descriptor());
  auto reader = city_->reporting().readers().Mine();
  ASSERT_TRUE(reader.ok());
  const ledger::Reader::Page running{.after = std::nullopt,
                                     .limit = 1,
                                     .column = reporting::kRunningColumn,
                                     .value = reporting::kRunning,
                                     .prefix = ""};
  AwaitThat("a recount has ended", [&] {
    const auto rows = (*reader)->List(table, running);
    return rows.ok() && rows->empty();
  });
}

void TestCity::AwaitErasures() {
  const std::pair<host::Host*, const google::protobuf::Descriptor*> kinds[] = {
      {&city_->registry(), registry::v1::Staff::descriptor()},
      {&city_->enrollment(), enrollment::v1::Learner::descriptor()}};
  for (const auto& [host, kind] : kinds) {
    const ledger::Table& table = *host->schema().ByDocument(kind);
    auto reader = host->readers().Mine();
    ASSERT_TRUE(reader.ok());
    AwaitThat("erasing is confirmed", [&] {
      bool is_due = false;
      const auto look = [&](const ledger::Reader::Stored& row) {
        is_due |= !std::holds_alternative<std::monostate>(row.due_at);
      };
      return (*reader)->ScanStored(table, look).ok() && !is_due;
    });
  }
}

// A file is ahead of what its host tells, by as long as a commit takes to be told.
void TestCity::AwaitTold(host::Host& host) {
  auto reader = host.readers().Mine();
  ASSERT_TRUE(reader.ok());
  const auto head = (*reader)->ReadHead();
  ASSERT_TRUE(head.ok());
  AwaitThat("a commit is told", [&] { return host.head().turn >= head->turn; });
}

void TestCity::Settle() {
  AwaitErasures();
  for (host::Host* host : city_->hosts()) AwaitTold(*host);
  // No host follows a later one, so what the earlier ones have committed is final here.
  for (host::Host* host : city_->hosts()) {
    for (const std::string& feed : host->feeds()) Await(host->service(), feed, Position(feed));
  }
  AwaitRecount();
  AwaitTold(city_->reporting());
}

int64_t TestCity::Position(const std::string& feed) { return city_->Owner(feed)->head().position; }

std::string TestCity::Heads() {
  Settle();
  std::string heads;
  for (const auto& head : Expect(city_->SignedHeads())) {
    heads += head.SerializeAsString();
  }
  return heads;
}

std::string TestCity::Http(const std::string& path) const {
  const runtime::UniqueFd connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(server_->admin_port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  LEARNCITY_CHECK_EQ(
      ::connect(connection.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const std::string request = Concat("GET ", path, " HTTP/1.0\r\n\r\n");
  LEARNCITY_CHECK_EQ(::send(connection.get(), request.data(), request.size(), MSG_NOSIGNAL),
                     static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::recv(connection.get(), buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<size_t>(got));
  }
  return answer;
}

}  // namespace learncity::contract
